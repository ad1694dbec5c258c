"""Which imports may wait, from what is known of their modules."""

import pytest

from lambda_slim.startup.choose import StartupEvidence, candidates, named_in, useful
from lambda_slim.startup.records import ImportTarget, ModuleScan, SourceModule


def module(name, *targets, package=False, first_party=False, alone="", bound=(), uses=(), unread=()):
    names = {target.attribute or target.module.partition(".")[0]: (target,) for target in targets}
    imports = frozenset((target.module, target.attribute, target.level) for target in targets)
    scan = ModuleScan(alone, names, {}, frozenset(unread), imports, frozenset({*names, *bound}), frozenset(uses))
    path = name.replace(".", "/") + ("/__init__.py" if package else ".py")
    return SourceModule(name, path, package, first_party, scan)


def lazy(*modules, loaded=(), odd=(), eager=()):
    known = {one.name: one for one in modules}
    names = frozenset({*known, *loaded})
    stdlib = frozenset({"importlib", "json", "xml"})
    table, reasons = candidates(StartupEvidence(known, names, names, frozenset(odd), stdlib, tuple(eager)))
    return {(name, bound) for name, rows in table.items() for bound in rows}, reasons


def test_an_import_of_a_module_that_was_loaded_may_wait():
    assert lazy(module("a", ImportTarget("heavy", None, 0, 1)), loaded=["heavy"])[0] == {("a", "heavy")}


@pytest.mark.parametrize(
    ("settings", "why"),
    [
        ({"loaded": ()}, "was not loaded"),
        ({"loaded": ("heavy",), "odd": ("heavy",)}, "was not loaded"),
        ({"loaded": ("heavy",), "eager": ("hea*",)}, 'eager = ["hea*"]'),
    ],
)
def test_others_stay_with_the_reason(settings, why):
    names, reasons = lazy(module("a", ImportTarget("heavy", None, 0, 1)), **settings)

    assert names == set()
    assert why in reasons["a", "heavy"]


def test_a_submodule_of_a_package_that_is_left_alone_or_has_no_file_stays_eager():
    user = module("a", ImportTarget("pkg.sub", "thing", 0, 1), ImportTarget("space.part", "other", 0, 2))
    packages = module("pkg", package=True, alone="it looks at its own names"), module("pkg.sub"), module("space.part")
    names, reasons = lazy(user, *packages, loaded=["space"])

    assert names == set()
    assert "pkg.sub" in reasons["a", "thing"]
    assert "space.part" in reasons["a", "other"]


def test_a_submodule_of_pythons_own_that_somebody_uses_without_importing_it_stays_eager():
    user = module("a", ImportTarget("importlib.util", "find_spec", 0, 1))
    trusting = module("b", ImportTarget("importlib", None, 0, 1), uses=["importlib.util.find_spec"])
    loaded = ["importlib", "importlib.util"]

    assert ("a", "find_spec") in lazy(user, loaded=loaded)[0]
    assert ("a", "find_spec") not in lazy(user, trusting, loaded=loaded)[0]


def test_names_that_dataclasses_looks_up_in_the_module_stay_eager():
    assert lazy(module("a", ImportTarget("compat", "ClassVar", 0, 1)), loaded=["compat"])[0] == set()


def test_only_what_brings_something_is_worth_waiting_for():
    first = module("a", ImportTarget("b", "x", 0, 1))
    second = module("b", ImportTarget("heavy", "x", 0, 1))
    table = {"a": {"x": first.scan.names["x"]}, "b": {"x": second.scan.names["x"]}}
    modules = {"a": first, "b": second}

    assert useful(table, modules, frozenset({"a", "b"})) == table
    assert useful(table, modules, frozenset({"a", "b", "heavy"})) == {}


def test_names_in_messages_are_tried_before_a_search():
    table = {"m": {"Timestamp": (ImportTarget("pandas", "Timestamp", 0, 1),), "other": ()}}

    assert named_in(["Unable to import module 'app': cannot import name Timestamp"], table) == [("m", "Timestamp")]
    assert named_in(["module 'm' has no attribute 'other'"], table) == [("m", "other")]
