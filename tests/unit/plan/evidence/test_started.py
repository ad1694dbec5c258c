"""Modules that start beside the handler's: programs of scripts, and what they import only as programs."""

from dataclasses import replace
from pathlib import Path

import pytest

from lambda_slim.imports.read import read_imports
from lambda_slim.model.file import Inventory
from lambda_slim.model.function import Function
from lambda_slim.plan.evidence.started import find_started
from tests.unit.factory import TARGET, file

MAIN = "if __name__ == '__main__':\n    "


def started(root: Path, files: dict[str, str], *, owner="", **function):
    rows = []
    for path, text in files.items():
        place = root / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text)
        rows.append(replace(file(path, owner if path.startswith("lib") else ""), source=place))
    inventory = Inventory(tuple(rows))
    about = Function("F", "app.handler", root, TARGET, **function)
    return find_started(about, inventory, read_imports(inventory, TARGET))


@pytest.fixture(autouse=True)
def own_cache(tmp_path, monkeypatch):
    monkeypatch.setenv("LAMBDA_SLIM_CACHE", str(tmp_path / "cache"))


@pytest.mark.parametrize(
    ("path", "text", "names"),
    [
        ("run.sh", "python -m job --all", ("job",)),
        ("run.bash", "exec python3 -m pack", ("pack", "pack.__main__")),
        ("app.py", "import os\nos.system('python -m job')", ("job",)),
        ("run.txt", "python -m job", ()),
        ("run.sh", "python -m absent", ()),
        ("run.sh", "python -m job; python -m job", ("job",)),
    ],
)
def test_modules_that_scripts_start(tmp_path, path, text, names):
    files = {"job.py": "", "pack/__init__.py": "", "pack/__main__.py": "", path: text}

    assert started(tmp_path, files) == names


def test_a_script_of_a_dependency_starts_nothing(tmp_path):
    assert started(tmp_path, {"job.py": "", "lib/run.sh": "python -m job"}, owner="lib") == ()


def test_roots_start_too(tmp_path):
    assert started(tmp_path, {"job.py": "", "app.py": ""}, roots=("job", "absent")) == ("job",)


@pytest.mark.parametrize(
    ("job", "more"),
    [
        (f"{MAIN}import other", ("other",)),
        (f"{MAIN}import absent, other", ("other",)),
        (f"{MAIN}from pack import sub", ("pack", "pack.sub")),
        (f"def f():\n    import other\n{MAIN}f()", ()),
        ("if True:\n    import other", ()),
        ("import other\nx = (", ()),
    ],
)
def test_what_a_program_imports_only_as_the_program(tmp_path, job, more):
    files = {"job.py": job, "other.py": "", "pack/__init__.py": "", "pack/sub.py": "", "run.sh": "python -m job"}

    assert started(tmp_path, files) == ("job", *more)


@pytest.mark.parametrize(
    ("statement", "more"),
    [
        ("from . import sub", ("pack", "pack.sub")),
        ("from .sub import name", ("pack.sub",)),
        ("from .. import other", ()),
    ],
)
def test_relative_imports_of_a_program_in_a_package(tmp_path, statement, more):
    files = {"pack/__init__.py": "", "pack/job.py": MAIN + statement, "pack/sub.py": "", "run.sh": "python -m pack.job"}

    assert started(tmp_path, files) == ("pack.job", *more)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("bin/run.sh", 'exec "$LAMBDA_TASK_ROOT"/bin/serve --all\n'),
        ("app.py", "import subprocess\nsubprocess.run(['/var/task/bin/serve', '-v'])\n"),
        ("app.py", "import os\nos.system('serve | cat')\n"),
    ],
)
def test_a_console_script_that_own_code_starts(tmp_path, path, text):
    files = {
        "lib/__init__.py": "",
        "lib/cli.py": "",
        "lib-1.dist-info/entry_points.txt": "[console_scripts]\nserve = lib.cli:main\nidle = lib.cli:idle\n",
        path: text,
    }
    assert started(tmp_path, files, owner="lib") == ("lib.cli",)
    assert started(tmp_path, {**files, path: text.replace("serve", "other")}, owner="lib") == ()


def test_a_console_script_that_the_function_starts(tmp_path):
    files = {
        "lib/cli.py": f"{MAIN}import other",
        "lib/idle.py": "",
        "other.py": "",
        "lib-1.dist-info/entry_points.txt": "[console_scripts]\nserve = lib.cli:main\nidle = lib.idle:main\n",
    }

    assert started(tmp_path, files, owner="lib", programs=("serve", "absent")) == ("lib.cli", "other")
    assert started(tmp_path, files, owner="lib") == ()
