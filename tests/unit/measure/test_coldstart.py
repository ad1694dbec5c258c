"""The estimate holds against published cases, and learns from a user's own."""

import math
import random
import statistics
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lambda_slim.measure import coldstart
from lambda_slim.measure.coldstart import Calibration, Range, Workload, estimate, fit, kappa_here, reference_of

# (what, runtime, architecture, CPU ms of the imports on the machine where kappa was fitted, MB of mapped libraries,
#  observed INIT ms): docs/cold-start.md, "Back-test". Facts quoted from public measurements.
CASES = [
    ("fourTheorem, zip without bytecode", "python3.9", "x86_64", 2007, 128, 3000),
    # cebert, boto3 and a DynamoDB client, November 2025; CPU of 3.14 is taken to be that of 3.13.
    ("cebert, boto3", "python3.13", "x86_64", 229, 0, 490),
    ("cebert, boto3", "python3.12", "x86_64", 237, 0, 472),
    ("cebert, boto3", "python3.11", "x86_64", 184, 0, 436),
    ("cebert, boto3", "python3.13", "arm64", 229, 0, 425),
    ("cebert, boto3", "python3.12", "arm64", 236, 0, 390),
    ("cebert, boto3", "python3.11", "arm64", 183, 0, 372),
    ("cebert, boto3", "python3.14", "x86_64", 229, 0, 545),
    ("cebert, boto3", "python3.14", "arm64", 229, 0, 461),
    ("cebert, sorting", "python3.11", "x86_64", 9.2, 0, 100),
    ("cebert, sorting", "python3.12", "x86_64", 7.4, 0, 115),
    ("cebert, sorting", "python3.13", "x86_64", 6.8, 0, 122),
    ("cebert, sorting", "python3.14", "x86_64", 6.8, 0, 163),
    ("cebert, sorting", "python3.11", "arm64", 9.2, 0, 83),
    ("cebert, sorting", "python3.12", "arm64", 7.4, 0, 92),
    ("cebert, sorting", "python3.13", "arm64", 6.8, 0, 102),
    ("cebert, sorting", "python3.14", "arm64", 6.8, 0, 130),
    # LibProf tells INIT of the function and of the runtime (76 ms) apart; its zips are taken to be without bytecode.
    ("LibProf, textblob", "python3.9", "x86_64", 903, 0, 1373 + 76),
    ("LibProf, igraph", "python3.9", "x86_64", 140, 0, 219 + 76),
    ("LibProf, dna-visualisation", "python3.9", "x86_64", 247, 0, 419 + 76),
    ("LibProf, markdown", "python3.9", "x86_64", 41, 0, 58 + 76),
    ("LibProf, skimage (another version of it)", "python3.9", "x86_64", 1677, 0, 1390 + 76),
]
# Half of what the boot figures from 3.11 on are made of; they test nothing but that half.
FITTED = [
    ("cebert, hashing", "python3.11", "x86_64", 7.4, 0, 96),
    ("cebert, hashing", "python3.12", "x86_64", 7.1, 0, 106),
    ("cebert, hashing", "python3.13", "x86_64", 6.4, 0, 120),
    ("cebert, hashing", "python3.14", "x86_64", 6.4, 0, 156),
    ("cebert, hashing", "python3.11", "arm64", 7.4, 0, 80),
    ("cebert, hashing", "python3.12", "arm64", 7.1, 0, 88),
    ("cebert, hashing", "python3.13", "arm64", 6.4, 0, 100),
    ("cebert, hashing", "python3.14", "arm64", 6.4, 0, 123),
]


def work(runtime="python3.12", architecture="x86_64", cpu_ms=200.0, native_mb=0.0, memory=512):
    return Workload(runtime, architecture, memory, round(cpu_ms * 1000), round(native_mb * 1e6))


@pytest.mark.parametrize("cases", [CASES, CASES + FITTED], ids=["held out", "all"])
def test_eighty_per_cent_of_the_published_cases_lie_inside(cases):
    outside, off = [], []
    for what, runtime, architecture, cpu, native, observed in cases:
        found = estimate(work(runtime, architecture, cpu, native))
        off.append(abs(found.init_us / 1000 / observed - 1))
        if not found.init_low_us <= observed * 1000 <= found.init_high_us:
            outside.append(what)

    assert len(outside) <= 0.2 * len(cases), outside
    assert statistics.median(off) <= 0.1


def test_an_interval_has_parts_and_a_basis():
    found = estimate(work())

    assert found.init_low_us < found.init_us < found.init_high_us
    assert all(part.basis and part.source for part in found.parts)
    assert found.init_us % 10_000 == 0  # two significant digits


