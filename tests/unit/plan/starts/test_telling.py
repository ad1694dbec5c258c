"""How a failing import is told, and the likely cause."""

from dataclasses import replace
from pathlib import Path

import pytest

from lambda_slim.model.decision import Decision, Plan, Verdict
from lambda_slim.model.imports import Module
from lambda_slim.model.layer import Layer
from lambda_slim.plan.starts.foreign import ForeignModule
from lambda_slim.plan.starts.nearest import Nearest
from lambda_slim.plan.starts.places import Places
from lambda_slim.plan.starts.telling import Teller
from lambda_slim.plan.starts.walk import Lack, LackKind
from tests.unit.factory import facts, file

KEEP, EXCLUDED = Verdict(keep=True, rule="default", why=""), Verdict(keep=False, rule="exclude", why="settings")
WINDOWS = Verdict(keep=False, rule="platform", why="made for Windows")
TARGET = "python3.12 on Linux x86_64"
UNREAD, READ = Layer("L"), Layer("L", content=Path("/nowhere"))
IN_A_LAYER = "one of the function's layers may have it; `lambda-slim` does not know what is in them"


def told(lack, *, dropped=(), verdict=EXCLUDED, kept=("app.py",), layers=(), foreign=None, folders=()):
    """The finding of a lack, with files that are left out; a file may come with its owner."""
    files = [file(path) if isinstance(path, str) else file(*path) for path in (*kept, *dropped)]
    rows = tuple(Decision(row, KEEP if number < len(kept) else verdict) for number, row in enumerate(files))
    evidence = facts(files)
    function = replace(evidence.function, layers=layers)
    named = {name: Module(name, name, package=True, namespace=True) for name in folders}
    imports = replace(evidence.imports, modules={**evidence.imports.modules, **named})
    evidence = replace(evidence, function=function, imports=imports)
    nearest = Nearest(function, evidence.resolution, evidence.settings.root)
    places = Places(imports, kept, (), foreign)
    return Teller(evidence, Plan(rows), nearest, places).finding(lack)


def lack(name="shop", kind=LackKind.MODULE, *, certain=True, **more):
    return Lack(kind, "app", "app.py", 3, name, certain=certain, **more)


@pytest.mark.parametrize(
    ("via", "more"),
    [
        ("", ""),
        ("main.py:7", " (main.py:7 leads there)"),
        ("app.py:7", ""),
        ("a:b/app.py:7", " (a:b/app.py:7 leads there)"),
    ],
)
def test_what_leads_there_is_told_where_it_is_another_file(via, more):
    finding = told(lack(via=via))

    assert finding.message == f"`shop` is imported at INIT, and nothing provides it{more}"
    assert (finding.rule, finding.level, finding.file, finding.line) == ("LS130", "error", "app.py", 3)


def test_an_import_on_some_path_is_a_warning():
    finding = told(lack(certain=False, at_init=False))

    assert finding.level == "warning"
    assert finding.message == "`shop` is imported in a function or under a condition, and nothing provides it"


def test_a_module_that_a_rule_leaves_out_is_named_with_the_rule():
    finding = told(lack(), dropped=["shop.py"])

    assert finding.hint == "shop.py is left out (exclude: settings); name it in `keep`"


def test_of_a_module_that_ships_no_rule_is_named():
    assert told(lack("app"), dropped=["shop.py"]).hint.startswith("no requirements file was found")


def test_a_folder_is_told_by_its_first_module_that_is_left_out():
    """Its data is no reason why it cannot be imported."""
    finding = told(lack(), dropped=["other.py", "shop/a.txt", "shop/cart.py", "shop/price.py"], folders=["shop"])

    assert finding.hint == "shop/cart.py is left out (exclude: settings); name it in `keep`"


@pytest.mark.parametrize(
    ("layers", "certain", "hint"),
    [
        ((UNREAD,), False, IN_A_LAYER),
        ((READ, UNREAD), False, IN_A_LAYER),
        ((READ,), False, ""),
        ((replace(UNREAD, known="Powertools"),), False, ""),
        ((UNREAD,), True, ""),
        ((), False, ""),
    ],
)
def test_only_a_layer_whose_content_is_not_known_may_have_it(layers, certain, hint):
    finding = told(lack(certain=certain), layers=layers)

    assert finding.hint == hint or (not hint and finding.hint.startswith("no requirements file was found"))


PIP = "--only-binary :all: --platform manylinux2014_x86_64 --python-version 3.12"


@pytest.mark.parametrize(
    ("owner", "hint"),
    [
        ("", f"fast.py is made for Windows; compile it for {TARGET}"),
        ("fast", f"fast.py is made for Windows; install it for {TARGET}, with pip by {PIP}"),
    ],
)
def test_a_module_for_another_platform_is_compiled_or_installed_anew(owner, hint):
    assert told(lack("fast"), dropped=[("fast.py", owner)], verdict=WINDOWS).hint == hint


def test_a_compiled_module_for_another_python_is_named():
    own = {"fast": ForeignModule("fast.so", "CPython 3.9")}
    hint = f"fast.so is made for CPython 3.9; install it for {TARGET}, with pip by {PIP}"

    assert told(lack("fast"), foreign=own, kept=["app.py", ("fast.so", "fast")]).hint == hint
    own_hint = f"fast.so is made for CPython 3.9; compile it for {TARGET}"
    assert told(lack("fast"), foreign=own, kept=[("app.py", "fast"), "fast.so"]).hint == own_hint


def test_a_module_that_another_rule_leaves_out_is_not_for_another_platform():
    """Another file of its name may be: the module that was meant is the one that is left out."""
    assert told(lack(), dropped=["shop.py"], foreign={"other": ForeignModule("other.so", "Windows")}).hint.startswith(
        "shop.py is left out"
    )


def test_a_name_that_a_module_lacks():
    finding = told(lack("shop.cart.total", LackKind.NAME), kept=["app.py", "shop/cart.py"])

    assert (finding.rule, finding.message) == ("LS131", "`shop.cart` has no `total`")
    assert finding.hint == "check the spelling, and which names the module binds"


def test_a_module_in_a_folder_that_is_not_on_the_path():
    finding = told(lack("utils", LackKind.ELSEWHERE, instead="src/utils/__init__.py"))

    place = "it is there as src/utils/__init__.py, in a folder that is not on sys.path"
    assert finding.message == f"`utils` is imported at INIT; {place}"
    assert finding.hint == "import `src.utils`, or let CodeUri name the folder that has it"


def test_a_relative_import_that_leads_out_of_the_package():
    finding = told(lack("..x", LackKind.BEYOND))

    message = "the relative import `..x` leads out of the package: Lambda imports this as `app`"
    assert (finding.rule, finding.message) == ("LS130", message)
    assert finding.hint.startswith("import it by its absolute name")


def test_metadata_that_does_not_ship():
    finding = told(lack("orders", LackKind.METADATA))

    assert finding.rule == "LS132"
    assert finding.message == "the version of `orders` is asked for, and its metadata is not in the package"
    assert finding.hint == "add orders to the requirements, or catch PackageNotFoundError"


def test_an_import_that_ends_init():
    assert told(lack("", LackKind.END)).rule == "LS134"
