"""A time is read where other programs disturb it least."""

from statistics import median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lambda_slim.measure.undisturbed import undisturbed

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
