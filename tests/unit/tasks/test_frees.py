"""What a requirement frees is the difference of two plans."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from lambda_slim.model.distribution import Distribution, Resolution
from lambda_slim.model.imports import Edge, How
from lambda_slim.model.settings import Level, Settings
from lambda_slim.tasks.distribution_rows import distribution_rows
from lambda_slim.tasks.frees import direct_frees
from lambda_slim.tasks.prepare import replan
from tests.unit.factory import facts, file, module_name
from tests.unit.tasks.test_cuts import on_disk, planned

OWNERS = {"app.py": "", "web.py": "web", "core/__init__.py": "core", "core/deep.py": "core", "extra.py": "extra"}
SIZES = {path: 2**number for number, path in enumerate(OWNERS)}  # a sum says which files are in it
TREE = {"web": Distribution("web", "1", ("core",), direct=True), "extra": Distribution("extra", "1", direct=True)}
CORE = Distribution("core", "1")
MODULES = [module_name(path) for path in OWNERS]


def project(folder, imports, requirements=("web", "extra")):
    """The plan of a project whose modules import each other, with some of its requirements."""
    installed = (*(TREE[name] for name in requirements), *([CORE] if "web" in requirements else []))
    owners = {"", *(row.name for row in installed)}
    files = [on_disk(file(path, owner, size=SIZES[path]), folder) for path, owner in OWNERS.items() if owner in owners]
    here = {module_name(row.path) for row in files}
    evidence = facts(files, ("app.py",), settings=Settings(root=folder, level=Level.REACH))
    edges = {
        name: tuple(Edge(name, target, 1, How.TOP) for target in sorted(targets & here))
        for name, targets in imports.items()
        if name in here
    }
    graph = replace(evidence.imports, edges=edges)
    return replan(planned(replace(evidence, imports=graph, resolution=Resolution(None, installed, "key"))), {})


def kept(made):
    return sum(row.size for row in made.plan.kept)


def freed(made):
    rows = distribution_rows(made.resolution, made.plan, SIZES, SIZES, frees=direct_frees(made))
    return {row.name: row.freed_bytes for row in rows}


def test_what_only_a_requirement_leads_to_leaves_with_it(tmp_path):
    made = project(tmp_path, {"app": {"web", "extra"}, "extra": {"core.deep"}, "web": {"core"}})

    assert kept(made) == sum(SIZES.values())
    rows, deep = freed(made), SIZES["core/deep.py"]
    assert rows["web"] == SIZES["web.py"] + SIZES["core/__init__.py"] + deep
    assert rows["extra"] == SIZES["extra.py"] + deep, "core/deep.py is only imported by it"
    assert rows["core"] == 0, "another distribution requires it"


@settings(max_examples=30)
@given(st.dictionaries(st.sampled_from(MODULES), st.sets(st.sampled_from(MODULES))))
def test_a_requirement_frees_the_difference_to_a_project_without_it(tmp_path_factory, imports):
    folder = tmp_path_factory.mktemp("project")
    made = project(folder, imports)
    for name, size in freed(made).items():
        if name in TREE:
            assert size == kept(made) - kept(project(folder, imports, [other for other in TREE if other != name]))
            assert size <= kept(made)


def test_a_report_plans_again_only_for_the_requirements_that_bring_the_most(tmp_path):
    names = [f"lib{number}" for number in range(7)]
    files = [on_disk(file(f"{name}.py", name, size=10 + index), tmp_path) for index, name in enumerate(names)]
    evidence = facts(files, (), settings=Settings(root=tmp_path, level=Level.SAFE))
    installed = tuple(Distribution(name, "1", direct=True) for name in names)
    made = replan(planned(replace(evidence, resolution=Resolution(None, installed, "key"))), {})

    assert list(direct_frees(made)) == ["lib6", "lib5", "lib4", "lib3", "lib2"]
