"""What level `trace` ships beyond what was seen."""

from pathlib import Path

import pytest

from lambda_slim.imports.read import read_imports
from lambda_slim.model.file import FIRST_PARTY, File, FileKind, Inventory
from lambda_slim.model.settings import Level, Margin, Settings
from lambda_slim.model.trace import Trace
from lambda_slim.plan.evidence.margin import find_margin
from lambda_slim.plan.rules import untraced
from tests.binaries import make_elf
from tests.unit.factory import TARGET, facts, file

DATA = {
    "lib/locale/de.mo": True,
    "lib/idle/table.json": False,
    "other/x.json": False,
    "botocore/cacert.pem": True,
    "botocore/data/endpoints.json": True,
    "botocore/data/s3/2006-03-01/service-2.json": True,
}


def rows(margin, services=frozenset({"s3"}), more=(), literals=frozenset(), margin_files=frozenset(), **told):
    sources = ["lib/__init__.py", "lib/code.py", "lib/idle/__init__.py", "lib/idle/code.py", "other/__init__.py"]
    sources += ["botocore/__init__.py", *more]
    files = [file(path, path.partition("/")[0]) for path in (*sources, *DATA)]
    settings = Settings(root=Path("/nowhere"), level=Level.TRACE, margin=margin)
    trace = Trace(modules={"lib": "lib/__init__.py", "botocore": "botocore/__init__.py"})
    told |= {"services": services, "literals": literals, "margin": margin_files}
    judge = untraced.judge(facts(files, settings=settings, trace=trace, **told))
    return {one.path: verdict.keep for one in files if one.kind is FileKind.DATA and (verdict := judge(one))}


def test_data_of_used_packages_stays():
    assert rows(Margin.SOURCES) == DATA


def test_without_a_margin_only_what_was_seen_stays():
    assert rows(Margin.NONE) == dict.fromkeys(DATA, False)


@pytest.mark.parametrize("uncovered", [True, False])
def test_data_beside_the_margin_stays_where_no_run_entered_the_distribution(uncovered):
    entered = frozenset({"lib"} if uncovered else ())
    kept = rows(Margin.SOURCES, margin_files=frozenset({"lib/idle/code.py"}), uncovered=entered)

    assert kept["lib/idle/table.json"] == uncovered


def test_code_in_the_margin_stays_without_having_been_seen():
    files = [file(path, "lib") for path in ("lib/__init__.py", "lib/idle.py", "lib/other.py")]
    settings = Settings(root=Path("/nowhere"), level=Level.TRACE, margin=Margin.SOURCES)
    trace = Trace(modules={"lib": "lib/__init__.py"})
    judge = untraced.judge(facts(files, settings=settings, trace=trace, margin=frozenset({"lib/idle.py"})))

    verdict = judge(file("lib/idle.py", "lib"))
    assert (verdict.keep, verdict.why) == (True, "not seen, but imported by what was")
    assert not judge(file("lib/other.py", "lib")).keep


def test_of_the_aws_sdk_only_what_names_ask_for_stays():
    assert not rows(Margin.SOURCES, more=["certifi/__init__.py"])["botocore/cacert.pem"]


@pytest.mark.parametrize("mentioned", ["s3", "sns"])
def test_where_the_service_is_only_known_at_run_time_own_code_mentions_it(mentioned):
    found = rows(Margin.SOURCES, services=None, literals=frozenset({mentioned}))
    assert found["botocore/data/s3/2006-03-01/service-2.json"] == (mentioned == "s3")
    assert found["botocore/data/endpoints.json"]
    named = rows(Margin.SOURCES, services=None, literals=frozenset({mentioned}), service_names=frozenset({"s3"}))
    assert named["botocore/data/s3/2006-03-01/service-2.json"]  # by a library, such as pycognito


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("def f():\n    lazy_load('lib.late.thing')", True),
        ("def f():\n    importlib.import_module('lib.late')", True),
        ("TABLE = {'late': 'lib.late'}", False),
        ("def f(n):\n    importlib.import_module('lib.' + n)", False),
    ],
)
@pytest.mark.parametrize("owner", ["lib", FIRST_PARTY])
def test_the_margin_follows_known_names_of_libraries_and_all_of_own_code(owner, code, found, tmp_path):
    sources = {"lib/__init__.py": "", "lib/late.py": "import thing", "thing.py": "", "app.py": "import lib.use"}
    files = []
    for path, text in {**sources, "lib/use.py" if owner == "lib" else "app.py": code}.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(text)
        whose = FIRST_PARTY if path == "app.py" else "lib"
        files.append(File(path, tmp_path / path, len(text), whose, FileKind.SOURCE))
    inventory = Inventory(tuple(files))
    trace = Trace(modules={"app": "app.py"} | ({"lib.use": "lib/use.py"} if owner == "lib" else {}))
    margin, _ = find_margin(inventory, read_imports(inventory, TARGET), trace, (), Settings(root=tmp_path))
    assert ("thing.py" in margin) is (found or owner == FIRST_PARTY)


