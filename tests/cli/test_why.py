"""`files` and `why`: the decision for every file, and the reason for one name, both directions."""

import re

import pytest

from lambda_slim.cli import main as cli

INFO = "Metadata-Version: 2.1\nName: {}\nVersion: 1.0\n"


@pytest.fixture
def package(tmp_path, monkeypatch):
    """A package that another tool built: `top` requires `low`, which two modules import; `idle` nobody does."""
    files = {
        "app.py": "import top\nimport other\n\ndef handler(event, context):\n    return 1\n",
        "top/__init__.py": "import low\n",
        "top/tests/test_top.py": "import top\n",
        "other.py": "import low.more\n",
        "low/__init__.py": "",
        "low/more.py": "",
        "low/types.pyi": "",
        "idle.py": "",
        "top-1.0.dist-info/METADATA": INFO.format("top") + "Requires-Dist: low\n",
        "top-1.0.dist-info/RECORD": "top/__init__.py,,\ntop/tests/test_top.py,,\n",
        "low-1.0.dist-info/METADATA": INFO.format("low") + "\n" + "A long description. " * 500,
        "low-1.0.dist-info/RECORD": "low/__init__.py,,\nlow/more.py,,\nlow/types.pyi,,\n",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    monkeypatch.setenv("LAMBDA_SLIM_CACHE", str(tmp_path.parent / "cache"))
    return tmp_path


@pytest.fixture
def ask(package, capsys):
    def run(*arguments, code=0):
        given = cli.run([arguments[0], *arguments[1:], str(package), "--python", "3.12"])
        told = capsys.readouterr()
        assert given == code, told.out + told.err
        return told.out if code == 0 else told.err

    return run


def test_a_distribution_with_its_requirement_and_import_chains(ask):
    told = ask("why", "low")

    assert "required by   top" in told
    assert "chain         you → top → low" in told
    assert "imported      app.py:" in told
    assert "dropped              0 B in 1 file   [type-stubs]" in told
    assert re.search(r"as shipped +−\S+ KiB   compiled to bytecode, stripped, or cut", told)  # so that the rows add up


def test_what_dropping_it_frees_is_counted_as_it_ships(ask):
    """Of the 10 KB of metadata a package has the first lines only."""
    (line,) = [line for line in ask("why", "low").splitlines() if "dropping it" in line]

    assert "KiB" not in line


def test_two_chains_of_one_length_are_no_reason_to_fail(ask):
    """Two modules of `low` are reached in two steps each; either chain answers."""
    assert ask("why", "low") == ask("why", "low")


def test_a_module_and_who_imports_it(ask):
    told = ask("why", "low.more")

    assert told.startswith("low/more.py")
    assert "imported by 1 module: other" in told


def test_a_file_that_is_left_out(ask):
    told = ask("why", "top/tests/test_top.py")

    assert "is left out   [test-" in told
    assert "no import path from the handler leads to it" in told


def test_a_folder(ask):
    assert ask("why", "top/tests").startswith("top/tests/   1 file,")


def test_a_name_that_is_none_names_the_nearest(ask):
    lines = ask("why", "lo", code=2).splitlines()

    assert [line[:7] for line in lines if not line.startswith("warning")] == ["error: ", "cause: ", "hint:  "]
    assert "did you mean `low`" in lines[-1]


def test_files_lists_every_decision_or_what_is_left_out(ask):
    assert "keep" in ask("files")

    dropped = ask("files", "--dropped", "--explain")
    assert "low/types.pyi   [type-stubs]" in dropped
    assert "keep" not in dropped
