"""Loading recipes: strict about keys, exact about versions, lazy about files."""

import pytest

from lambda_slim.knowledge import recipes
from lambda_slim.knowledge.recipes import hints, parse_recipe
from lambda_slim.model.knowledge import Drop, Hidden, Recipe, Risk


def test_an_unknown_key_is_an_error():
    with pytest.raises(TypeError, match="hiden"):
        parse_recipe("x", {"distribution": "x", "hiden": []})


def test_an_unknown_key_in_a_drop_is_an_error():
    row = {"match": ["a/"], "why": "w", "risk": "safe", "source": "s", "wy": ""}

    with pytest.raises(TypeError, match="wy"):
        parse_recipe("x", {"distribution": "x", "drop": [row]})


def test_a_recipe_is_named_as_its_file():
    with pytest.raises(ValueError, match="speaks of `y`"):
        parse_recipe("x", {"distribution": "y"})


def test_only_what_is_asked_for_is_loaded():
    assert set(recipes.load_recipes(["no-such-distribution", "boto3"])) <= {"boto3"}


def test_hints_spell_out_packages_and_pass_over_what_is_not_installed():
    recipe = Recipe("x", hidden=(Hidden("x", ("x.plugins.*", "x._fast", "absent"), "", ""),))
    paths = ["x/__init__.py", "x/plugins/__init__.py", "x/plugins/a.py", "x/_fast.cpython-312-x86_64-linux-gnu.so"]

    assert hints({"x": recipe}, paths) == {"x": ("?x.plugins", "?x.plugins.a", "x._fast")}


def test_a_drop_is_blocked_by_what_was_reached():
    drop = Drop(("x/data/",), "", Risk.SAFE, "", unless=("x.reader",))

    assert drop.blocked(frozenset({"x", "x.reader.csv"})) == "x.reader"
    assert drop.blocked(frozenset({"x", "x.readers"})) == ""
