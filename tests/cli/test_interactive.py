"""The screen, driven key by key."""

import asyncio
import os
import re
import select
import subprocess
import sys
import time
import tomllib
from dataclasses import replace
from pathlib import Path

import pytest

from lambda_slim.cli.main import run
from lambda_slim.formats.report_json import report_json
from lambda_slim.model.report import FileRow
from lambda_slim.render.page import texts
from tests.unit.render.test_renderers import FUNCTION, REPORT

pytest.importorskip("textual")

from lambda_slim.render.tui.app import Explorer
from lambda_slim.render.tui.widgets import Question, SizeTree, Words

FILES = (
    FileRow("app.py", 900, 400, "(project)", "python source", "kept", "default", "", loaded=True),
    FileRow("boto3/__init__.py", 300, 200, "boto3", "python source", "kept", "default", "", loaded=True),
    FileRow("boto3/data/a[1].json", 10_000, 900, "boto3", "data", "kept", "default", ""),
    FileRow("boto3/data/b.json", 2000, 1800, "boto3", "data", "dropped", "services", "of other services"),
    FileRow("botocore/__init__.py", 50_000, 20_000, "botocore", "python source", "kept", "default", ""),
)
REPORT = replace(REPORT, functions=(replace(FUNCTION, files=FILES), replace(FUNCTION, name="Other", imports=None)))


def drive(*keys, settings=None, report=REPORT, size=(120, 40)):
    """What `look` says after the keys."""

    def decorate(look):
        async def main():
            app = Explorer(report, settings)
            async with app.run_test(size=size) as pilot:
                await pilot.pause()
                for key in keys:
                    await pilot.press(key)
                    await pilot.pause()
                return await look(app, pilot) if asyncio.iscoroutinefunction(look) else look(app)

        return asyncio.run(main())

    return decorate


def shown(app):
    tree = app.query_one(SizeTree)
    return [str(tree.get_node_at_line(line).data.name) for line in range(tree.last_line + 1)]


def pane(app):
    return str(app.query_one("#details").render())


def heading(app):
    return str(app.query_one("#title").render())


def said(app):
    return [note.message for note in app._notifications]


def test_it_begins_with_distributions_largest_first():
    assert drive()(shown) == ["Orders", "botocore 1.44", "boto3 1.44", "your code"]
    assert drive()(heading).startswith("Orders · 28.6 MiB → 59.8 KiB unzipped · 18.1 MiB → ")


def test_it_opens_with_the_figures_of_the_page_in_both_views():
    page = texts(REPORT.functions[0])
    for keys in ((), ("t",)):
        told = drive(*keys)(pane)
        for move in page["moves"]:
            assert f"{move.title}  {move.was} → {move.now}" in told
        assert "lambda-slim build" in told
        assert " 0 B" not in told


def test_arrows_open_go_in_and_close():
    opened = ["Orders", "botocore 1.44", "boto3 1.44", "boto3/", "your code"]

    assert drive("down", "down", "right")(shown) == opened
    assert drive("down", "down", "enter")(shown) == opened
    assert drive("down", "down", "right", "right")(lambda app: app.selected.path) == "boto3"
    assert drive("down", "down", "right", "left")(shown) == ["Orders", "botocore 1.44", "boto3 1.44", "your code"]
    assert drive("down", "down", "right", "right", "backspace")(lambda app: app.selected.name) == "boto3 1.44"


@pytest.mark.parametrize("columns", [60, 70, 80, 100])
def test_a_figure_stays_with_its_unit(columns):
    """Whatever the width of the pane, no line ends between a number and its unit, and indents hold."""
    lines = drive(size=(columns, 30))(pane).splitlines()

    assert len(lines) > 10
    assert not re.search(r"\d\n *(?:[KMG]iB|ms|%)", "\n".join(lines)), lines
    assert max(map(len, lines)) <= columns * 2 // 5
    assert not [line for line in lines if line != line.rstrip()]


