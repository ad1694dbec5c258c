"""A module that INIT surely imports has to load."""

import pytest

from lambda_slim.model.report import Finding
from lambda_slim.model.startup_report import StartReport
from lambda_slim.plan.starts.loadable import without_unloadable
from lambda_slim.plan.starts.verdict import Judged

LIBRARY = "fast/_core.so"


def verdict(findings, was="yes"):
    judged = Judged(
        StartReport(was, "why" if was == "no" else "", 2), (), frozenset({"fast._core"}), frozenset({LIBRARY})
    )
    return without_unloadable(judged, findings).report


@pytest.mark.parametrize("rule", ["LS101", "LS102", "LS103", "LS105", "LS106", "LS107"])
def test_a_module_of_init_that_cannot_be_loaded_keeps_the_function_from_starting(rule):
    report = verdict([Finding(rule, "error", "cannot be loaded", file=LIBRARY)])

    assert (report.verdict, report.why) == ("no", f"{LIBRARY} cannot be loaded")


@pytest.mark.parametrize(
    "finding",
    [
        Finding("LS103", "error", "cannot be loaded", file="fast/_other.so"),
        Finding("LS104", "warning", "needs libx.so.1", file=LIBRARY),
        Finding("LS117", "error", "is not readable", file=LIBRARY),
    ],
    ids=["not imported", "not sure", "another rule"],
)
def test_other_findings_leave_the_verdict_as_it_is(finding):
    assert verdict([finding]).verdict == "yes"


def test_what_the_imports_say_comes_first():
    assert verdict([Finding("LS103", "error", "cannot be loaded", file=LIBRARY)], was="no").why == "why"
