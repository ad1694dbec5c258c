"""Logs that real Pythons wrote, and what CloudWatch makes of them."""

import json
from pathlib import Path

import pytest

from lambda_slim.base.errors import ConfigError, UsageError
from lambda_slim.formats.importtime_log import parse_log
from lambda_slim.measure.from_log import Log, logged, of_one_function, read_log
from lambda_slim.model.imports import Edge, How, Imports, Module

LOGS = Path(__file__).parents[2] / "data" / "logs"
PYTHONS = ["python3.10", "python3.11", "python3.12", "python3.13"]
IMPORTS = Imports(
    {"src.app": Module("src.app", "src/app.py", False), "src.helper": Module("src.helper", "src/helper.py", False)},
    {"src.app": (Edge("src.app", "src.helper", 9, How.TOP), Edge("src.app", "json", 1, How.TOP)), "src.helper": ()},
)


def text(name):
    return (LOGS / f"{name}.log").read_text("utf-8")


def chain(rows, name):
    row = next(row for row in rows if row.module == name)
    return [row.module, *(chain(rows, rows[row.parent].module) if row.parent is not None else ())]


def cumulative(text, name):
    line = next(line for line in text.splitlines() if line.endswith(f" {name}"))
    return int(line.split("|")[-2])


@pytest.mark.parametrize("python", PYTHONS)
def test_the_tree_is_what_python_printed(python):
    [run] = parse_log(text(python))

    assert run.doubtful == 0
    assert chain(run.rows, "json.scanner") == ["json.scanner", "json.decoder", "json", "src.app"]
    assert chain(run.rows, "sqlite3.dbapi2") == [
        "sqlite3.dbapi2",
        "sqlite3",
        "src.app",
    ]  # after a print without newline


@pytest.mark.parametrize("python", PYTHONS)
def test_own_times_add_up_to_the_cumulative(python):
    report, findings = logged(Log("a.log", parse_log(text(python))), "src.app", IMPORTS)

    assert findings == ()
    assert report.total_us == pytest.approx(cumulative(text(python), "src.app"), abs=len(report.nodes))
    assert report.nodes[0].total_us == report.total_us == sum(node.self_us for node in report.nodes)
    names = [node.module for node in report.nodes]
    assert names[0] == "src.app"
    assert "encodings" not in names
    helper = next(node for node in report.nodes if node.module == "src.helper")
    assert (helper.distribution, helper.file, helper.line, helper.importer) == (
        "(project)",
        "src/helper.py",
        9,
        "src/app.py",
    )
    status = {node.module: node.status for node in report.nodes}
    assert (status["nope"], status["json"]) == ("failed", "ok")


def test_starts_are_within_their_importers():
    report, _ = logged(Log("a.log", parse_log(text("python3.12"))), "src.app", IMPORTS)

    for node in report.nodes[1:]:
        above = report.nodes[node.parent]
        assert above.start_us <= node.start_us
        assert node.start_us + node.total_us <= above.start_us + above.total_us


def test_what_the_runtime_loads_is_not_counted():
    whole = text("runtime")
    report, findings = logged(Log("a.log", parse_log(whole)), "src.app", IMPORTS)
    names = {node.module for node in report.nodes}

    assert "src.helper" in names
    assert "awslambdaric.bootstrap" not in names
    assert report.nodes[0].module == "src.app"
    assert report.nodes[0].self_us == 0
    assert [finding.level for finding in findings] == ["info"]


def test_threads_are_told_and_nothing_is_negative():
    [run] = parse_log(text("threads"))
    _, findings = logged(Log("a.log", (run,)), "src.threads", IMPORTS)

    assert run.doubtful
    assert min(row.self_us for row in run.rows) >= 0
    assert any("do not fit together" in finding.message for finding in findings)


STREAM = "2026/11/24/[$LATEST]" + "0123456789abcdef" * 2
WRAPS = {
    "tail": lambda line: f"2026-11-24T10:00:00.123000+00:00 {STREAM} {line}",
    "console": lambda line: f"2026-11-24T10:00:00.123Z\t{line}",
    "json lines": lambda line: json.dumps({"timestamp": "2026-11-24T10:00:00Z", "level": "INFO", "message": line}),
    "tail of json": lambda line: f"2026-11-24T10:00:00 {STREAM} {json.dumps({'message': line})}",
    "windows": lambda line: f"{line}\r",
}


@pytest.mark.parametrize("wrap", WRAPS.values(), ids=WRAPS)
def test_cloudwatch_prefixes_and_json(wrap):
    plain = text("python3.12")
    wrapped = "\n".join(wrap(line) for line in plain.splitlines())

    assert parse_log(wrapped) == parse_log(plain)


def test_the_json_that_the_aws_cli_writes():
    plain = text("python3.12")
    events = [{"logStreamName": STREAM, "timestamp": 1, "message": f"{line}\n"} for line in plain.splitlines()]

    assert parse_log(json.dumps({"events": events}, indent=1)) == parse_log(plain)


@pytest.mark.parametrize("start", ["START RequestId: 1 Version: $LATEST", '{"type": "platform.start"}'])
def test_what_is_imported_by_an_invocation_is_not_init(start):
    late = "import time:       100 |        100 | late"

    assert parse_log(f"{text('python3.12')}{start}\n{late}\n") == parse_log(text("python3.12"))


def test_cold_starts_of_two_streams_are_told_apart():
    lines = text("python3.12").splitlines()
    other = STREAM.replace("0", "f")
    both = [f"{stream} {line}" for line in lines for stream in (STREAM, other)]

    assert parse_log("\n".join(both)) == parse_log(text("python3.12")) * 2


def test_several_cold_starts_one_after_another():
    report, _ = logged(Log("a.log", parse_log(text("python3.12") + text("python3.13"))), "src.app", IMPORTS)

    assert report.runs == 2
    assert report.spread_us > 0


def test_cached_rows_have_lost_their_level():
    cached = "import time: cached    | cached     |   sys\n"

    assert parse_log(cached + text("python3.13")) == parse_log(text("python3.13"))


@pytest.mark.parametrize("content", ["", "hello\n", '{"events": []}', "import time: soon", "\0\xff"])
def test_what_is_no_such_log_is_said(content, tmp_path):
    (tmp_path / "a.log").write_text(content)

    with pytest.raises(ConfigError) as caught:
        read_log(tmp_path / "a.log")
    assert caught.value.cause
    assert caught.value.hint


def test_a_log_that_is_not_there_and_too_many_functions(tmp_path):
    with pytest.raises(UsageError):
        read_log(tmp_path / "none.log")
    with pytest.raises(UsageError):
        of_one_function(["A", "B"])


def test_a_line_with_a_time_that_no_import_takes_is_none():
    lines = f"import time: {'9' * 400} | 200 | a\nimport time: 100 | 200 | b\n"

    assert [row.module for run in parse_log(lines) for row in run.rows] == ["b"]
