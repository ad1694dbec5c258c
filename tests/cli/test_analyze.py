"""A saved report is rendered again, whatever its size."""

import json
import shutil
import sys
from dataclasses import replace

import pytest

from lambda_slim.cli.main import run
from lambda_slim.formats.report_json import report_json
from tests.unit.render.test_renderers import FUNCTION, REPORT


def test_a_saved_report_is_shown_again_and_stays_the_same(tmp_path, capsys):
    many = replace(FUNCTION, files=tuple(replace(FUNCTION.files[0], path=f"m{n}.py") for n in range(500)))
    saved, again = tmp_path / "report.json", tmp_path / "again.json"
    saved.write_text(report_json(replace(REPORT, functions=(many,))), "utf-8")

    assert run(["analyze", str(saved), "--json", str(again)]) == 0
    assert "boto3" in capsys.readouterr().out
    assert again.read_text("utf-8") == saved.read_text("utf-8")


def test_a_log_that_is_none_is_three_lines(tmp_path, capsys):
    (tmp_path / "a.log").write_text("START RequestId: 1\n")

    assert run(["analyze", str(tmp_path), "--from-log", str(tmp_path / "a.log")]) == 2
    lines = capsys.readouterr().err.splitlines()
    assert [line.partition(":")[0] for line in lines] == ["error", "cause", "hint"]


@pytest.mark.e2e
@pytest.mark.skipif(sys.platform != "linux", reason="awslambdaric is for Linux")
def test_what_working_bytecode_is_worth_is_measured(tool):
    """A zip as pip and zip make it: without bytecode, or with bytecode that its dates make stale."""
    functions = "".join(f"def f{n}(a, b={n}):\n    return [a, b, a + b] if a else {{'b': b}}\n" for n in range(3000))
    tool.write("package/app.py", "import big\n\n\ndef handler(event, context):\n    return 1\n")
    tool.write("package/big.py", functions)
    shutil.make_archive(str(tool.folder / "made"), "zip", tool.folder / "package")

    python = f"{sys.version_info[0]}.{sys.version_info[1]}"
    tool("analyze", "made.zip", "--handler", "app.handler", "--python", python, "--runs", "3", "-q", "--json", "r.json")
    found = json.loads((tool.folder / "r.json").read_text("utf-8"))["functions"][0]
    step = found["next_steps"][0]

    assert found["imports"]["bytecode"] == "source"
    assert step["command"] == "lambda-slim build made.zip"
    assert step["saves_us"] > found["imports"]["total_us"] / 2


def test_what_has_not_changed_today_is_not_measured_again(tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("LAMBDA_SLIM_CACHE", str(tmp_path / "cache"))
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "lambda-slim.toml").write_text('[functions.F]\nhandler = "app.handler"\nruntime = "python3.12"\n')
    (folder / "app.py").write_text("def handler(event, context):\n    return 1\n")

    def analyze(*more):
        assert run(["analyze", "--no-import", *more, "-C", str(folder)]) == 0
        shown = capsys.readouterr()
        return shown.out, "1 report from today's cache" in shown.err

    first, kept = analyze()
    assert not kept
    assert analyze() == (first, True)
    assert analyze("--fresh") == (first, False)
    assert analyze("--level", "safe", "--startup", "lazy")[1] is False
    (folder / "app.py").write_text("def handler(event, context):\n    return 2\n")
    assert analyze()[1] is False
    assert analyze("-q")[1] is False  # says nothing
