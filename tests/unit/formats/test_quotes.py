"""What Python quotes of sources is taken out of logs, and nothing else."""

import json
import logging
import subprocess
import sys
import time
import traceback

import pytest

from lambda_slim.formats.quotes import without_quotes

TWO_LINES = "first\n    second"


def fail():
    {}[
        "a"
    ]  # fmt: skip


def nested():
    try:
        fail()
    except KeyError as error:
        raise ValueError(TWO_LINES) from error


@pytest.fixture
def text():
    try:
        nested()
    except ValueError:
        return traceback.format_exc()


def test_frames_and_messages_stay(text):
    found = without_quotes(text)
    assert found.count("File ") == 4
    assert "fail()" not in found
    assert "^" not in found
    assert found.endswith("ValueError: first\n    second\n")
    assert "direct cause" in found


@pytest.mark.parametrize(
    "written",
    [
        lambda text: json.dumps({"exc_info": text, "more": "    x"}),
        lambda text: json.dumps({"log": json.dumps({"exc_info": text})}).replace("\\\\n", "\\n"),
        lambda text: text.replace("\n", "\r").replace("  ", "\xa0\xa0"),  # as awslambdaric writes it
    ],
)
def test_however_it_is_written(text, written):
    lines = text.splitlines(keepends=True)
    bare = "".join(line for line in lines if not line.startswith("    ") or "second" in line)
    assert without_quotes(written(text)) == without_quotes(written(bare)) == written(bare)


def test_groups_of_exceptions():
    try:
        try:
            fail()
        except KeyError as error:
            raise ExceptionGroup("group", [error, ValueError("x")]) from None
    except ExceptionGroup:
        found = without_quotes(traceback.format_exc())
    assert "raise" not in found
    assert "| ValueError: x" in found


def test_warnings_lose_their_source_and_those_of_the_compiler_go(tmp_path):
    app = tmp_path / "app.py"
    app.write_text('import warnings\nX = "\\d"\nwarnings.warn("old")\nprint("  end")\n')
    done = subprocess.run([sys.executable, str(app)], capture_output=True, text=True, check=True)
    found = without_quotes(done.stderr.replace("DeprecationWarning", "SyntaxWarning"))
    assert found.strip() == f"{app}:3: UserWarning: old"
    assert without_quotes(done.stdout) == done.stdout


def test_other_text_is_left_alone():
    record = logging.LogRecord("a", 20, "p", 1, "wrote\n    indented", (), None)
    assert without_quotes(record.getMessage()) == record.getMessage()


def test_a_page_with_minified_scripts_takes_no_time():
    page = "e.x(1),f;" * 200_000 + "console.Warning: " + 'File "' * 1000 + ", line "
    start = time.process_time()
    assert without_quotes(page) == page
    assert time.process_time() - start < 2


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("/var/task/a.py:7: SyntaxWarning: invalid escape sequence\n  x = '\\d'\nnext\n", "\nnext\n"),
        ("log: /var/task/a.py:7: SyntaxWarning: invalid escape\nnext", "log: \nnext"),
        ("a.py:1: SyntaxWarning: one\nb.py:2: SyntaxWarning: two\nnext", "\n\nnext"),
        ("/var/task/a.py:7: UserWarning: old\n  warn('old')\nnext", "/var/task/a.py:7: UserWarning: old\nnext"),
    ],
)
def test_what_only_the_compiler_warns_of(text, rest):
    assert without_quotes(text) == rest
