from hypothesis import given
from hypothesis import strategies as st

from lambda_slim.budgets.budgets import Budget
from lambda_slim.budgets.difference import changes
from lambda_slim.budgets.evaluate import Measured, Timing, contradictions, evaluate
from lambda_slim.budgets.lock import make_entry
from lambda_slim.model.report import Finding

MIB = 1024**2
BEFORE = make_entry(10 * MIB, 4 * MIB, 100, {"six": ("1.0", 100)}, ["app", "six"], "all")


def facts(unzipped=10 * MIB, zipped=4 * MIB, modules=("app", "six"), bytecode="all", **distributions):
    rows = distributions or {"six": ("1.0", 100)}
    return make_entry(unzipped, zipped, 100, rows, modules, bytecode)


def status(budget, now, before=None):
    return {row.id: row.status for row in evaluate([budget] if budget else [], now, before)}


@given(st.integers(0, 10**9), st.integers(0, 10**9))
def test_a_size_fails_exactly_when_it_is_over(size, limit):
    now = Measured(facts(unzipped=size))

    assert (status(Budget("unzipped", limit), now)["unzipped"] == "failed") == (size > limit)


def test_a_warning_does_not_fail():
    assert status(Budget("unzipped", 1, level="warning"), Measured(facts())) == {"unzipped": "warning"}


def test_forbidden_distributions_files_and_modules():
    now = Measured(facts(), files=frozenset({"app.py", "data/x.pem"}), modules=frozenset({"app", "pandas.core"}))

    assert status(Budget("forbid", names=("six",)), now) == {"forbid": "failed"}
    assert status(Budget("forbid", names=("*.pem",)), now) == {"forbid": "failed"}
    assert status(Budget("forbid", names=("boto3",)), now) == {"forbid": "passed"}
    assert status(Budget("forbid-at-init", names=("pandas",)), now) == {"forbid-at-init": "failed"}
    assert status(Budget("forbid-at-init", names=("pan",)), now) == {"forbid-at-init": "passed"}


def test_a_lock_holds_bytes_within_a_percent_and_says_what_is_new_at_init():
    now = Measured(facts(unzipped=10 * MIB + 100_000))
    assert status(None, now, BEFORE) == {
        "growth of unzipped": "passed",
        "growth of zipped": "passed",
        "new at INIT": "passed",
    }
    now = Measured(
        facts(unzipped=10 * MIB + 110_000, modules=("app", "six", "pandas", "app2")), own=frozenset({"app2"})
    )
    found = status(None, now, BEFORE)
    assert found["growth of unzipped"] == "failed"
    assert found["new at INIT"] == "failed"
    (row,) = [one for one in evaluate([], now, BEFORE) if one.id == "new at INIT"]
    assert row.message == "pandas (1 module)"


def test_a_baseline_that_was_compiled_otherwise_only_warns():
    now = Measured(facts(unzipped=20 * MIB, bytecode="none"))

    assert status(None, now, BEFORE)["growth of unzipped"] == "warning"


def test_growth_without_a_baseline_is_skipped():
    assert status(Budget("growth", 1), Measured(facts())) == {"growth": "skipped"}


def test_time_fails_only_when_proved():
    budget = Budget("import-time", 100)

    def of(timing):
        return status(budget, Measured(facts(), times={"import-time": timing} if timing else None))["import-time"]

    assert of(None) == "skipped"
    assert of(Timing(90, 80, 130)) == "passed"
    assert of(Timing(120, 90, 130, sure=True)) == "noise"
    assert of(Timing(120, 110, 130)) == "noise"
    assert of(Timing(120, 110, 130, sure=True)) == "failed"


def test_growth_of_time_fails_only_on_its_whole_range():
    budget = Budget("import-growth", 100_000)

    def of(timing):
        return status(budget, Measured(facts(), times={"import-growth": timing} if timing else None))["import-growth"]

    assert of(None) == "skipped"
    assert of(Timing(50_000, -20_000, 200_000)) == "passed"
    assert of(Timing(150_000, 50_000, 200_000)) == "noise"
    assert of(Timing(150_000, 110_000, 200_000)) == "failed"


def test_findings_become_rows_and_information_does_not():
    found = (Finding("LS101", "error", "wrong machine", file="x.so"), Finding("LS113", "info", "large"))

    assert status(None, Measured(facts(), findings=found)) == {"LS101": "failed"}


def test_changes_are_told_largest_first():
    now = facts(15 * MIB + 4096, modules=("app", "new.a", "new.b"), new=("2.0", 5 * MIB), six=("1.1", 90))

    assert changes(now, BEFORE) == (
        "+ new 2.0   +5.0 MiB",
        "~ your own files and notices   +4.0 KiB",
        "~ six 1.0 → 1.1   −10 B",
        "+ 2 modules of `new` at INIT",
        "− 1 module of `six` at INIT",
    )
    assert changes(BEFORE, BEFORE) == ()


@given(st.integers(1, 10**9))
def test_any_added_byte_of_a_distribution_is_told(more):
    assert changes(facts(six=("1.0", 100 + more)), BEFORE)


def test_budgets_that_contradict_each_other():
    assert contradictions([Budget("unzipped", 5), Budget("zipped", 6)])
    assert contradictions([Budget("unzipped", 5), Budget("distributions.six", 6)])
    assert not contradictions([Budget("unzipped", 6), Budget("zipped", 5)])


def test_more_modules_of_packages_that_were_there_break_the_lock():
    """A deeper import of what ships already: no new package, hardly a byte, and every cold start is slower."""
    before = make_entry(10**6, 10**6, 9, {}, [f"botocore.m{n}" for n in range(100)] + ["app"])
    for more, own, broken in ((5, 0, False), (6, 0, True), (0, 50, False), (60, 0, True)):
        names = [f"botocore.m{n}" for n in range(100 + more)] + ["app", *(f"app.m{n}" for n in range(own))]
        now = Measured(make_entry(10**6, 10**6, 9, {}, names), own=frozenset({"app"}))
        failed = [row.id for row in evaluate([], now, before) if row.status == "failed"]
        assert failed == (["growth of modules"] if broken else [])
        assert not [row.id for row in evaluate([Budget("modules", 500)], now, before) if row.status == "failed"]
