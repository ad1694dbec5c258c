"""A saved report is read as it was written."""

import json

import pytest

from lambda_slim.base.errors import ConfigError
from lambda_slim.formats.report_json import is_report, parse_report, report_json
from lambda_slim.model.import_report import ImportNode, ImportReport
from lambda_slim.model.report import DistributionRow, FileRow, Finding, FunctionReport, Report, Sizes

FUNCTION = FunctionReport(
    "F", "app.handler", "python3.12", "x86_64", 128, Sizes(3, 2, 1),
    by_kind=(("data", 2), ("source", 1)),
    distributions=(DistributionRow("lib", "1", True, ("a",), 1, 1, (), 1, 1),),
    files=(FileRow("app.py", 3, 2, "(project)", "source", "kept", "default", "", reached=True, line=7),),
    imports=ImportReport(5, 9, 4, 8, "pyc", "ric", 5, (ImportNode(0, "app", None, "(project)", "app.py", None, 1, 9),)),
    findings=(Finding("LS102", "error", "needs", file="a.so"),),
)  # fmt: skip
REPORT = Report("1.0", (FUNCTION,), started="2026-11-01", duration_us=7)


def test_there_and_back():
    text = report_json(REPORT)

    assert parse_report(text) == REPORT
    assert is_report(text)
    assert json.loads(text)["run"] == {"started": "2026-11-01", "duration_us": 7}


def test_what_a_later_version_adds_is_left_out():
    table = json.loads(report_json(REPORT))
    table["later"] = table["functions"][0]["later"] = 3

    assert parse_report(json.dumps(table)) == REPORT


def test_rows_have_the_columns_that_they_name():
    table = json.loads(report_json(REPORT))
    files = table["functions"][0]["files"]
    assert parse_report(json.dumps(table), sealed=True) == REPORT
    order = [*range(5, len(files["columns"])), *range(5)]
    other = {"columns": [files["columns"][place] for place in order], "rows": []}
    other["rows"] = [[row[place] for place in order] for row in files["rows"]]
    table["functions"][0]["files"] = other
    assert parse_report(json.dumps(table)) == REPORT

    table["functions"][0]["files"] = {**files, "rows": [files["rows"][0][:-1]]}
    with pytest.raises(ConfigError, match="damaged"):
        parse_report(json.dumps(table))


EMPTY = {"files": {"columns": [], "rows": []}}


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ([], "not a report"),
        ({}, "not a report"),
        ({"schema_version": "99.0"}, "the report has schema 99.0"),
        ({"functions": 3}, "damaged"),
        ({"functions": [{}]}, "damaged"),
        ({"functions": [EMPTY]}, "damaged"),
    ],
)
def test_what_is_no_report_is_refused(change, told):
    table = {**json.loads(report_json(REPORT)), **change} if change else change

    with pytest.raises(ConfigError, match=told) as caught:
        parse_report(json.dumps(table))

    assert caught.value.exit_code == 2
