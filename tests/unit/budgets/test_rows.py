"""Every row of a check in full: value, limit, unit, baseline and words, and the first value that is over."""

import pytest

from lambda_slim.budgets.budgets import Budget
from lambda_slim.budgets.evaluate import Measured, Timing, contradictions, evaluate
from lambda_slim.budgets.lock import make_entry
from lambda_slim.model.report import CheckRow, Finding

NOW = make_entry(1000, 400, 7, {"six": ("1", 60), "zoo": ("2", 5)}, ["app", "six", "six.moves"], "all")


def rows(*budgets, now=None, before=None, **more):
    return evaluate(budgets, Measured(now or NOW, **more), before)


@pytest.mark.parametrize(
    ("key", "value", "unit", "baseline"),
    [
        ("unzipped", 1000, "bytes", 900),
        ("zipped", 400, "bytes", 300),
        ("files", 7, "count", 6),
        ("modules", 3, "count", 1),
        ("distributions.six", 60, "bytes", 50),
        ("distributions.gone", 0, "bytes", 9),
    ],
)
def test_a_limit_of_the_package(key, value, unit, baseline):
    before = make_entry(900, 300, 6, {"six": ("1", 50), "gone": ("1", 9)}, ["app"], "all")

    (row,) = rows(Budget(key, value, message="mine", line=3))
    assert row == CheckRow(key, "passed", "error", value, value, unit, None, "", "", 3)
    assert rows(Budget(key, value), before=before)[0].baseline == baseline
    if value:
        over = rows(Budget(key, value - 1, level="warning", message="mine", line=3))[0]
        assert over == CheckRow(key, "warning", "warning", value, value - 1, unit, None, "mine", "", 3)
        assert rows(Budget(key, value - 1))[0].status == "failed"


def test_times_that_were_not_measured():
    for key in ("import-time", "cold-start"):
        assert rows(Budget(key, 5, line=2)) == (
            CheckRow(key, "skipped", "error", 0, 5, "us", None, "not measured", "", 2),
        )
    told = "not measured beside its base (--against git:REF)"
    assert rows(Budget("import-growth", 5, line=2)) == (
        CheckRow("import-growth", "skipped", "error", 0, 5, "ppm", None, told, "", 2),
    )


@pytest.mark.parametrize(
    ("timing", "status", "message"),
    [
        (Timing(5000, 4000, 9000), "passed", ""),
        (Timing(5001, 5001, 9000, sure=True), "failed", "all of 5 ms to 9 ms is over"),
        (Timing(5001, 5000, 9000, sure=True), "noise", "5 ms to 9 ms, not proved over the limit: not failed"),
        (
            Timing(6000, 5500, 9000),
            "noise",
            "6 ms to 9 ms, not measured beside its base (--against git:REF): not failed",
        ),
    ],
)
def test_times_against_a_limit(timing, status, message):
    (row,) = rows(Budget("cold-start", 5000, line=2), times={"cold-start": timing})

    assert (row.status, row.value, row.limit, row.unit, row.line) == (status, timing.value, 5000, "us", 2)
    assert row.message == message


@pytest.mark.parametrize(
    ("timing", "status", "message"),
    [
        (Timing(100_000, -20_000, 150_000), "passed", "-2 % to +15 %"),
        (Timing(100_001, 100_000, 150_000), "noise", "+10 % to +15 %, not proved over the limit: not failed"),
        (Timing(120_000, 100_001, 150_000), "failed", "all of +10 % to +15 % is over"),
    ],
)
def test_growth_of_time(timing, status, message):
    (row,) = rows(Budget("import-growth", 100_000, line=2), times={"import-growth": timing})

    assert row == CheckRow("import-growth", status, "error", timing.value, 100_000, "ppm", None, message, "", 2)


def test_growth_takes_the_larger_of_bytes_and_percent():
    before = make_entry(1000, 300, 7, {}, ["app", "six", "six.moves"], "all")

    by_percent = rows(Budget("growth", 5, percent=10.0), before=before)
    by_bytes = rows(Budget("growth", 200, percent=10.0), before=before)
    assert [(row.id, row.value, row.limit, row.baseline, row.status) for row in by_percent[:2]] == [
        ("growth of unzipped", 1000, 1100, 1000, "passed"),
        ("growth of zipped", 400, 330, 300, "failed"),
    ]
    assert [row.limit for row in by_bytes[:2]] == [1200, 500]
    edge = make_entry(900, 300, 7, {}, ["app", "six", "six.moves"], "all")
    assert [row.status for row in rows(Budget("growth", 100), before=edge)[:2]] == ["passed", "passed"]
    assert [row.status for row in rows(Budget("growth", 99), before=edge)[:2]] == ["failed", "failed"]
    assert rows(Budget("growth", 99, line=4)) == (
        CheckRow("growth", "skipped", "error", 1000, 0, "bytes", None, "no baseline", "", 4),
    )