def test_memory_changes_the_price_and_not_the_time():
    small, large = (estimate(work(memory=memory)) for memory in (128, 1024))

    assert small.init_us == large.init_us
    assert large.cost_usd_per_million == pytest.approx(8 * small.cost_usd_per_million, abs=0.05)


def test_twenty_cold_starts_halve_the_range():
    truth, noise = 2.0, random.Random(4)
    one = work(cpu_ms=300)
    observed = [92 + truth * 300 * noise.lognormvariate(0, 0.08) for _ in range(20)]

    found = fit(observed, one)
    before, after = estimate(one), estimate(one, found)

    assert found.kappa.low <= truth <= found.kappa.high
    assert after.init_high_us - after.init_low_us <= 0.5 * (before.init_high_us - before.init_low_us)
    assert after.calibrated


def test_snapstart_is_said():
    assert any("SnapStart" in note for note in estimate(replace(work(), snap_start=True)).notes)


def test_nothing_to_fit():
    with pytest.raises(ValueError, match="nothing"):
        fit([], work())


# The model, number by number: coefficients from `knowledge/coldstart.toml`.


def parts(found):
    return [(part.low_us, part.likely_us, part.high_us, part.basis) for part in found.parts]


def test_every_part_and_their_sum():
    found = estimate(replace(work(cpu_ms=200, native_mb=10, memory=1024), zipped_bytes=20_000_000))

    assert parts(found) == [
        (73_000, 92_000, 111_000, "published"),
        (260_000, 320_000, 420_000, "measured here, scaled by a published factor"),
        (5_000, 12_000, 45_000, "published, weak"),
        (75_000, 150_000, 400_000, "published, weak"),
        (0, 50_000, 300_000, "published, weak"),
    ]
    # 424 likely; below it the root of 19² + 60² + 7², above of 19² + 100² + 33²; what is not billed is outside
    assert (found.init_low_us, found.init_us, found.init_high_us) == (360_000, 420_000, 540_000)
    assert found.cost_usd_per_million == 7.07
    assert not found.calibrated


def test_arm64_is_slower_to_nothing_but_imports_and_cheaper():
    found = estimate(work(architecture="arm64", cpu_ms=200))

    assert parts(found)[:2] == [
        (62_000, 80_000, 98_000, "published"),
        (221_000, 272_000, 357_000, "measured here, scaled by a published factor"),
    ]
    assert found.cost_usd_per_million == 2.35


def test_of_an_unknown_runtime_the_newest_is_assumed():
    assert parts(estimate(work(runtime="python3.99")))[0] == (94_000, 133_000, 172_000, "assumed")
    other = estimate(work(architecture="riscv64", cpu_ms=200, memory=1024))
    assert parts(other)[0] == (73_000, 92_000, 111_000, "published")
    assert other.cost_usd_per_million == estimate(work(cpu_ms=200, memory=1024)).cost_usd_per_million


def test_the_first_ten_megabytes_are_fetched_for_nothing():
    def fetch(zipped_bytes):
        return parts(estimate(replace(work(), zipped_bytes=zipped_bytes)))[4][:3]

    assert fetch(0) == fetch(10_000_000) == (0, 0, 0)
    assert fetch(11_000_000) == (0, 5_000, 30_000)


def exactly(ms):
    return Range(ms, ms, ms)


def kappa(one, calibration=None):
    found = kappa_here(one, calibration)
    return pytest.approx((found.low, found.likely, found.high))


def test_kappa_is_carried_over_by_the_reference_kernel():
    assert kappa(work()) == (1.3, 1.6, 2.1)
    assert kappa(replace(work(), reference=exactly(47))) == (1.3, 1.6, 2.1)
    assert kappa(replace(work(), reference=exactly(94))) == (0.65, 0.8, 1.05)
    assert kappa(replace(work(), reference=exactly(0))) == (1.3, 1.6, 2.1)


def test_a_fitted_kappa_is_carried_over_from_where_it_was_fitted():
    own = Calibration(Range(1, 2, 4), 3, reference_ms=50)

    assert kappa(replace(work(), reference=exactly(100)), own) == (0.5, 1, 2)
    assert kappa(work(), own) == (1, 2, 4)
    assert kappa(replace(work(), reference=exactly(100)), replace(own, reference_ms=None)) == (1, 2, 4)
    assert parts(estimate(work(), own))[1][3] == "measured here, scaled by 3 of your cold starts"
    assert estimate(work(), own).calibrated


@pytest.mark.parametrize(
    ("ms", "us"),
    [(0, 0), (-3, 0), (0.0123, 12), (0.5, 500), (7.44, 7_400), (44.4, 44_000), (99.6, 100_000), (995, 1_000_000)],
)
def test_more_than_two_digits_would_claim_too_much(ms, us):
    assert coldstart._two_digits(ms, round) == us


