"""Most estimates of the back-test are too low. Would a correction hold for a study that it was not fitted to?

Cases of one study are not independent, so a study is left out as a whole: docs/cold-start.md, "Back-test".
"""

import math
import statistics
import tomllib
from importlib.resources import files

import pytest

from tests.unit.measure.test_coldstart import CASES

TABLE = tomllib.loads(files("lambda_slim.knowledge").joinpath("coldstart.toml").read_text("utf-8"))
HELD_OUT = [case for case in CASES if "another version" not in case[0]]
FACTORS = [0.8 + 0.01 * step for step in range(51)]
NONE = {"boot": 1.0, "imports": 1.0}


def off(case, correction):
    """The logarithm of estimate over observation, with parts of the estimate scaled."""
    _, runtime, architecture, cpu_ms, native_mb, observed = case
    boot = TABLE["boot"][architecture][runtime][0]
    imports = TABLE["kappa"]["likely"] * cpu_ms * (TABLE["arm64"]["likely"] if architecture == "arm64" else 1)
    native = TABLE["native"]["likely"] * native_mb
    return math.log((correction["boot"] * boot + correction["imports"] * imports + native) / observed)


def study(case):
    return case[0].partition(",")[0]


def fitted(cases, scaled):
    """The correction of some parts by one factor that is the best for the cases, by squared error."""
    corrections = [NONE | dict.fromkeys(scaled, factor) for factor in FACTORS]
    return min(corrections, key=lambda correction: sum(off(case, correction) ** 2 for case in cases))


def error(scaled):
    """Median error where the correction was fitted to the other studies only."""
    studies = {study(case) for case in HELD_OUT}
    corrections = {left: fitted([case for case in HELD_OUT if study(case) != left], scaled) for left in studies}
    return statistics.median(abs(math.exp(off(case, corrections[study(case)])) - 1) for case in HELD_OUT)


@pytest.mark.parametrize("scaled", [("boot",), ("imports",), ("boot", "imports")], ids=" and ".join)
def test_no_correction_holds_for_the_study_that_is_left_out(scaled):
    assert error(scaled) > error(()), "a correction holds out of sample: put it into knowledge/coldstart.toml"
