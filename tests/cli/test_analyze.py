"""A saved report is rendered again, whatever its size."""

from dataclasses import replace

from lambda_slim.cli import run
from lambda_slim.report import report_json
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