def test_a_range_does_not_go_below_nothing():
    found = coldstart._sum([Range(-90, 10, 20), Range(1, 2, 3)])

    assert found.low == 0
    assert (found.likely, found.high) == pytest.approx((12, 12 + math.sqrt(101)))
    assert Range(1, 2, 3).times(2) == Range(2, 4, 6)


def test_notes():
    slow, whole = estimate(work(cpu_ms=4000, memory=128)).notes, estimate(work(memory=1769)).notes

    assert any("stopped after 10 s" in note for note in slow)
    assert any("runs at 0.07 of a CPU" in note for note in slow)
    assert len(whole) == 1
    assert len(estimate(work(memory=1768)).notes) == 2


def test_a_fit_is_half_ones_own_at_five_cold_starts():
    one = work(cpu_ms=100, native_mb=10)
    observed = [92 + 12 + 100 * 3.2] * 5

    found = fit(observed, one)

    assert (found.samples, found.reference_ms) == (5, None)
    assert found.kappa.likely == pytest.approx(math.sqrt(3.2 * 1.6))
    width = 0.5 * math.log(2.1 / 1.6)
    assert found.kappa.low == pytest.approx(found.kappa.likely * math.exp(-width))
    assert found.kappa.high == pytest.approx(3.2)  # what was observed, which half the published value leaves out


@pytest.mark.parametrize(("count", "holds"), [(9, True), (10, False)])
def test_from_ten_cold_starts_on_the_range_of_a_fit_needs_not_hold_an_outlier(count, holds):
    kappas = [2] * (count - 1) + [40]
    found = fit([80 + 0.85 * 100 * value for value in kappas], work(architecture="arm64", cpu_ms=100)).kappa

    assert (found.high >= 39.9) is holds


def test_a_fit_takes_the_median_and_the_spread_of_what_was_observed():
    def own(*kappas):
        """The fitted value without the published one: weight is count / (count + 5)."""
        found = fit([80 + 0.85 * 100 * value for value in kappas], work(architecture="arm64", cpu_ms=100)).kappa
        weight = len(kappas) / (len(kappas) + 5)
        assert found.low <= min(kappas)
        assert found.high >= max(kappas)
        return math.exp((math.log(found.likely) - (1 - weight) * math.log(1.6)) / weight)

    assert own(4, 1, 2) == pytest.approx(2)
    assert own(1, 9, 2, 4) == pytest.approx(3)
    assert own(-5) == pytest.approx(0.01)
    assert coldstart._spread([1, 2, 4], 2) == pytest.approx(1.28 * 1.4826 * math.log(2))


def test_nothing_measured_is_nothing_to_fit():
    with pytest.raises(ValueError, match="nothing"):
        fit([100], work(cpu_ms=0))
    assert fit([100], work(cpu_ms=0.001)).samples == 1


def test_readings_of_the_kernel_widen_the_range_by_how_they_differ():
    close, far = (
        reference_of(readings) for readings in ([50_100, 50_200, 50_000, 50_100], [50_000, 60_000, 90_000, 50_100])
    )

    assert close.likely == pytest.approx(far.likely, rel=0.001) == pytest.approx(50.03, rel=0.001)
    likely, wide = (kappa_here(replace(work(), reference=reference)) for reference in (close, far))
    assert wide.low < likely.low < 1.6 * 47 / 50.03 < likely.high < wide.high
    assert reference_of([50_000]).high == pytest.approx(55)  # one reading may be off
    assert reference_of([]) is None


@settings(max_examples=200)
@given(
    st.lists(st.floats(30, 9000), min_size=1, max_size=40),
    st.floats(1, 3000),
    st.sampled_from(["x86_64", "arm64"]),
)
def test_an_interval_never_leaves_out_what_it_was_fitted_to(observed, cpu_ms, architecture):
    one = work(architecture=architecture, cpu_ms=cpu_ms)
    found = estimate(one, fit(observed, one))

    inner = sorted(observed)
    if len(inner) >= 10:
        inner = inner[len(inner) // 4 : len(inner) - len(inner) // 4]
    assert found.init_low_us <= inner[0] * 1000
    assert inner[-1] * 1000 <= found.init_high_us


def test_fewer_than_three_readings_may_be_off_by_a_tenth():
    few, three = reference_of([48_000, 48_000]), reference_of([48_000] * 3)

    assert (few.low, few.likely, few.high) == pytest.approx((48 / 1.1, 48, 48 * 1.1))
    assert three.high < 48 * 1.1
    assert reference_of([]) is None
