"""Budgets as of today and a little more."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lambda_slim.base.errors import UsageError
from lambda_slim.base.units import parse_size
from lambda_slim.budgets.budgets import Budget
from lambda_slim.budgets.evaluate import contradictions
from lambda_slim.budgets.lock import make_entry
from lambda_slim.tasks.init.budgets import parse_headroom, propose_budgets, show_limit, show_limits

MIB = 1024**2


def facts(unzipped, zipped, modules=100):
    return make_entry(unzipped, zipped, 3, {}, [f"m{number}" for number in range(modules)])


def test_today_and_five_percent():
    found = propose_budgets({"One": facts(40 * MIB, 10 * MIB)}, 0.05)

    assert show_limits(found.shared) == ('unzipped = "42.0 MiB"', 'zipped = "10.5 MiB"', "modules = 105")
    assert found.own == {}


def test_the_largest_counts_and_far_smaller_ones_have_their_own():
    found = propose_budgets({"B": facts(40 * MIB, 10 * MIB), "A": facts(30 * MIB, 8 * MIB), "C": facts(MIB, MIB)}, 0.05)

    assert found.shared["unzipped"] == 42 * MIB
    assert list(found.own) == ["C"]


@given(st.integers(1, 262_144_000), st.integers(1, 262_144_000), st.integers(1, 40), st.floats(0, 10))
def test_a_package_fits_its_own_budgets(unzipped, zipped, modules, headroom):
    limits = propose_budgets({"One": facts(unzipped, min(zipped, unzipped), modules)}, headroom).shared
    shown = {key: parse_size(show_limit(value)) for key, value in limits.items() if key != "modules"}

    assert unzipped <= shown["unzipped"] <= 262_144_000
    assert min(zipped, unzipped) <= shown["zipped"]
    assert modules <= limits["modules"]
    assert not contradictions([Budget(key, value) for key, value in shown.items()])


@given(st.integers(0, 10 * 1024**3))
def test_a_shown_limit_is_no_smaller_and_hardly_larger(size):
    assert size <= parse_size(show_limit(size)) <= size * 1.011 + 1


def test_the_hard_limit_is_the_limit():
    assert show_limit(propose_budgets({"One": facts(260_000_000, 9)}, 0.05).shared["unzipped"]) == "250 MiB"


def test_headroom_is_a_percentage():
    assert (parse_headroom("5%"), parse_headroom("7.5 %"), parse_headroom("0")) == (0.05, 0.075, 0)
    for text in ("", "x", "-5%", "nan", "99999%", "5 MiB"):
        with pytest.raises(UsageError):
            parse_headroom(text)
