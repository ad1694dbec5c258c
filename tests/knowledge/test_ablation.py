"""An entry ships only if its proof fails without it. Real wheels, the real pipeline, the target's Python."""

import pytest

from lambda_slim.knowledge.recipes import load_recipes
from tests.knowledge.ablation import Bench, effect, entries
from tests.knowledge.harness import load_proof, proof_names

pytestmark = [pytest.mark.e2e, pytest.mark.slow]

PINS = [(name, pin) for name in proof_names() for pin in load_proof(name).pins]
ENTRIES = {entry.label: entry for recipe in load_recipes().values() for entry in entries(recipe)}


@pytest.mark.parametrize(("name", "pin"), PINS, ids=[pin.replace(" ", "-") for _, pin in PINS])
def test_the_proof_fails_without_the_entry(name, pin, interpreter, tmp_path):
    bench, entry = Bench(load_proof(name), tmp_path, interpreter), ENTRIES[pin]
    recipes = bench.recipes()

    assert bench.fails(bench.plan(recipes, entry.level, entry.bytecode)) == "", "with it, it holds"
    done = effect(bench, entry, recipes)
    assert done.pins(entry), f"{len(done.missing)} files fewer and {len(done.added)} more, and the proof still holds"
