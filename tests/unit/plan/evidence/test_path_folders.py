"""Folders that own code puts paths together to: what lies in them may be loaded by its path."""

import pytest

from lambda_slim.inputs.project.find import find_project
from lambda_slim.inputs.settings.load import load
from lambda_slim.model.file import FIRST_PARTY, File, FileKind
from lambda_slim.plan.evidence.path_folders import below, named_folders
from lambda_slim.tasks.prepare import plan_function


def file(path, folder, text="", kind=FileKind.SOURCE, owner=FIRST_PARTY):
    place = folder / path.replace("/", "_")
    place.write_text(text)
    return File(path, place, len(text), owner, kind)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("Path(__file__).parent / 'db' / 'migrations'", {"db", "migrations"}),
        ("os.path.join(here, 'rules', 'rule_*.py')", {"rules"}),
        ("open('migrations')\nx = 'migrations'", set()),
        ("Path('./sql/steps')", {"steps"}),
        ("config.set_main_option('script_location', 'alembic')", {"alembic"}),
        ("1 / 2\n', '.join(names)\ndef (", set()),
    ],
)
def test_folders_of_paths(source, expected, tmp_path):
    assert named_folders([file("app.py", tmp_path, source)]) == expected


def test_settings_at_the_root_name_folders(tmp_path):
    text = "[alembic]\nscript_location = %(here)s/db/moves\nsqlalchemy.url = driver://u:p@h/x\n"
    files = [file("alembic.ini", tmp_path, text, FileKind.DATA), file("lib.ini", tmp_path, text, FileKind.DATA, "lib")]
    assert named_folders(files) == {"moves"}


def test_the_sources_of_such_a_folder(tmp_path):
    paths = ["app.py", "moves/env.py", "moves/versions/0001_a.py", "other/x.py"]
    files = [file(path, tmp_path) for path in paths]
    assert below(frozenset({"moves"}), files) == {"moves/env.py", "moves/versions/0001_a.py"}


def test_a_test_that_names_its_own_folder_brings_nothing_in(tmp_path):
    """Its fixtures join paths and import by name: that would lead to everything that is installed."""
    sources = {
        "app.py": "from pathlib import Path\nSTEPS = Path(__file__).parent / 'moves'\ndef handler(e, c): ...\n",
        "moves/one.py": "import used\n",
        "used.py": "",
        "tests/conftest.py": "from pathlib import Path\nDATA = Path('..') / 'tests' / 'expected.json'\n",
        "tests/test_all.py": "from importlib import import_module\nimport unused\nimport_module(NAME)\n",
        "unused.py": "",
    }
    for path, text in sources.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(text)
    settings = '[functions.F]\nhandler = "app.handler"\nruntime = "python3.12"\n'
    (tmp_path / "lambda-slim.toml").write_text(f'level = "reach"\n{settings}')
    loaded = load(tmp_path)
    plan = plan_function(find_project(tmp_path, loaded).functions[0], loaded).plan

    assert {one.path for one in plan.kept} == {"app.py", "moves/one.py", "used.py"}