def test_a_baseline_of_other_bytecode_warns_and_says_so():
    other = make_entry(10, 10, 7, {}, [], "none")
    unknown = make_entry(10, 10, 7, {}, [], "")

    (first, *_) = rows(Budget("growth", 1), before=other)
    assert (first.status, first.level) == ("warning", "warning")
    assert first.message == "the baseline has bytecode none, this has all"
    assert [(row.status, row.message) for row in rows(Budget("growth", 1), before=unknown)[:1]] == [("failed", "")]


def test_what_a_lock_holds_without_a_budget():
    before = make_entry(1000, 400, 7, {}, ["app"], "all")

    found = rows(before=before, own=frozenset({"app"}))
    assert [(row.id, row.status, row.limit) for row in found] == [
        ("growth of unzipped", "passed", 1000 + 16 * 1024),
        ("growth of zipped", "passed", 400 + 16 * 1024),
        ("new at INIT", "failed", 0),
    ]
    assert found[2] == CheckRow("new at INIT", "failed", "error", 1, 0, "count", 0, "six (2 modules)")
    large = make_entry(10_000_000, 400, 7, {}, ["app"], "all")
    assert rows(before=large)[0].limit == 10_100_000
    assert [row.id for row in rows(Budget("growth", 1), before=before)].count("growth of unzipped") == 1


def test_new_packages_at_init_are_named_up_to_five():
    names = [f"p{n}" for n in range(7)]
    before = make_entry(1000, 400, 7, {}, [], "all")
    now = make_entry(1000, 400, 7, {}, [*names, "p0.x"], "all")

    told = {row.id: row for row in rows(now=now, before=before)}["new at INIT"]
    assert (told.value, told.message) == (7, "p0, p1, p2, p3, p4 and 2 more (8 modules)")
    five = {row.id: row for row in rows(now=make_entry(1, 1, 1, {}, names[:5], "all"), before=before)}["new at INIT"]
    assert five.message == "p0, p1, p2, p3, p4 (5 modules)"


def test_more_modules_of_others_than_locked():
    before = make_entry(1000, 400, 7, {}, [f"six.m{n}" for n in range(1000)], "all")

    def grown(more):
        now = make_entry(1000, 400, 7, {}, [f"six.m{n}" for n in range(1000 + more)], "all")
        return [row for row in rows(now=now, before=before) if row.id == "growth of modules"]

    assert grown(10) == []
    told = "third-party packages load more modules at INIT than locked"
    assert grown(11) == [CheckRow("growth of modules", "failed", "error", 1011, 1010, "count", 1000, told)]


def test_what_is_forbidden():
    where = {"files": frozenset({"a.pem", "six.py"}), "modules": frozenset({"six", "six.moves", "sixty"})}

    assert rows(Budget("forbid", names=("*.pem", "six"), line=5), **where) == (
        CheckRow("forbid", "failed", "error", 2, 0, "count", None, "a.pem, six", "", 5),
    )
    assert rows(Budget("forbid", names=("SIX",)), **where)[0].status == "passed"
    at_init = rows(Budget("forbid-at-init", names=("zoo", "six.moves", "six", "sixt"), message="slow"), **where)[0]
    assert (at_init.status, at_init.value, at_init.message) == ("failed", 2, "six, six.moves; slow")


def test_findings_become_rows():
    found = (
        Finding("LS1", "warning", "w", file="a.py", line=3),
        Finding("LS2", "error", "e"),
        Finding("LS3", "info", "i"),
    )

    assert rows(findings=found) == (
        CheckRow("LS1", "warning", "warning", 0, 0, "", None, "w", "a.py", 3),
        CheckRow("LS2", "failed", "error", 0, 0, "", None, "e"),
    )


def test_budgets_that_contradict_each_other_from_the_first_byte_on():
    whole = Budget("unzipped", 2048)
    rows = [Budget("zipped", 2048), Budget("distributions.six", 2049), Budget("files", 9999), Budget("zipped", 2049)]

    assert contradictions(rows) == ()
    found = contradictions([whole, *rows])
    assert [one for one, _ in found] == [rows[1], rows[3]]
    assert found[0][1] == "`distributions.six` allows 2.0 KiB, more than `unzipped` (2.0 KiB)"


def test_a_budget_limits_nothing_by_itself_and_is_the_same_on_another_line():
    assert (Budget("growth").limit, Budget("growth").percent, Budget("growth").level) == (0, 0.0, "error")
    assert Budget("growth", line=1) == Budget("growth", line=2) != Budget("growth", 1)
