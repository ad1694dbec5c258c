"""The script that travels with Python's own lazy imports, in this process."""

import sys
import types

import pytest

from lambda_slim.bundle.runtime import native, startup


class Waits:
    """Stands in for what Python 3.15 puts where a name waits."""


@pytest.fixture
def space(monkeypatch):
    monkeypatch.setattr(native, "WAITING", {})
    monkeypatch.setattr(types, "LazyImportType", Waits, raising=False)
    monkeypatch.setitem(sys.modules, "_lambda_slim_startup", startup)
    return {"__name__": "app", "late": Waits(), "read": sys}


def test_a_name_was_read_when_it_is_there_and_does_not_wait(monkeypatch, space):
    monkeypatch.setattr(startup, "EAGER", False)
    native.expect(space, ("late", "read", "not_bound_yet"))

    assert native.read_names() == [("app", "read")]
    space["late"] = types
    assert native.read_names() == [("app", "late"), ("app", "read")]


@pytest.mark.parametrize("eager", [True, False])
def test_one_variable_makes_every_import_eager(monkeypatch, space, eager):
    filters = []
    monkeypatch.setattr(sys, "set_lazy_imports_filter", filters.append, raising=False)
    monkeypatch.setattr(startup, "EAGER", eager)
    native.expect(space, ("late",))

    assert [wanted("app", "json", ("dumps",)) for wanted in filters] == [False] * eager
