"""Every recipe is complete: it says why and where from, and brings a proof."""

import ast

import pytest

from lambda_slim.base.patterns import matcher
from lambda_slim.knowledge.recipes import known, load_recipes

NAMES = sorted(known())


@pytest.mark.parametrize("name", NAMES)
def test_recipe(name):
    recipe = load_recipes([name])[name]

    for part in (*recipe.keep, *recipe.drop, *recipe.hidden):
        assert part.why.strip(), f"{name}: every entry says why"
        assert part.source.strip(), f"{name}: every entry says where the fact is from"
    for part in (*recipe.keep, *recipe.drop):
        matcher(part.match)("any/path.py")
        assert not any(pattern in {"*", "**", "/"} for pattern in part.match), f"{name}: {part.match} matches all"
    for hidden in recipe.hidden:
        assert all(part.isidentifier() for part in hidden.module.split("."))
        assert hidden.imports
        for imported in hidden.imports:
            parts = imported.removesuffix(".*").split(".")
            assert all(part.isidentifier() for part in parts), (
                f"{name}: `{imported}` is neither a module nor `package.*`"
            )
    recipe.applies_to("1.0")


@pytest.mark.parametrize("name", NAMES)
def test_proof(name):
    proof = load_recipes([name])[name].proof

    assert proof is not None, "a recipe ships with its proof"
    assert proof.requirements
    tree = ast.parse(proof.run)
    asserted = [node for node in ast.walk(tree) if isinstance(node, ast.Assert)]
    assert len(asserted) >= 2, "a proof asserts on the results of several features"


def test_all_recipes_load_together():
    assert set(load_recipes()) == set(NAMES)