@pytest.mark.parametrize(
    ("app", "kept"),
    [
        ("import doc\n\ndef handler(e, c):\n    import num", True),  # on a path that no run took
        ("import doc\n\ndef handler(e, c):\n    try:\n        import num.sub\n    except ImportError: ...", True),
        ("import doc\n\ndef handler(e, c):\n    doc.draw()", False),  # doc could, and did not
    ],
)
def test_what_own_code_imports_comes_with_its_libraries(app, kept, tmp_path):
    module = "num/core.cpython-312-x86_64-linux-gnu.so"
    sources = {
        "app.py": app,
        "doc/__init__.py": "def draw():\n    import num",
        "num/__init__.py": "try:\n    from . import core\nexcept ImportError: ...",
        "num/sub.py": "",
    }
    contents = {path: text.encode() for path, text in sources.items()}
    contents |= {module: make_elf(needed=["libblas.so"]), "num.libs/libblas.so": make_elf()}
    files = []
    for path, data in contents.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_bytes(data)
        owner = FIRST_PARTY if path == "app.py" else path[:3]
        files.append(
            File(path, tmp_path / path, len(data), owner, FileKind.SOURCE if path.endswith("y") else FileKind.LIBRARY)
        )
    inventory = Inventory(tuple(files))
    trace = Trace(modules={"app": "app.py", "doc": "doc/__init__.py"})
    margin, whole = find_margin(inventory, read_imports(inventory, TARGET), trace, (), Settings(root=tmp_path))
    assert (module in margin) is kept
    assert whole == ({"num"} if kept else set())


def test_what_no_run_came_by_ships_whole():
    files = [
        file(path, path.partition("/")[0]) for path in ("lib/__init__.py", "lib/plugin.py", "lib/de.mo", "boto3/x.json")
    ]
    settings = Settings(root=Path("/nowhere"), level=Level.TRACE)
    judge = untraced.judge(facts(files, settings=settings, trace=Trace(), unvisited=frozenset({"lib", "boto3"})))
    assert [bool((verdict := judge(one)) and verdict.keep) for one in files] == [True, True, True, False]


@pytest.mark.parametrize(
    ("path", "told", "rule"),
    [
        ("lib/zones/Rome", {"trace": Trace(folders=frozenset({"lib/zones"}))}, "listed"),
        ("lib/zones/Rome", {"trace": Trace(folders=frozenset({"lib"}))}, "untraced"),
        ("lib/zones/code.py", {"trace": Trace(folders=frozenset({"lib/zones"}))}, "untraced"),
        ("lib.libs/libz.so", {"libraries": {"lib.libs/libz.so": True}}, "linked"),
        ("lib.libs/libz.so", {"libraries": {"lib.libs/libz.so": False}}, "untraced"),
    ],
)
def test_what_a_run_used_without_opening_it(path, told, rule):
    settings = Settings(root=Path("/nowhere"), level=Level.TRACE, margin=Margin.NONE)
    kept = file(path, "lib")

    verdict = untraced.judge(facts([kept], settings=settings, **{"trace": Trace(), **told}))(kept)

    assert (verdict.rule, verdict.keep) == (rule, rule != "untraced")


def test_data_of_a_used_distribution_beside_its_packages_stays():
    files = [file("lib/__init__.py", "lib"), file("schema.json", "lib"), file("other.json", "other")]
    settings = Settings(root=Path("/nowhere"), level=Level.TRACE)
    judge = untraced.judge(facts(files, settings=settings, trace=Trace(modules={"lib": "lib/__init__.py"})))

    assert [judge(data).keep for data in files[1:]] == [True, False]
