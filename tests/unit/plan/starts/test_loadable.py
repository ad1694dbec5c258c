"""What INIT surely imports has to load: modules, and the libraries that they link to."""

import pytest

from lambda_slim.model.member import Member
from lambda_slim.model.report import Finding
from lambda_slim.model.startup_report import StartReport
from lambda_slim.plan.starts.loadable import loaded_files, with_members
from lambda_slim.plan.starts.verdict import Judged
from tests.binaries import make_elf

MODULE, LIBRARY, DEEP = "fast/_core.so", "fast.libs/libone.so", "fast.libs/libdeep.so"
MEMBERS = (
    Member(MODULE, make_elf(needed=("libone.so", "libc.so.6"))),
    Member(LIBRARY, make_elf(needed=("libdeep.so",))),
    Member(DEEP, make_elf(needed=("libone.so",))),
    Member("fast.libs/libother.so", make_elf()),
)


def verdict(finding, was="yes"):
    report = StartReport(was, "why" if was == "no" else "", 2)
    judged = Judged(report, (), frozenset({"fast._core"}), frozenset({MODULE}))
    return with_members(judged, MEMBERS, [finding]).report


@pytest.mark.parametrize("rule", ["LS101", "LS102", "LS103", "LS105", "LS106", "LS107"])
@pytest.mark.parametrize("path", [MODULE, LIBRARY, DEEP])
def test_what_init_loads_and_lambda_cannot_load_keeps_the_function_from_starting(rule, path):
    report = verdict(Finding(rule, "error", "cannot be loaded", file=path))

    assert (report.verdict, report.why) == ("no", f"{path} cannot be loaded")


def test_a_library_that_may_lie_elsewhere_leaves_it_open():
    report = verdict(Finding("LS104", "warning", "needs libx.so.1", file=DEEP))

    assert (report.verdict, report.why) == ("unknown", f"{DEEP} needs libx.so.1")


@pytest.mark.parametrize(
    "finding",
    [
        Finding("LS103", "error", "cannot be loaded", file="fast/_other.so"),
        Finding("LS103", "error", "cannot be loaded", file="fast.libs/libother.so"),
        Finding("LS117", "error", "is not readable", file=MODULE),
    ],
    ids=["not imported", "not linked", "another rule"],
)
def test_other_findings_leave_the_verdict_as_it_is(finding):
    assert verdict(finding).verdict == "yes"


def test_what_the_imports_say_comes_first():
    assert verdict(Finding("LS103", "error", "cannot be loaded", file=MODULE), was="no").why == "why"


def test_a_damaged_library_links_to_nothing():
    members = (Member(MODULE, make_elf(needed=("libone.so",))[:80]), Member(LIBRARY, make_elf()))

    assert loaded_files({MODULE, "app.py"}, members) == {MODULE, "app.py"}
