"""Figures in the documents agree with each other."""

import itertools
import re

import pytest

from tests.cli.conftest import ROOT

LEVELS = ("safe", "reach", "trace")


def table(name):
    text = (ROOT / name).read_text("utf-8")
    rows = re.findall(r"^\| level `(\w+)` \| (.+) \|$", text, re.MULTILINE)
    return {level: [float(cell) for cell in cells.split(" | ")] for level, cells in rows}


@pytest.mark.parametrize("name", ["README.md", "docs/measured.md"])
def test_a_deeper_level_is_not_shown_to_be_larger(name):
    rows = table(name)
    guard = 0.02  # MiB

    assert set(rows) == set(LEVELS)
    for one, deeper in itertools.pairwise(LEVELS):
        assert all(after <= before + guard for before, after in zip(rows[one], rows[deeper], strict=True))


def test_the_readme_shows_what_was_measured():
    assert table("README.md") == table("docs/measured.md")
