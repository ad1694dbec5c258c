"""Every recipe is complete: it has entries that say why and where from, and each is pinned by a proof."""

import re
from importlib.resources import files

import pytest

from lambda_slim.base.patterns import matcher
from lambda_slim.knowledge.recipes import known, load_recipes, parse_recipe
from tests.knowledge.ablation import entries
from tests.knowledge.asserts import count_asserts, idle_asserts
from tests.knowledge.harness import imports_of, load_proof, proof_names

NAMES = sorted(known())
PROOFS = proof_names()
ALONG = {
    "s3transfer": {"boto3"},
    "opentelemetry-instrumentation": {"opentelemetry-instrumentation-requests"},
}  # what comes with another distribution


@pytest.mark.parametrize("name", NAMES)
def test_recipe(name):
    recipe = load_recipes([name])[name]

    assert list(entries(recipe)), "a recipe without an entry knows nothing"
    for part in (*recipe.keep, *recipe.drop, *recipe.hidden, *recipe.named):
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


def test_every_entry_is_pinned_by_a_proof_and_every_pin_names_an_entry():
    labels = [entry.label for recipe in load_recipes().values() for entry in entries(recipe)]
    pinned = [pin for name in PROOFS for pin in load_proof(name).pins]

    assert len(labels) == len(set(labels))
    assert set(labels) - set(pinned) == set(), "entries without a proof that fails without them"
    assert set(pinned) - set(labels) == set(), "pins of entries that there are not"


@pytest.mark.parametrize("name", PROOFS)
def test_proof(name):
    proof = load_proof(name)

    assert re.fullmatch(r"3\.\d+", proof.python)
    assert proof.requirements
    assert imports_of(proof.code), "the handler imports what the proof imports"
    assert count_asserts(proof.code) >= 2, "a proof asserts on the results of several features"
    assert list(idle_asserts(proof.code)) == [], "asserts that cannot fail"


@pytest.mark.parametrize("name", PROOFS)
def test_a_proof_is_of_a_distribution_that_it_installs(name):
    installed = {re.split(r"[\[<>=!~ ]", requirement)[0].lower() for requirement in load_proof(name).requirements}

    assert {name, *ALONG.get(name, ())} & {re.sub(r"[-_.]+", "-", one) for one in installed}


def test_no_proof_ships():
    with pytest.raises(TypeError, match="proof"):
        parse_recipe("x", {"distribution": "x", "proof": {"requirements": ["x"], "run": "assert x"}})
    folder = files("lambda_slim.knowledge")
    assert {entry.name.rpartition(".")[2] for entry in folder.joinpath("packages").iterdir()} == {"toml"}


def test_all_recipes_load_together():
    assert set(load_recipes()) == set(NAMES)


@pytest.mark.parametrize(
    "code",
    [
        "assert True",
        "assert f() == 1 or True",
        "assert f() if hasattr(m, 'f') else True",
        "assert f() == 1 and True",
        "assert (f() == 1, 'message')",
        "assert f'found {x}'",
        "assert not False",
        "assert [f()]",
        "assert {'a': 1}",
        "assert len(x) >= 0",
        "assert x == x",
        "assert (x for x in y)",
        "if 1:\n    assert lambda: f() == 1",
    ],
)
def test_an_assert_that_cannot_fail_is_noticed(code):
    assert len(list(idle_asserts(code))) == 1


@pytest.mark.parametrize(
    "code",
    [
        "assert x",
        "assert f() == 1 or g() == 2",
        "assert a if b else c",
        "assert len(x) >= 1",
        "assert not x",
        "assert a == b",
    ],
)
def test_an_assert_that_can_fail_is_left_alone(code):
    assert list(idle_asserts(code)) == []
