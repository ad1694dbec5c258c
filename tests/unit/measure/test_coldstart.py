"""The estimate holds against published cases, and learns from a user's own."""

import random
from dataclasses import replace

import pytest

from lambda_slim.measure.coldstart import Workload, estimate, fit

# (what, runtime, architecture, CPU ms of the imports on the machine where kappa was fitted, MB of mapped libraries,
#  observed INIT ms): docs/cold-start.md, "Back-test". Facts quoted from public measurements; none was fitted to.
CASES = [
    ("fourTheorem, zip without bytecode", "python3.9", "x86_64", 2007, 128, 3000),
    ("cebert, boto3 and a DynamoDB client", "python3.13", "x86_64", 229, 0, 490),
    ("cebert", "python3.12", "x86_64", 237, 0, 472),
    ("cebert", "python3.11", "x86_64", 184, 0, 436),
    ("cebert", "python3.13", "arm64", 229, 0, 425),
    ("cebert", "python3.12", "arm64", 236, 0, 390),
    ("cebert", "python3.11", "arm64", 183, 0, 372),
    # LibProf tells INIT of the function and of the runtime (76 ms) apart; its zips are taken to be without bytecode.
    ("LibProf, textblob", "python3.9", "x86_64", 903, 0, 1373 + 76),
    ("LibProf, igraph", "python3.9", "x86_64", 140, 0, 219 + 76),
    ("LibProf, dna-visualisation", "python3.9", "x86_64", 247, 0, 419 + 76),
    ("LibProf, markdown", "python3.9", "x86_64", 41, 0, 58 + 76),
    ("LibProf, skimage (another version of it)", "python3.9", "x86_64", 1677, 0, 1390 + 76),
]


def work(runtime="python3.12", architecture="x86_64", cpu_ms=200.0, native_mb=0.0, memory=512):
    return Workload(runtime, architecture, memory, round(cpu_ms * 1000), round(native_mb * 1e6))


def test_eighty_per_cent_of_the_published_cases_lie_inside():
    outside = []
    for what, runtime, architecture, cpu, native, observed in CASES:
        found = estimate(work(runtime, architecture, cpu, native))
        if not found.init_low_us <= observed * 1000 <= found.init_high_us:
            outside.append(what)

    assert len(outside) <= 0.2 * len(CASES), outside


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
    observed = [89 + truth * 300 * noise.lognormvariate(0, 0.08) for _ in range(20)]

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
