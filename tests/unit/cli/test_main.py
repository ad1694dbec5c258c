"""How a command line becomes an exit code, and a failure three lines."""

import errno
import subprocess
import sys
from pathlib import Path

import pytest

from lambda_slim import __version__
from lambda_slim.base.errors import ExitCode, SlimError, UsageError
from lambda_slim.cli import main as cli
from lambda_slim.cli._examples import EXAMPLES
from lambda_slim.cli._options import event_files

ROOT = Path(__file__).parents[3]


def test_help_names_every_command(capsys):
    assert cli.run([]) == cli.run(["--help"]) == 0

    out = capsys.readouterr().out
    assert all(f"  {name}" in out for name in cli.COMMANDS)


def test_commands_that_are_not_there_name_the_nearest(capsys):
    assert cli.run(["biuld", "."]) == ExitCode.USAGE
    lines = capsys.readouterr().err.splitlines()
    assert lines[0] == "error: there is no command `biuld`"
    assert lines[1].startswith("cause: there are analyze, ")
    assert lines[2] == "hint:  did you mean `build`?"

    assert cli.run(["zzz"]) == ExitCode.USAGE
    assert "--help" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [["build", "--nope"], ["build", "a", "b"], ["build", "--arch"], ["--nope"]])
def test_flags_that_are_not_there(arguments, capsys):
    assert cli.run(arguments) == ExitCode.USAGE
    assert "Traceback" not in capsys.readouterr().err


@pytest.mark.parametrize("command", [("analyze",), ("build",), ("check",), ("diff", "old.zip")])
def test_two_formats_do_not_mix_on_standard_output(command, capsys):
    assert cli.run([*command, "--json", "-", "--markdown", "-"]) == ExitCode.USAGE
    assert "--json - and --markdown - would both go to standard output" in capsys.readouterr().err


def test_flags_may_stand_before_the_command(tmp_path, capsys):
    assert cli.run(["-q", "build", str(tmp_path)]) == cli.run(["build", "-q", str(tmp_path)])


@pytest.mark.parametrize(
    "where", [("-C", "there"), ("--directory", "there"), ("--directory=there",), ("-C", "./there")]
)
def test_a_command_works_as_if_it_was_started_in_another_folder(tmp_path, monkeypatch, where):
    """Also what it writes lies there, and the folder is as before afterwards."""
    (tmp_path / "there").mkdir()
    (tmp_path / "there/app.py").write_text("def handler(event, context):\n    return 1\n")
    monkeypatch.chdir(tmp_path)

    assert cli.run([*where, "build", "--level", "safe", "-o", "out", "--json", "report.json", "-q"]) == 0
    assert cli.run(["lint", "-q", *where]) == 0

    assert {path.name for path in (tmp_path / "there").iterdir()} >= {"out", "report.json"}
    assert [path.name for path in tmp_path.iterdir() if path.name != "cache"] == ["there"]
    assert Path.cwd() == tmp_path


def test_a_folder_to_work_in_has_to_be_there(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)

    assert cli.run(["-C", "nowhere", "build"]) == 2
    assert capsys.readouterr().err == (
        "error: `-C nowhere` is no folder to work in\ncause: No such file or directory\n"
        "hint:  name the folder of the project\n"
    )


def test_options_with_values_may_stand_before_the_command(tmp_path, capsys):
    (tmp_path / "build").mkdir()  # named like a command

    def told(*arguments):
        code = cli.run([*arguments])
        return code, capsys.readouterr().err

    folder = str(tmp_path / "build")
    assert told("-C", folder, "build") == told("build", "-C", folder)
    assert told("--python", "3.12", "-F", "check", "-q", "build", folder) == told(
        "build", "--python", "3.12", "-F", "check", "-q", folder
    )


@pytest.mark.parametrize("name", cli.COMMANDS)
def test_help_ends_with_two_examples_and_fits_the_terminal(name, capsys, monkeypatch):
    for columns in (60, 80, 140):
        monkeypatch.setenv("COLUMNS", str(columns))
        assert cli.run([name, "--help"]) == 0
        text = capsys.readouterr().out
        examples = [line.strip() for line in text.partition("Examples:")[2].splitlines() if line]
        assert tuple(examples) == EXAMPLES[name]
        assert all(line.startswith(f"lambda-slim {name}") for line in examples)
        lines = text.partition("Examples:")[0].splitlines()
        assert max(map(len, lines)) <= columns
        if columns == 140:
            assert max(map(len, lines)) > 60 or len(lines) < 12


