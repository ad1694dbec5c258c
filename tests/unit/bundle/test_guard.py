"""What travels with a package for the case that something left out is needed."""

import io
import subprocess
import sys
import zipfile
from dataclasses import replace

import pytest

from lambda_slim.bundle.guard import (
    HOOK,
    INDEX,
    MODULE,
    SPARE,
    compiled_only,
    guard_file,
    guard_members,
    is_guard,
    with_little,
)
from lambda_slim.bundle.layout import lay_members
from lambda_slim.model.decision import Decision, Plan, Verdict
from lambda_slim.model.file import File, FileKind
from lambda_slim.model.member import Member
from tests.unit.factory import module_name

KEPT = {"pkg/__init__.py": "", "pkg/here.py": "X = 1\n", "other/__init__.py": ""}
OUT = {
    "pkg/gone.py": "NAME = __file__\nfrom pkg import further\n",
    "pkg/further.py": "",
    "pkg/sub/__init__.py": "",
    "pkg/sub/deep.py": "WHERE = __file__\n",
    "pkg/broken.py": "import nowhere_at_all\n",
}


@pytest.fixture
def plan(tmp_path):
    def decision(path, text, verdict):
        source = tmp_path / "source" / path
        source.parent.mkdir(parents=True, exist_ok=True)
        source.write_text(text)
        return Decision(File(path, source, len(text), "pkg", FileKind.SOURCE), verdict)

    kept = [decision(path, text, Verdict(True, "reached", "")) for path, text in KEPT.items()]
    out = [decision(path, text, Verdict(False, "unreachable", "no path leads to it")) for path, text in OUT.items()]
    secret = decision("pkg/secret.py", "", Verdict(False, "secret", "looks secret"))
    junk = decision("pkg/tests.py", "", Verdict(False, "test-suites", "test suite"))
    return Plan((*kept, *out, secret, junk))


def members(plan, *, spare=False):
    module_of = {one.file.path: module_name(one.file.path) for one in plan.decisions}
    return guard_members(plan, module_of, spare=spare)


@pytest.fixture
def ask(plan, tmp_path):
    """Runs code in a package with its guard, as Lambda's runtime would start it."""

    def run(code, *, spare=False, guard=True):
        place = tmp_path / f"task-{spare}-{guard}"
        found, _ = members(plan, spare=spare) if guard else ((), ())
        own = [Member(file.path, file.source.read_bytes()) for file in plan.kept]
        lay_members([*own, *found, *([Member(MODULE, guard_file().source.read_bytes())] if guard else [])], place)
        start = f"import site, sys; sys.path.insert(0, {str(place)!r}); site.addsitedir({str(place)!r})\n"
        done = subprocess.run(
            [sys.executable, "-I", "-S", "-B", "-c", start + code], capture_output=True, text=True, check=False
        )
        return done.stdout.replace(str(place), "/var/task"), done.stderr.replace(str(place), "/var/task")

    return run


TRY = (
    "try:\n    {}\nexcept Exception as e:\n    print(type(e).__name__, getattr(e, 'name', 0), getattr(e, 'path', 0))\n"
)
STATEMENTS = [
    "import pkg.gone",
    "import pkg.sub.deep",
    "from pkg import gone",
    "from pkg.gone import NAME",
    "from pkg import *",
    "import pkg.nothing",
    "from pkg import nothing",
    "import nothing",
    "import importlib; importlib.import_module('pkg.gone')",
    "import importlib; importlib.import_module('.gone', 'pkg')",
    "__import__('pkg', fromlist=['gone'])",
    "__import__('pkg.gone')",
    "import importlib.util; print(importlib.util.find_spec('pkg.gone'))",
    "import importlib.util; print(importlib.util.find_spec('pkg.sub.deep'))",
    "import pkgutil, pkg; print([one.name for one in pkgutil.iter_modules(pkg.__path__)])",
    "import pkg.here, importlib; importlib.reload(pkg.here)",
    "import importlib.metadata; importlib.metadata.version('pkg')",
    "import sys, pkg; pkg.__all__ = ['gone']; exec('from pkg import *', {})",
]


@pytest.mark.parametrize("statement", STATEMENTS)
def test_programs_see_what_they_would_see_without_a_guard(ask, statement):
    assert ask(TRY.format(statement)) == ask(TRY.format(statement), guard=False)


@pytest.mark.parametrize(
    ("statement", "start", "keep"),
    [
        ("import pkg.gone", "ModuleNotFoundError: No module named 'pkg.gone' (", '["/pkg/gone.py"]'),
        ("from pkg.gone import NAME", "ModuleNotFoundError: No module named 'pkg.gone' (", '["/pkg/gone.py"]'),
        (
            "from pkg import here, gone",
            "ImportError: cannot import name 'gone' from 'pkg' (/var/task/pkg/__init__.py) (",
            '["/pkg/gone.py"]',
        ),
        (
            "import pkg.sub.deep",
            "ModuleNotFoundError: No module named 'pkg.sub' (",
            '["/pkg/sub/__init__.py", "/pkg/sub/deep.py"]',
        ),
        ("import pkg.tests", "ModuleNotFoundError: No module named 'pkg.tests' (", '["/pkg/tests.py"]'),
    ],
)
def test_a_failed_import_names_rule_and_remedy(ask, statement, start, keep):
    _, error = ask(statement)

    last = error.splitlines()[-1]
    assert last.startswith(start + "lambda-slim left out ")
    assert last.endswith(f"[tool.lambda-slim] keep = {keep} ships it)")
    assert "rule unreachable" in last or "rule test-suites" in last