def test_details_follow_the_cursor():
    text = drive("down", "down")(pane)

    assert "boto3 1.44" in text
    assert "frees        21.0 MiB with botocore" in text
    assert "required by  you" in text
    file = drive("slash", *"b.json", "enter")(pane)
    assert "left out" in file
    assert "of other services" in file


def test_bars_are_of_the_whole():
    label = drive("down")(lambda app: str(app.query_one(SizeTree).cursor_node.label))

    assert "48.8 KiB" in label
    assert "█" * 9 in label


def test_zipped_and_back():
    assert "by zipped size" in drive("u")(heading)
    assert "19.5 KiB" in drive("u", "down")(lambda app: str(app.query_one(SizeTree).cursor_node.label))
    assert "by size" in drive("u", "u")(heading)


def test_sorting_goes_round_and_keeps_the_place():
    assert drive("s")(shown) == ["Orders", "your code", "boto3 1.44", "botocore 1.44"]  # by import time
    assert drive("s", "s")(shown) == ["Orders", "boto3 1.44", "botocore 1.44", "your code"]  # by name
    assert drive("s", "s", "s")(heading).endswith("by size")
    assert drive("slash", *"a[1]", "enter", "s")(lambda app: app.selected.path) == "boto3/data/a[1].json"


def test_time_view_has_imports_and_calls():
    assert drive("t")(shown) == ["Orders", "app"]
    assert drive("t", "down", "right")(shown) == ["Orders", "app", "boto3.client(...)  line 3", "boto3"]
    assert "boto3.client(...), line 3: 4 ms" in drive("t", "down")(pane)
    assert "these are times; t shows bytes" in drive("t", "u")(said)
    assert drive("t", "t")(shown)[1] == "botocore 1.44"


def test_functions_in_turn_and_times_that_were_not_measured():
    assert drive("f")(heading).startswith("Other")
    assert drive("f", "f")(heading).startswith("Orders")
    assert drive("f", "t")(said) == ["imports were not measured"]


def test_search_opens_what_it_finds_and_n_goes_on():
    assert drive("slash", *".json", "enter")(lambda app: app.selected.path) == "boto3/data/a[1].json"
    assert drive("slash", *".json", "enter", "n")(lambda app: app.selected.path) == "boto3/data/b.json"
    assert drive("slash", *".json", "enter", "n", "n")(lambda app: app.selected.path) == "boto3/data/a[1].json"
    assert drive("slash", *"zzz", "enter")(said) == ["nothing has `zzz` in its name"]
    assert drive("slash", *"q", "escape")(lambda app: app.focused.id) == "tree"


def test_why_shows_the_chain_and_any_key_closes():
    async def look(app, pilot):
        assert isinstance(app.screen, Words)
        text = app.screen.text
        await pilot.press("q")
        await pilot.pause()
        assert not isinstance(app.screen, Words)
        return text

    text = drive("down", "w")(look)
    assert "you → boto3 → botocore" in text
    assert "nothing of it was imported at INIT" in text
    text = drive("down", "down", "w")(look)
    assert "  app\n    → boto3" in text


def test_help_names_every_key():
    text = drive("question_mark")(lambda app: app.screen.text)

    for key in ("Enter", "Backspace", "s ", "u ", "t ", "f ", "/", "n finds", "w ", "x ", "?", "q "):
        assert key in text


def test_q_quits():
    assert drive("q")(lambda app: app._exit)


@pytest.fixture
def project(tmp_path):
    file = tmp_path / "pyproject.toml"
    file.write_text("[project]\nname = 'a'  # kept\n\n[tool.lambda-slim]\nexclude = ['old']\n")
    return file


