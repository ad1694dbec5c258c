"""Recipes speak of what is really in the distributions that their proofs install."""

import pytest

from lambda_slim.base.patterns import matcher
from lambda_slim.knowledge.recipes import load_recipes, module_of
from tests.knowledge.proofs import install

pytestmark = [pytest.mark.e2e, pytest.mark.network]

OLDER = {"python-dateutil": "/dateutil/zoneinfo/dateutil-zoneinfo.tar.gz"}  # in versions before 4


@pytest.mark.parametrize("name", sorted(name for name, recipe in load_recipes().items() if recipe.proof))
def test_patterns_and_modules_exist(name, interpreter, tmp_path):
    recipe = load_recipes([name])[name]
    install(recipe.proof.requirements, tmp_path / "tree", interpreter, recipe.proof.python)
    paths = [path.relative_to(tmp_path / "tree").as_posix() for path in (tmp_path / "tree").rglob("*")]
    modules = {module for path in paths if (module := module_of(path))}
    modules |= {module.rpartition(".")[0] for module in modules}

    for part in (*recipe.keep, *recipe.drop):
        found = any(map(matcher(part.match), paths))
        assert found or OLDER.get(name) in part.match, f"nothing matches {part.match}"
    assert {hidden.module for hidden in recipe.hidden} <= modules
    assert set(recipe.reads_source) <= modules
