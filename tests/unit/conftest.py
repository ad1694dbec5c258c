"""Unit tests keep nothing on the machine that runs them."""

import pytest


@pytest.fixture(autouse=True)
def _own_cache(tmp_path_factory, monkeypatch):
    monkeypatch.setenv("LAMBDA_SLIM_CACHE", str(tmp_path_factory.getbasetemp() / "cache"))
