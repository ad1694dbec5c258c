"""What a split and a layer bring is the difference of two plans."""

from hypothesis import given, settings
from hypothesis import strategies as st

from lambda_slim.plan.sharing import Unneeded
from lambda_slim.tasks.in_common import plan_with_layer, split_of
from tests.unit.tasks.test_frees import MODULES, OWNERS, SIZES, TREE, kept, project

IMPORTS = st.dictionaries(st.sampled_from(MODULES), st.sets(st.sampled_from(MODULES)))
WITH_CORE = {"web": frozenset({"web", "core"}), "extra": frozenset({"extra"})}


def spare(names):
    owners = frozenset().union(*(WITH_CORE[name] for name in names))
    return Unneeded(owners, frozenset(), sum(size for path, size in SIZES.items() if OWNERS[path] in owners))


@settings(max_examples=30)
@given(IMPORTS, st.sets(st.sampled_from(sorted(TREE)), min_size=1))
def test_a_split_saves_the_difference_to_a_project_of_its_own(tmp_path_factory, imports, names):
    folder = tmp_path_factory.mktemp("project")
    made, apart = project(folder, imports), project(folder, imports, [name for name in TREE if name not in names])

    split = split_of("F", made, spare(names))

    assert split.of_bytes - split.saves_bytes == sum(file.size for file in apart.inventory.files)
    assert split.saves_bytes == spare(names).bytes
    assert (split.slim_bytes, split.slim_bytes - split.slim_saves_bytes) == (kept(made), kept(apart))
    assert split.slim_saves_bytes <= split.slim_bytes <= split.of_bytes


def test_a_split_also_leaves_out_what_only_the_spare_code_led_to(tmp_path):
    imports = {"app": {"web", "extra"}, "web": {"core"}, "extra": {"core.deep"}}
    split = split_of("F", project(tmp_path, imports), spare(["extra"]))

    assert split.saves_bytes == SIZES["extra.py"]
    assert split.slim_saves_bytes == SIZES["extra.py"] + SIZES["core/deep.py"]


@settings(max_examples=30)
@given(IMPORTS, st.sets(st.sampled_from(["web", "core", "extra"]), min_size=1))
def test_a_layer_takes_its_distributions_from_the_package_and_nothing_else(tmp_path_factory, imports, names):
    made = project(tmp_path_factory.mktemp("project"), imports)
    before = {file.path for file in made.plan.kept}

    after = {file.path for file in plan_with_layer(made, frozenset(names)).plan.kept}

    assert after == {path for path in before if OWNERS[path] not in names}
