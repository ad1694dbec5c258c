"""Which distributions do own functions use that no traced run entered?"""

import json
import subprocess
from pathlib import Path

import pytest

from lambda_slim.imports.read import read_imports
from lambda_slim.imports.walk import reach
from lambda_slim.model.file import FIRST_PARTY, File, FileKind, Inventory
from lambda_slim.model.settings import Settings
from lambda_slim.model.trace import Trace
from lambda_slim.plan.evidence.margin import find_margin
from lambda_slim.plan.evidence.uncovered import find_uncovered, with_needs
from lambda_slim.run import probe
from lambda_slim.run.interpreter import find_interpreter
from lambda_slim.run.tracing import parse_record
from tests.unit.factory import TARGET

LIBRARIES = {"pay/__init__.py": "", "pay/kinds.py": "", "sql/__init__.py": "", "web/__init__.py": ""}


def inventory(folder, sources):
    files = []
    for path, text in {**LIBRARIES, **sources}.items():
        (folder / path).parent.mkdir(exist_ok=True, parents=True)
        (folder / path).write_text(text)
        owner = path.partition("/")[0] if path in LIBRARIES else FIRST_PARTY
        files.append(File(path, folder / path, len(text), owner, FileKind.SOURCE))
    return Inventory(tuple(files))


def unrun(folder, sources, *calls):
    found = inventory(folder, sources)
    trace = Trace(modules={path[:-3].replace("/", "."): path for path in sources}, calls=frozenset(calls))
    return find_uncovered(found.files, read_imports(found, TARGET), trace)


APP = """\
import pay, sql
from web import route

@route("/")
def page():
    return sql.query()

class Shop:
    def buy(self):
        import web
        return pay.charge()
"""


@pytest.mark.parametrize(
    ("calls", "found"),
    [
        ([], set()),  # an older Python, which cannot tell
        (["app.py:1"], {"pay", "sql", "web"}),
        (["app.py:1", "app.py:4"], {"pay", "web"}),  # a function starts with its first decorator
        (["app.py:1", "app.py:4", "app.py:9"], set()),
    ],
)
def test_what_functions_name_that_were_not_entered(tmp_path, calls, found):
    assert unrun(tmp_path, {"app.py": APP}, *calls) == found


@pytest.mark.parametrize(
    ("app", "found"),
    [
        ("from shop.db import session\n\ndef late():\n    session.get()", {"sql"}),
        ("from shop.db import Row\n\ndef late():\n    Row()", {"sql"}),
        ("from shop import db\n\ndef late():\n    db.clean()", set()),  # which is asked about itself
        ("from shop.db import clean\n\ndef late():\n    clean()", set()),
    ],
)
def test_what_own_modules_make_of_a_library_stands_for_it(tmp_path, app, found):
    db = "import pay\nfrom sql import engine, Base\ns = session = engine()\nclass Row(Base): ...\ndef clean(): pay.x()"
    calls = ["app.py:1", "shop/db.py:5"]
    sources = {"app.py": app, "shop/__init__.py": "", "shop/db.py": db}
    assert unrun(tmp_path, sources, *calls) == found


@pytest.mark.parametrize("calls", [{"app.py:1"}, {"app.py:1", "app.py:3"}])
def test_tables_of_a_library_that_no_run_could_ask_are_followed(tmp_path, calls):
    found = inventory(tmp_path, {"app.py": "import pay\n\ndef late():\n    pay.get('kinds')"})
    (tmp_path / "pay/__init__.py").write_text("TABLE = {'kinds': 'pay.kinds'}")
    imports = read_imports(found, TARGET)
    trace = Trace(modules={"app": "app.py", "pay": "pay/__init__.py"}, calls=frozenset(calls))
    asked = find_uncovered(found.files, imports, trace)
    margin, _ = find_margin(found, imports, trace, (), Settings(root=tmp_path), asked)
    assert ("pay/kinds.py" in margin) is (len(calls) == 1)


def test_what_a_library_imports_is_asked_through_it(tmp_path):
    """rich asks pygments for a lexer by its name."""
    found = inventory(tmp_path, {"app.py": "import web"})
    (tmp_path / "web/__init__.py").write_text("def draw():\n    import pay")
    imports = read_imports(found, TARGET)
    reached = reach(imports, ["app"])
    assert with_needs(frozenset({"web"}), imports, reached) == {"web", "pay"}
    assert with_needs(frozenset({"pay"}), imports, reached) == {"pay"}


def test_the_tracer_tells_which_functions_were_entered(tmp_path):
    interpreter = find_interpreter(TARGET, None)
    if interpreter is None:
        pytest.skip("no Python of the target")
    tracer = Path(probe.__file__).parent / "tracer.py"
    (tmp_path / "app.py").write_text("import os\n\ndef used(): ...\ndef other(): ...\n\nused()\nused()\n")
    run = f"""if True:
        import sys
        table = {{"__name__": "t", "__file__": {str(tracer)!r}}}
        exec(open({str(tracer)!r}).read(), table)
        sys.path.insert(0, {str(tmp_path)!r})
        table["start_trace"](table["recorder"]({str(tmp_path / "record")!r}), [{str(tmp_path)!r}])
        import app"""
    subprocess.run([interpreter, "-I", "-B", "-c", run], check=True)

    record = (tmp_path / "record").read_text()
    assert parse_record(record, ()).calls == {"app.py:1", "app.py:3"}
    assert sum(json.loads(line)["kind"] == "call" for line in record.splitlines()) == 2