def test_what_looks_secret_is_not_told(ask):
    assert ask("import pkg.secret")[1].endswith("No module named 'pkg.secret'\n")


def test_nothing_is_loaded_until_a_pruned_package_is_asked_for_more(ask):
    code = "import pkg.here\ntry: import nothing\nexcept ImportError: pass\nprint('_lambda_slim_guard' in sys.modules)"

    assert ask(code) == ("False\n", "")


def test_finders_that_were_added_later_come_first(ask):
    code = """
class Later:
    @staticmethod
    def find_spec(name, path=None, target=None):
        from importlib.machinery import ModuleSpec
        return ModuleSpec(name, None, is_package=True) if name == "pkg.gone" else None
sys.meta_path.append(Later)
import pkg.gone
print(pkg.gone.__spec__.loader)
"""
    out, error = ask(code)

    assert out.startswith("None") or "Namespace" in out
    assert not error


def test_a_spare_module_loads_with_one_warning_and_the_file_it_would_have(ask):
    out, error = ask("import pkg.gone, pkg.gone\nprint(pkg.gone.NAME)", spare=True)

    assert out == "/var/task/pkg/gone.py\n"
    assert error.count("\n") == 1  # what it imports itself comes with it
    assert error.startswith("lambda-slim: No module named 'pkg.gone' in the package, loaded from its spare archive (")
    assert 'rule unreachable; [tool.lambda-slim] keep = ["/pkg/gone.py"] ships it)' in error


def test_a_spare_package_is_told_by_what_was_asked_for(ask):
    out, error = ask("import pkg.sub.deep\nprint(pkg.sub.deep.WHERE, pkg.sub.__path__)", spare=True)

    assert out == "/var/task/pkg/sub/deep.py ['/var/task/pkg/sub']\n"
    assert error.count("lambda-slim:") == 1
    assert "'pkg.sub.deep'" in error


def test_a_spare_module_has_its_source(ask):
    out, _ = ask("import inspect, pkg.sub.deep\nprint(inspect.getsource(pkg.sub.deep))", spare=True)

    assert out.startswith("WHERE = __file__")


def test_a_spare_module_that_fails_fails_alike(ask):
    out, _ = ask(TRY.format("import pkg.broken"), spare=True)

    assert out == "ModuleNotFoundError nowhere_at_all None\n"


def test_only_what_is_pruned_is_spared(plan):
    found, notes = members(plan, spare=True)

    archive = next(one for one in found if one.name == SPARE)
    assert zipfile.ZipFile(io.BytesIO(archive.data)).namelist() == sorted(OUT)
    assert f"5 modules in {SPARE}" in notes[0]
    assert "1 others are not in it" in notes[0]


def test_the_same_plan_gives_the_same_bytes(plan):
    assert members(plan, spare=True) == members(plan, spare=True)
    assert [one.name for one in members(plan)[0]] == [HOOK, INDEX]


def test_a_package_without_losses_has_no_guard(plan):
    assert members(Plan(tuple(one for one in plan.decisions if one.verdict.keep)), spare=True) == ((), ())


def test_an_earlier_guard_is_known(plan):
    assert all(is_guard(name) for name in (HOOK, INDEX, MODULE, SPARE, f"{MODULE}c"))
    assert not is_guard("pkg/_lambda_slim_guard.py")


def test_what_is_little_is_kept_in_place_of_a_guard(plan):
    module_of = {row.file.path: module_name(row.file.path) for row in plan.decisions}

    kept = with_little(plan, module_of)

    rules = {row.file.path: row.verdict.rule for row in kept.decisions}
    assert {path for path, rule in rules.items() if rule == "little"} == set(OUT)
    assert (rules["pkg/secret.py"], rules["pkg/tests.py"]) == ("secret", "test-suites")


@pytest.mark.parametrize(("size", "stays_out"), [((12 << 10) - 1, False), (12 << 10, True)])
def test_what_weighs_as_much_as_a_guard_stays_out(tmp_path, size, stays_out):
    file = File("pkg/large.py", tmp_path / "large.py", size, "pkg", FileKind.SOURCE)
    plan = Plan((Decision(file, Verdict(False, "unreachable", "no path leads to it")),))

    assert (with_little(plan, {"pkg/large.py": "pkg.large"}) is plan) is stays_out


def test_a_guard_ships_as_bytecode_or_without_docstrings():
    source = Member(MODULE, b'"What it is."\nX = 1\n', origin=MODULE)
    compiled = Member("__pycache__/_lambda_slim_guard.cpython-312.pyc", b"code", origin=MODULE)
    other = Member("app.py", b"", origin="app.py")

    assert compiled_only([source, other, compiled]) == (other, replace(compiled, name=f"{MODULE}c"))
    assert compiled_only([source, other]) == (other, replace(source, data=b"X = 1\n"))
