"""What the probes do before the package is imported."""

from importlib.resources import files

import pytest


@pytest.fixture
def entrance(monkeypatch):
    place = files("lambda_slim.run.probe").joinpath("entrance.py")
    space = {"__file__": str(place), "__name__": "entrance"}
    exec(compile(place.read_text("utf-8"), "entrance.py", "exec"), space)
    monkeypatch.setattr(space["machinery"], "cache_from_source", as_from_3_15)
    return space


def as_from_3_15(path, *, optimization=None):
    """Takes no `debug_override`, unlike its form of earlier versions."""
    return f"{path}c{optimization or ''}"


def test_only_sources_of_the_package_have_their_bytecode_elsewhere(entrance):
    entrance["use_bytecode"]("/bytecode", "/task")
    where = entrance["machinery"].cache_from_source

    assert where("/lib/json/__init__.py") == "/lib/json/__init__.pyc"
    assert where("/lib/json/__init__.py", optimization=1) == "/lib/json/__init__.pyc1"
    assert where("/task/a/b.py").startswith("/bytecode/task/a/b.")
