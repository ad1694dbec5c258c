"""A time is read where other programs disturb it least."""

import json
from statistics import mean, median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lambda_slim.measure.coldstart import Workload, estimate, reference_of
from lambda_slim.measure.undisturbed import undisturbed
from tests.cli.conftest import ROOT

TIMES = st.lists(st.floats(1, 1e6), min_size=1, max_size=40)


@given(TIMES)
def test_it_lies_between_the_least_and_the_median(times):
    assert min(times) <= undisturbed(times) * 1.000001
    assert undisturbed(times) <= median(times) * 1.000001


@given(TIMES, st.floats(0.01, 100))
def test_a_slower_machine_scales_it(times, factor):
    assert undisturbed([time * factor for time in times]) == pytest.approx(undisturbed(times) * factor)


def test_a_run_that_something_disturbed_changes_nothing():
    assert undisturbed([165, 166, 164, 165, 167]) == undisturbed([165, 400, 164, 165, 900])


# Readings of fixtures/svc and of the kernel on two cores, ms of CPU; the load is what the machine had.
READINGS = sorted(json.loads((ROOT / "tests/data/kernel-readings.json").read_text("utf-8"))["rows"])


@pytest.mark.parametrize(("init", "before", "after", "off"), [(1, 2, 3, 0.03), (4, 3, 5, 0.04)], ids=["pyc", "source"])
def test_the_estimate_is_the_same_whatever_else_the_machine_does(init, before, after, off):
    """Four loads, from 8 to 20: what was read there gives estimates that hardly differ."""
    quarter = len(READINGS) // 4
    estimates = []
    for start in range(0, 4 * quarter, quarter):
        rows = READINGS[start : start + quarter]
        cpu_us = undisturbed([row[init] * 1000 for row in rows])
        reference = reference_of([round(row[at] * 1000) for row in rows for at in (before, after)])
        found = estimate(Workload("python3.12", "x86_64", 128, round(cpu_us), reference=reference))
        estimates.append(sum(part.likely_us for part in found.parts[:2]))  # not rounded to two digits

    assert estimates == pytest.approx([mean(estimates)] * 4, rel=off)
