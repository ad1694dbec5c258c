"""Lines as the AWS documentation and public logs show them."""

import json

import pytest

from lambda_slim.formats.report_line import ColdStart, joined, parse_reports

COLD = (
    "REPORT RequestId: 8f507cfc-xmpl-4697-b07a-ac58fc914c95\tDuration: 133.61 ms\tBilled Duration: 214 ms\t"
    "Memory Size: 128 MB\tMax Memory Used: 56 MB\tInit Duration: 80.00 ms\t"
)
WARM = "REPORT RequestId: 5e1\tDuration: 1.13 ms\tBilled Duration: 2 ms\tMemory Size: 128 MB\tMax Memory Used: 56 MB\t"
RESTORED = (
    "REPORT RequestId: 5e2 Duration: 35.4 ms Billed Duration: 70 ms Memory Size: 512 MB Max Memory Used: 90 MB "
    "Restore Duration: 446.93 ms Billed Restore Duration: 33 ms"
)
FAILED = "INIT_REPORT Init Duration: 9999.65 ms\tPhase: init\tStatus: timeout"
RECORD = {
    "time": "2026-03-12T23:01:10.369Z",
    "type": "platform.report",
    "record": {
        "requestId": "6d68ca91",
        "metrics": {"durationMs": 101.4, "billedDurationMs": 300, "memorySizeMB": 512, "initDurationMs": 116.67},
        "status": "success",
    },
}
INIT = {
    "type": "platform.initReport",
    "record": {"initializationType": "on-demand", "status": "error", "phase": "init"},
}


def test_text_as_cloudwatch_shows_it():
    found = parse_reports(f"START RequestId: 1\nhello {{world}}\n{COLD}\n{WARM}\n{RESTORED}\n{FAILED}\n")

    assert found.cold == (ColdStart(80.0, 128),)
    assert (found.reports, found.restored, found.failed) == (3, 1, 1)


def test_lines_may_have_dates_before_them():
    assert parse_reports(f"2026-03-12T23:01:10 {COLD}").cold == (ColdStart(80.0, 128),)


def test_json_records_one_a_line():
    text = "\n".join(json.dumps(one) for one in (RECORD, INIT, {"message": "hello", "level": "INFO"}))
    found = parse_reports(text)

    assert found.cold == (ColdStart(116.67, 512),)
    assert found.failed == 1


def test_exports_of_events():
    events = {"events": [{"message": COLD, "timestamp": 1}, {"message": json.dumps(RECORD)}, {"message": "x"}]}

    assert len(parse_reports(json.dumps(events)).cold) == 2
    assert len(parse_reports(json.dumps([{"message": COLD}])).cold) == 1


@pytest.mark.parametrize("text", ["", "hello", "{}", "[]", "null", '{"events": 3}', "REPORT of the year"])
def test_what_is_no_log(text):
    with pytest.raises(ValueError, match="no REPORT line"):
        parse_reports(text)


def test_logs_are_joined():
    found = joined([parse_reports(COLD), parse_reports(f"{WARM}\n{COLD}")])

    assert (len(found.cold), found.reports) == (2, 3)
