"""The bounded part of the attacks in `benchmarks/attack/`."""

import pytest

from benchmarks.attack.parsers import PARSERS, attack


@pytest.mark.parametrize("name", PARSERS)
def test_mutated_inputs_are_told_and_nothing_breaks(name, tmp_path, monkeypatch):
    monkeypatch.setenv("LAMBDA_SLIM_CACHE", str(tmp_path / "cache"))
    assert attack(name, 7, 5, tmp_path) == []
