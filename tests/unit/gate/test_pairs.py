from hypothesis import given
from hypothesis import strategies as st

from lambda_slim.gate.pairs import RUNS, interval


def test_the_range_leaves_out_the_outermost_on_either_side():
    found = interval([5, 1, 9, 7, 3, 100, 0, 6, 4])

    assert (found.low, found.value, found.high) == (1, 5, 9)
    assert not found.sure


@given(st.lists(st.integers(0, 10**9), min_size=1, max_size=RUNS))
def test_the_median_lies_in_the_range(values):
    found = interval(values)

    assert found.low <= found.value <= found.high
