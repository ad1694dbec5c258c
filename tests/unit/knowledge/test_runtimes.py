"""What is known of the runtimes."""

import importlib.util
import sys

import pytest

from lambda_slim.knowledge.runtimes import runtimes
from lambda_slim.model.target import Target


def test_every_runtime_of_the_managed_ones_is_there_oldest_first():
    assert list(runtimes()) == [f"python3.{minor}" for minor in range(9, 16)]


@pytest.mark.parametrize(("name", "glibc"), [("python3.11", (2, 26)), ("python3.12", (2, 34))])
def test_the_glibc_that_decides_about_wheels(name, glibc):
    """Amazon Linux 2 has 2.26, Amazon Linux 2023 has 2.34: a manylinux_2_28 wheel loads on the second only."""
    assert runtimes()[name].glibc == glibc


def test_magic_numbers_differ_and_agree_with_this_python():
    known = [runtime.magic for runtime in runtimes().values() if runtime.magic is not None]

    assert len(set(known)) == len(known)
    own = runtimes().get(f"python3.{sys.version_info[1]}")
    if own and own.magic is not None:
        assert own.magic == int.from_bytes(importlib.util.MAGIC_NUMBER[:2], "little")


def test_only_previews_may_lack_a_date_and_a_magic_number():
    previews = {r.name for r in runtimes().values() if r.preview}

    assert {r.name for r in runtimes().values() if r.deprecated is None} == previews
    assert {r.name for r in runtimes().values() if r.magic is None} <= previews


def test_versions_compare_as_numbers():
    assert runtimes()["python3.9"].version < runtimes()["python3.10"].version


@pytest.mark.parametrize(
    ("runtime", "architecture", "platform", "label"),
    [
        ("python3.11", "x86_64", "x86_64-manylinux_2_26", "python3.11 x86_64"),
        ("python3.13", "arm64", "aarch64-manylinux_2_34", "python3.13 arm64"),
    ],
)
def test_targets(runtime, architecture, platform, label):
    target = Target(runtimes()[runtime], architecture)

    assert (target.platform, target.label) == (platform, label)
