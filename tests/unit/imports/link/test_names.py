"""From names and patterns to modules, as seen from one module of the package."""

from dataclasses import replace

import pytest

from lambda_slim.imports.index import index_modules
from lambda_slim.imports.link.names import ModuleNames, common, fitting, literal
from lambda_slim.imports.scan.values import ANY, HERE, OWN
from tests.unit.factory import TARGET, file

LIB = (
    *("lib/__init__.py", "lib/a.py", "lib/deep/__init__.py", "lib/deep/b.py", "lib/deep/sea/__init__.py"),
    *("lib/deep/sea/c.py", "lib/tests/__init__.py", "lib/tests/test_a.py", "lib/_vendor/tool/__init__.py"),
)


def known(*own: str, lib: tuple[str, ...] = LIB, sites: tuple[str, ...] = ()) -> ModuleNames:
    files = [*(file(path, "lib") for path in lib), *(file(path) for path in own)]
    files += [replace(file(f"{site}/inner/__init__.py", "inner"), site=site) for site in sites]
    return ModuleNames(index_modules(files, TARGET))


@pytest.mark.parametrize(
    ("module", "level", "name", "absolute"),
    [
        ("lib.a", 0, "x.y", "x.y"),
        ("lib.a", 1, "b", "lib.b"),
        ("lib.a", 1, "", "lib"),
        ("lib.a", 2, "b", ""),  # leaves the top level
        ("lib", 1, "b", "lib.b"),
        ("lib.deep", 1, "b", "lib.deep.b"),
        ("lib.deep", 2, "a", "lib.a"),
        ("lib.deep.b", 2, "a", "lib.a"),
        ("lib.deep.b", 2, "", "lib"),
        ("lib.deep.b", 3, "a", ""),
        ("app", 1, "b", "b"),  # a module at the top level sees its siblings
        ("app", 2, "b", ""),
    ],
)
def test_relative_names_become_absolute(module, level, name, absolute):
    names = known("app.py")

    assert names.relative(names.modules[module], level, name) == absolute


@pytest.mark.parametrize(
    ("pattern", "module", "package", "placed"),
    [
        ("x.y", "lib.a", "", "x.y"),
        (".b", "lib.a", "", "lib.b"),
        (".b", "lib.deep", "", "lib.deep.b"),
        ("..a", "lib.deep.b", "", "lib.a"),
        ("...a", "lib.deep.b", "", "a"),
        (".b", "app", "lib.deep", "lib.deep.b"),
        (f"{OWN}.b", "lib.a", "", "lib.a.b"),
        (f"{HERE}.b", "lib.a", "", "lib.b"),
        (".b", "lib.a", OWN, "lib.a.b"),
        (".b", "lib.deep.b", HERE, "lib.deep.b"),
        ("..b", "lib.a", f"{ANY}.x", f"{ANY}.x.b"),
    ],
)
def test_a_pattern_is_placed_where_its_module_is(pattern, module, package, placed):
    names = known("app.py")

    assert names.placed(pattern, names.modules[module], package) == placed


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("lib.deep.nothing", {"lib.deep"}),
        (f"lib.d{ANY}", {"lib.deep", "lib.deep.b", "lib.deep.sea", "lib.deep.sea.c"}),
        (f"lib.deep.{ANY}c", {"lib.deep.sea.c"}),
        (f"lib.tests.{ANY}", {"lib.tests.test_a"}),
        (f"lib.{ANY}a", {"lib.a", "lib.deep.sea"}),
        (f"li{ANY}.a", {"lib.a"}),
        (f"absent.{ANY}", set()),
        (f"jobs.{ANY}", {"src.jobs.one"}),  # the folder src is on the path of the function; a test in it is none
    ],
)
def test_a_pattern_means_the_modules_that_fit(pattern, expected):
    names = known("src/jobs/one.py", "src/jobs/tests/two.py", "src/other.py")

    assert set(names.matching(pattern)) == expected


def test_an_import_leads_to_the_nearest_module_of_its_owner():
    names = known("a/run.py", "a/util.py", "b/util.py", "b/deep/run.py", "b/deep/more.py")

    def elsewheres(name, module):
        return names.elsewheres(name, names.modules[module])

    assert elsewheres("util", "a.run") == ("a.util",)
    assert elsewheres("util", "b.deep.run") == ("b.util", "a.util")  # only a run shows which of them it is
    assert elsewheres("more.NAME", "a.run") == ("b.deep.more",)
    assert elsewheres("tool", "lib.a") == ("lib._vendor.tool",)
    assert elsewheres("sea", "lib.a") == ()  # no folder of vendored code
    assert names.elsewhere("absent", names.modules["a.run"]) == ""


def test_an_import_of_the_standard_library_leads_nowhere():
    names = known("app/json.py", "app/run.py", "app/own.py")

    assert names.imported("json", names.modules["app.run"]) == ""
    assert names.imported("own", names.modules["app.run"]) == "app.own"
    assert names.imported("lib.deep.Thing", names.modules["app.run"]) == "lib.deep"
    assert names.imported("", names.modules["app.run"]) == ""


def test_a_folder_on_the_path_is_no_part_of_a_name():
    names = known("app.py", sites=("vendored",))

    assert names.below_site("vendored.inner.x") == "inner.x"
    assert names.below_site("vendored.inner.deep.x") == "inner.deep.x"
    assert names.below_site("vendored.absent") == "vendored.absent"
    assert names.below_site("inner.x") == "inner.x"
    assert names.longest("vendored.inner.Thing:make") == "inner"


def test_a_loader_means_the_smallest_package_of_its_library():
    shared = ("google/cloud/pubsub/__init__.py", "google/cloud/pubsub/core/client.py", "single.py")
    names = known("src/jobs/one.py", lib=shared)

    assert names.top(names.modules["google.cloud.pubsub.core.client"]) == "google.cloud.pubsub"
    assert names.top(names.modules["single"]) == "single"
    assert names.top(names.modules["src.jobs.one"]) == "src"  # first-party folders need no __init__.py


def test_an_unknown_name_in_a_library_means_what_it_has_itself():
    names = known("app.py", "tests/test_app.py")
    inside = {"lib", "lib.a", "lib.deep", "lib.deep.b", "lib.deep.sea", "lib.deep.sea.c", "lib._vendor"}
    inside.add("lib._vendor.tool")
    suite = {"lib.tests", "lib.tests.test_a"}

    def plugins(module):
        return set(names.plugins(names.modules[module]))

    assert plugins("lib.a") == inside
    assert plugins("lib.tests.test_a") == inside | suite
    assert plugins("app") == inside | {"app"}
    assert plugins("tests.test_app") >= inside | {"app", "tests.test_app"}
    assert not suite & plugins("tests.test_app")


def test_what_a_pattern_says():
    assert fitting(f"a.{ANY}.c")("a.b.x.c")
    assert not fitting(f"a.{ANY}.c")("a.b.c.d")
    assert not fitting("a.c")("abc")
    assert (common("abc", "abd"), common("abc", "abcd"), common("x", "y")) == (2, 3, 0)
    assert literal(f"{ANY}.a")
    assert not literal(f"{ANY}.{ANY}:")