def test_exclusion_shows_what_it_frees_and_writes_after_yes(project):
    before = project.read_text()

    async def look(app, pilot):
        assert isinstance(app.screen, Question)
        asked = app.screen.text
        assert project.read_text() == before
        await pilot.press("y")
        await pilot.pause()
        return asked, said(app), str(app.query_one(SizeTree).cursor_node.label)

    asked, notes, label = drive("slash", *"data", "enter", "x", settings=project)(look)
    assert "frees    9.8 KiB, 900 B zipped, of 2 files" in asked
    assert "/boto3/data/" in asked
    assert notes == ["added to pyproject.toml; analyze again to see what follows from it"]
    assert project.read_text() == before.replace("['old']", "['old', \"/boto3/data/\"]")
    assert "excluded" in label


@pytest.mark.parametrize("key", ["n", "escape", "q"])
def test_exclusion_is_not_written_without_a_yes(project, key):
    before = project.read_text()
    drive("slash", *"data", "enter", "x", key, settings=project)(shown)

    assert project.read_text() == before


def test_exclusion_of_what_init_loads_is_warned_of(project):
    asked = drive("slash", *"app.py", "enter", "x", settings=project)(lambda app: app.screen.text)

    assert "1 of these files are loaded at INIT" in asked


def test_an_odd_name_is_a_pattern_of_that_file_alone(project):
    drive("slash", *"a[1]", "enter", "x", "y", settings=project)(shown)

    assert tomllib.loads(project.read_text())["tool"]["lambda-slim"]["exclude"][-1] == "/boto3/data/a\\[1].json"


def test_nothing_to_exclude(project):
    assert drive("slash", *"app.py", "enter", "x")(said) == ["a saved report has no settings to change"]
    assert "choose a distribution" in drive("x", settings=project)(said)[0]
    assert "left out already" in drive("slash", *"b.json", "enter", "x", settings=project)(said)[0]


def test_a_file_that_cannot_be_changed_is_told(project):
    text = "tool = 1\n"
    project.write_text(text)
    notes = drive("slash", *"data", "enter", "x", "y", settings=project)(said)

    assert "cannot be changed" in notes[0]
    assert "exclude = ['/boto3/data/']" in notes[0]
    assert project.read_text() == text


def test_a_small_screen_and_an_empty_function():
    empty = replace(REPORT, functions=(replace(FUNCTION, files=(), imports=None, distributions=()),))

    assert drive("down", "right", "w", "q", size=(40, 10), report=empty)(shown) == ["Orders"]


@pytest.fixture
def saved(tmp_path):
    file = tmp_path / "report.json"
    file.write_text(report_json(REPORT), "utf-8")
    return file


def test_without_a_terminal_it_is_an_error(saved, capsys):
    assert run(["analyze", str(saved), "--interactive"]) == 2
    error = capsys.readouterr().err
    assert error.startswith("error: --interactive needs a terminal\ncause: ")
    assert len(error.splitlines()) == 3


def test_without_textual_it_says_what_to_install(saved, capsys, monkeypatch):
    monkeypatch.setitem(sys.modules, "textual", None)
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)

    assert run(["analyze", str(saved), "-i"]) == 2
    assert capsys.readouterr().err.splitlines()[2] == 'hint:  pip install "lambda-slim[tui]"'


@pytest.mark.skipif(sys.platform == "win32", reason="no pseudo-terminals")
def test_in_a_real_terminal(saved):
    import pty

    ours, theirs = pty.openpty()
    env = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2]), "TERM": "xterm-256color"}
    command = [sys.executable, "-m", "lambda_slim", "analyze", str(saved), "-i"]
    with subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs, env=env) as child:
        os.close(theirs)
        seen, sent, end = b"", False, time.monotonic() + 60
        while child.poll() is None and time.monotonic() < end:
            if select.select([ours], [], [], 0.2)[0]:
                try:
                    seen += os.read(ours, 65536)
                except OSError:
                    break
            if b"botocore" in seen and not sent:
                os.write(ours, b"q")
                sent = True
        os.close(ours)
        assert child.wait(10) == 0, seen.decode(errors="replace")
    assert sent
