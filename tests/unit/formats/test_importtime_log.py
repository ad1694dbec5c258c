"""The log of `-X importtime`: trees from rows, processes from streams, and what does not fit."""

import json

import pytest

from lambda_slim.formats.importtime_log import LogRow, LogRun, parse_log

HEADER = "import time: self [us] | cumulative | imported package"
ROWS = """import time:        10 |         10 |     json.scanner
import time:        20 |         30 |   json
import time:         5 |          5 |   csv
import time:       100 |        135 | app"""
RUN = LogRun((LogRow("app", 100, None), LogRow("json", 20, 0), LogRow("json.scanner", 10, 1), LogRow("csv", 5, 0)))
STREAM = "2026/11/01/[$LATEST]" + "a" * 32


def test_importers_come_first():
    assert parse_log(f"{HEADER}\n{ROWS}\n") == (RUN,)


def test_a_header_begins_a_process_and_an_invocation_ends_what_counts():
    more = ROWS.replace("app", "late")
    text = f"{HEADER}\n{ROWS}\nSTART RequestId: 1\n{more}\n{HEADER}\n{ROWS}\n"

    assert parse_log(text) == (RUN, RUN)


def test_streams_are_told_apart():
    other = STREAM.replace("a", "b")
    lines = [f"{stream} {line}" for line in ROWS.splitlines() for stream in (STREAM, other)]

    assert parse_log("\n".join(lines)) == (RUN, RUN)


@pytest.mark.parametrize(
    "text",
    [
        json.dumps({"events": [{"logStreamName": STREAM, "message": line} for line in ROWS.splitlines()]}),
        "\n".join(json.dumps({"message": line}) for line in ROWS.splitlines()),
        "\n".join(f"{STREAM} {json.dumps({'message': line})}" for line in ROWS.splitlines()),
        ROWS.replace("import time:        20", "text before import time:        20"),
    ],
)
def test_what_the_aws_cli_makes_of_it(text):
    assert parse_log(text) == (RUN,)


def test_lines_with_braces_that_are_no_json_are_text():
    assert parse_log(ROWS.replace("json.scanner", "json.scanner {odd}")) == (RUN,)


def test_cached_rows_are_left_out():
    assert parse_log(f"import time: cached    | cached     | os\n{ROWS}") == (RUN,)


@pytest.mark.parametrize(("total", "doubtful"), [(135, 0), (139, 0), (140, 1), (131, 0), (130, 1)])
def test_times_that_do_not_fit_are_counted(total, doubtful):
    (run,) = parse_log(ROWS.replace("135", str(total)))

    assert run.doubtful == doubtful


def test_a_negative_time_is_doubtful_and_none():
    (run,) = parse_log("import time:        -7 |         -7 | app")

    assert run == LogRun((LogRow("app", 0, None),), 1)


@pytest.mark.parametrize("text", ["", "text", "{", '{"message": "text"}'])
def test_without_a_row_it_is_refused(text):
    with pytest.raises(ValueError, match="no line `import time"):
        parse_log(text)
