"""What the probe sees that modules hold of each other."""

from importlib.resources import files

import pytest

PROBE = files("lambda_slim.run.probe")


def load_script(name):
    place = PROBE.joinpath(f"{name}.py")
    space = {"__file__": str(place), "__name__": name, "load_script": load_script}
    exec(compile(place.read_text("utf-8"), f"{name}.py", "exec"), space)
    return space


@pytest.fixture
def holdings():
    made = load_script("holdings")["Holdings"](lambda _: True)
    made.know({"lib", "lib.other"})
    return made


def test_a_name_whose_import_waits_is_not_there_and_its_module_can_make_names(holdings):
    waiting = type("lazy_import", (), {"__module__": "builtins"})()  # as Python 3.15 has it
    registry = {"other": type("Other", (), {"__module__": "lib.other"})}
    holdings.module("lib", {"late": waiting, "registry": registry, "__doc__": ""})

    assert holdings.rows["lib:registry"] == [1, ["lib.other"]]
    assert "lib:late" not in holdings.rows
    assert holdings.rows["lib:__getattr__"] == [-1, ["registry"]]


def test_a_module_that_has_all_its_names_makes_none(holdings):
    holdings.module("lib", {"registry": {}, "late": object()})

    assert "lib:__getattr__" not in holdings.rows
