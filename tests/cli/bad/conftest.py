"""Commands as a user gives them, and what a failure must look like."""

import sys

import pytest

from lambda_slim.cli import main as cli

PYTHON = f"3.{sys.version_info[1]}"
HANDLER = "def handler(event, context):\n    return 1\n"


@pytest.fixture(autouse=True)
def _alone(tmp_path_factory, monkeypatch):
    """A cache and a working folder of the test's own; no proof where a test does not ask for one."""
    monkeypatch.setenv("LAMBDA_SLIM_LEVEL", "safe")
    monkeypatch.setenv("LAMBDA_SLIM_CACHE", str(tmp_path_factory.getbasetemp() / "cache"))
    monkeypatch.chdir(tmp_path_factory.mktemp("cwd"))


@pytest.fixture
def project(tmp_path):
    """Writes a project; `app.py` has a handler where nothing else is said of it."""

    def write(files=None, folder="project"):
        root = tmp_path / folder
        for name, data in {"app.py": HANDLER, **(files or {})}.items():
            place = root / name
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(data.encode() if isinstance(data, str) else data)
        return root

    return write


@pytest.fixture
def fails(capsys):
    """Runs a command that must fail: three lines, the documented code, no traceback. Gives back the three texts."""

    def run(code, *arguments):
        given = cli.run([str(argument) for argument in arguments])
        told = capsys.readouterr()
        assert given == code, told.out + told.err
        assert told.out == ""
        lines = [line for line in told.err.splitlines() if not line.startswith("warning: ")]
        assert [line[:7] for line in lines] == ["error: ", "cause: ", "hint:  "], told.err
        return "\n".join(lines)

    return run


@pytest.fixture
def works(capsys):
    """Runs a command that must do its work; gives back all that it said."""

    def run(*arguments):
        given = cli.run([str(argument) for argument in arguments])
        told = capsys.readouterr()
        assert given == 0, told.out + told.err
        return told.out + told.err

    return run
