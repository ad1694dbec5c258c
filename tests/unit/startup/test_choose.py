"""Which imports may wait, from what is known of their modules."""

from dataclasses import replace

import pytest

from lambda_slim.startup.choose import StartupEvidence, candidates
from lambda_slim.startup.records import ImportTarget, ModuleScan, SourceModule
from lambda_slim.startup.table import named_in, useful


def module(name, *targets, package=False, first_party=False, alone="", bound=(), uses=(), unread=(), free=()):
    names = {target.attribute or target.module.partition(".")[0]: (target,) for target in targets}
    imports = frozenset((target.module, target.attribute, target.level) for target in targets)
    scan = ModuleScan(alone, names, {}, frozenset(unread), imports, frozenset({*names, *bound}), frozenset(uses))
    scan = replace(scan, free=frozenset(free))
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


LOOKS = "it looks at its own names"


def test_a_submodule_of_a_package_that_is_left_alone_waits_as_its_attribute():
    user = module("a", ImportTarget("pkg.sub", "thing", 0, 1))
    names, _ = lazy(user, module("pkg", package=True, alone=LOOKS), module("pkg.sub"))

    assert names == {("a", "thing"), ("pkg", "sub")}


@pytest.mark.parametrize(
    ("package", "others", "odd"),
    [
        (module("pkg", package=True, alone=LOOKS, free=["sub"]), [], ()),  # its own functions read the name
        (module("pkg", package=True, alone=LOOKS), [module("b", ImportTarget("pkg", "*", 0, 1))], ()),
        (module("pkg", package=True, alone=LOOKS), [], ("pkg",)),
    ],
)
def test_a_submodule_that_has_to_be_there_with_its_package_stays_eager(package, others, odd):
    user = module("a", ImportTarget("pkg.sub", "thing", 0, 1))
    names, reasons = lazy(user, package, module("pkg.sub"), *others, odd=odd)

    assert ("a", "thing") not in names
    assert reasons["a", "thing"] == "`pkg.sub` would not be an attribute of its package"


def test_a_submodule_of_a_package_without_a_file_stays_eager():
    user = module("a", ImportTarget("space.part", "other", 0, 2))
    names, reasons = lazy(user, module("space.part"), loaded=["space"])

    assert names == set()
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
