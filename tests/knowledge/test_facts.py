"""Recipes speak of what is really in the distributions that the proofs of their entries install."""

import pytest

from lambda_slim.base.patterns import matcher
from lambda_slim.knowledge.recipes import load_recipes, module_of
from tests.knowledge.ablation import entries
from tests.knowledge.harness import install, load_proof, proof_names

pytestmark = [pytest.mark.e2e, pytest.mark.network]

PINNING = [name for name in proof_names() if load_proof(name).pins]


@pytest.mark.parametrize("name", PINNING)
def test_patterns_and_modules_exist(name, interpreter, tmp_path):
    proof = load_proof(name)
    install(proof.requirements, tmp_path / "tree", interpreter, proof.python)
    paths = [path.relative_to(tmp_path / "tree").as_posix() for path in (tmp_path / "tree").rglob("*")]
    modules = {module for path in paths if (module := module_of(path))}
    modules |= {module.rpartition(".")[0] for module in modules}

    pinned = {pin.partition(":")[0] for pin in proof.pins}
    for recipe in load_recipes(pinned).values():
        labels = {entry.label for entry in entries(recipe)} & set(proof.pins)
        for part in (*recipe.keep, *recipe.drop):
            for pattern in part.match:
                if any(label.endswith(part.match[0]) for label in labels):
                    assert any(map(matcher((pattern,)), paths)), f"nothing matches {pattern}"
        for hidden in recipe.hidden:
            if any(label.endswith(f" {hidden.module}") for label in labels):
                assert hidden.module in modules
        assert {label.rpartition(" ")[2] for label in labels if ": reads_source " in label} <= modules