@pytest.mark.parametrize("name", cli.COMMANDS)
def test_the_page_of_a_command_has_its_examples(name):
    page = (Path(cli.__file__).parents[2] / f"docs/commands/{name}.md").read_text("utf-8")

    assert [example for example in EXAMPLES[name] if example not in page] == []


def failing(error):
    def fail(arguments):
        raise error

    return fail


@pytest.mark.parametrize(
    ("error", "code", "told"),
    [
        (SlimError("it failed", cause="that", hint="do this"), 3, "error: it failed\ncause: that\nhint:  do this\n"),
        (
            SlimError("it failed", cause="two\nlines\n\n", hint="do\nthis"),
            3,
            "error: it failed\ncause: two lines\nhint:  do this\n",
        ),
        (KeyboardInterrupt(), 130, "interrupted\n"),
        (
            RecursionError("maximum recursion depth exceeded"),
            3,
            (
                "error: the project is nested too deeply\ncause: files that include each other, or functions that call "
                "each other, over many hundred levels\nhint:  take it apart, or leave it out\n"
            ),
        ),
        (
            OSError(errno.ENOSPC, "No space left on device", "/tmp/x"),
            3,
            (
                "error: the system refused: No space left on device\ncause: `/tmp/x`\n"
                "hint:  check free space and rights; TMPDIR and LAMBDA_SLIM_CACHE name other folders\n"
            ),
        ),
    ],
)
def test_failures_are_told_in_three_lines(monkeypatch, capsys, error, code, told):
    monkeypatch.setattr(cli, "_dispatch", failing(error))

    assert cli.run(["build"]) == code
    assert capsys.readouterr().err == told


def test_what_we_did_not_foresee_is_our_bug(monkeypatch, capsys):
    monkeypatch.setattr(cli, "_dispatch", failing(ZeroDivisionError("x")))

    assert cli.run(["build"]) == ExitCode.INTERNAL
    err = capsys.readouterr().err
    assert "this is a bug" in err
    assert "Traceback" not in err
    assert cli.run(["build", "-v"]) == ExitCode.INTERNAL
    assert "Traceback" in capsys.readouterr().err


def run(*arguments, **more):
    return subprocess.run(
        [sys.executable, "-m", "lambda_slim", *arguments], cwd=ROOT, capture_output=True, text=True, check=False, **more
    )


def test_the_version_needs_nothing_else():
    code = (
        "import sys; sys.argv = ['lambda-slim', '--version']; from lambda_slim.__main__ import main; main();"
        "print(len([name for name in sys.modules if name.startswith('lambda_slim')]), 'typer' in sys.modules)"
    )

    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)

    assert done.stdout.split("\n") == [f"lambda-slim {__version__}", "2 False", ""]


HEAVY = {"asyncio", "email", "http", "humanize", "importlib.metadata", "json", "packaging", "pathspec", "rich", "ssl"}
HEAVY |= {"subprocess", "textual", "tomllib", "typer", "urllib.request", "uv", "yaml", "zipfile"}


@pytest.mark.parametrize("argument", ["--version", "--help"])
def test_nothing_heavy_is_imported_before_it_is_needed(argument):
    code = (
        f"import sys; sys.argv = ['lambda-slim', {argument!r}]; from lambda_slim.__main__ import main\n"
        "try: main()\nexcept SystemExit: pass\nprint('\\n' + ' '.join(sys.modules), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-S", "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)

    assert not HEAVY & set(done.stderr.split())


def test_documented_exit_codes_are_those_of_the_code():
    rows = [
        line.split("|") for line in (ROOT / "docs/errors.md").read_text("utf-8").splitlines() if line.startswith("| ")
    ]
    documented = {int(row[1]) for row in rows if row[1].strip().isdecimal()}

    assert documented == {int(code) for code in ExitCode}


def test_events_by_file_folder_and_pattern(tmp_path):
    for name in ("b.json", "a.json", "notes.txt"):
        (tmp_path / name).write_text("{}")
    a, b = tmp_path / "a.json", tmp_path / "b.json"

    assert event_files([tmp_path]) == (a, b)
    assert event_files([tmp_path / "?.json"]) == (a, b)
    assert event_files([b, a]) == (b, a)
    with pytest.raises(UsageError, match="no event matches"):
        event_files([tmp_path / "none*.json"])


def test_a_pattern_that_the_shell_expanded_is_explained(capsys):
    assert cli.run(["build", ".", "-e", "a.json", "b.json"]) == 2
    assert "quote the pattern, -e 'events/*.json'" in capsys.readouterr().err
