from hypothesis import given
from hypothesis import strategies as st

from lambda_slim.budgets.evaluate import Timing
from lambda_slim.tasks.paired_runs import MORE, RUNS, _in_doubt, interval


def test_the_range_leaves_out_the_outermost_on_either_side():
    found = interval([5, 1, 9, 7, 3, 100, 0, 6, 4])

    assert (found.low, found.value, found.high) == (1, 5, 9)
    assert not found.sure


@given(st.lists(st.integers(0, 10**9), min_size=1, max_size=RUNS))
def test_the_median_lies_in_the_range(values):
    found = interval(values)

    assert found.low <= found.value <= found.high


def test_more_runs_narrow_the_range():
    found = interval(range(MORE))

    assert (found.low, found.value, found.high) == (7, 12, 17)


def test_only_a_median_over_a_limit_that_its_range_does_not_clear_is_in_doubt():
    growth = {"import-growth": Timing(150_000, 90_000, 200_000), "import-time": Timing(80, 70, 90)}

    assert _in_doubt(growth, {"import-growth": 100_000})
    assert not _in_doubt(growth, {"import-growth": 80_000, "import-time": 60})
    assert not _in_doubt(growth, {"import-growth": 160_000, "cold-start": 1})
