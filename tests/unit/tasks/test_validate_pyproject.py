"""Settings in a pyproject.toml, as validate-pyproject checks them."""

import tomllib
from importlib import import_module
from pathlib import Path

import pytest

api = pytest.importorskip("validate_pyproject.api")
ROOT = Path(__file__).parents[3]


@pytest.fixture
def validator():
    from validate_pyproject.plugins import PluginWrapper

    table = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    [(tool, place)] = table["project"]["entry-points"]["validate_pyproject.tool_schema"].items()
    module, _, name = place.partition(":")
    plugin = PluginWrapper(tool, getattr(import_module(module), name))
    return api.Validator(plugins=[plugin])


def document(**settings):
    return {"project": {"name": "orders", "version": "1"}, "tool": {"lambda-slim": settings}}


def test_good_settings_pass(validator):
    settings = {"level": "reach", "budgets": {"unzipped": "60 MiB"}, "functions": {"Orders": {"handler": "app.run"}}}

    assert validator(document(**settings))


@pytest.mark.parametrize("settings", [{"levle": "reach"}, {"budgets": {"unzipped": 60}}, {"strip": "sometimes"}])
def test_bad_settings_do_not(validator, settings):
    from validate_pyproject.errors import ValidationError

    with pytest.raises(ValidationError):
        validator(document(**settings))
