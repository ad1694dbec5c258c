"""The edges of one module, by kind of statement; its gaps; entry points and hints."""

import pytest

from lambda_slim.imports.index import index_modules
from lambda_slim.imports.link.linker import Linker
from lambda_slim.imports.link.lookups import Lookups
from lambda_slim.imports.store import Store
from lambda_slim.model.imports import How
from tests.unit.factory import TARGET

LIB = {
    **{f"lib/{name}.py": "" for name in ("__init__", "red", "blue", "deep/__init__", "deep/sea", "tests/test_red")},
    "tool.py": "",
}
GROUPS = {
    "lib.readers": ("lib.red:Reader", "absent:Reader"),
    "lib.writers": ("lib.blue",),
    "pytest11": ("tool",),
    "other": ("tool:run",),
}


def linker(tree, files, *, groups=None, hints=None, binary=lambda _: (), **more):
    tree.write("lib", LIB).write("", files)
    lookups = Lookups(index_modules(tree.files, TARGET), Store(tree.files, (3, 12)))
    return Linker(lookups, groups or {}, hints or {}, binary, **more)


def edges(tree, source, path="app.py", **more):
    """Target to (line, how) of one source."""
    links, _ = linker(tree, {path: source}, **more).link(path.removesuffix(".py").replace("/", "."))
    return {edge.target: (edge.line, edge.how) for edge in links}


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("import lib.red", {"lib.red": (1, How.TOP)}),
        ("x = 1\nimport lib", {"lib": (2, How.TOP)}),
        ("from lib import red, nothing", {"lib": (1, How.TOP), "lib.red": (1, How.TOP)}),
        ("def f():\n    from lib import red", {"lib": (2, How.DEFERRED), "lib.red": (2, How.DEFERRED)}),
        ("try:\n    import tool\nexcept ImportError:\n    pass", {"tool": (2, How.OPTIONAL)}),
        ("import lib.absent", {"lib": (1, How.TOP)}),
        ("import absent", {}),
        ("import app", {}),
        ("from . import tool", {"tool": (1, How.TOP)}),  # beside the module, at the top level
        (
            "import lib\nlib.deep.sea.dive()",
            {"lib": (1, How.TOP), "lib.deep": (2, How.TOP), "lib.deep.sea": (2, How.TOP)},
        ),
        ("import lib\nlib = 3", {"lib": (1, How.TOP)}),
    ],
)
def test_the_edges_of_import_statements(tree, source, expected):
    assert edges(tree, source) == expected


@pytest.mark.parametrize(
    ("listed", "expected"),
    [
        ("shop", {"shop", "shop.models", "shop.apps"}),
        ("shop.apps.ShopConfig", {"shop", "shop.models", "shop.apps"}),
        ("shop.models", {"shop.models"}),
        ("x.y", set()),
    ],
)
def test_a_listed_application_brings_all_it_has_but_tests(tree, listed, expected):
    tree.write("", {"shop/__init__.py": "", "shop/models.py": "", "shop/apps.py": "", "shop/tests/test_a.py": ""})

    assert edges(tree, f"INSTALLED_APPS = [{listed!r}]").keys() == expected


@pytest.mark.parametrize(
    ("source", "targets"),
    [
        ("entry_points(group='lib.readers')", {"lib.red"}),
        ("GROUP = 'lib.readers'", {"lib.red"}),
        ("entry_points(group='other')", {"tool"}),
        ("entry_points(group='pytest11')", {"tool"}),  # asked for by its name
        ("entry_points(group=f'lib.{kind}')", {"lib.red", "lib.blue"}),
        ("entry_points(group=kind)", {"lib.red", "lib.blue", "tool"}),  # any but those of build tools
        ("entry_points(group='absent')", set()),
        ("x = 1", set()),
    ],
)
def test_groups_of_entry_points_that_a_file_names(tree, source, targets):
    found = edges(tree, source, groups=GROUPS)

    assert {name for name, (_, how) in found.items() if how is How.ENTRY_POINT} == targets


def test_groups_of_build_tools_are_asked_for_by_nobody_that_runs(tree):
    assert "tool" not in edges(tree, "entry_points(group=kind)", groups={"pytest11": ("tool",), "sphinx.x": ("tool",)})
    assert edges(tree, "entry_points(group='other')") == {}


def test_hidden_imports_that_are_known(tree):
    hints = {"app": ("lib.deep.*", "?tool", "lib.red.Class", "absent"), "json": ("lib.blue",)}

    assert edges(tree, "import json", hints=hints) == {
        "lib.deep.sea": (0, How.CHOICE),
        "tool": (0, How.CHOICE),
        "lib.red": (0, How.HINT),
        "lib.blue": (1, How.HINT),
    }


def test_what_a_compiled_module_names_counts_and_not_of_a_source(tree):
    def binary(module):
        return ["tool", "lib.red"] if module.name == "fast" else ["lib.blue"]

    tree.write("lib", {"fast.abi3.so": b"PyInit_fast"})
    about = linker(tree, {"app.py": ""}, binary=binary)

    assert [(edge.target, edge.how) for edge in about.link("fast")[0]] == [
        ("tool", How.BINARY),
        ("lib.red", How.BINARY),
    ]
    assert about.link("app")[0] == ()


def test_objects_of_any_class_are_a_gap_unless_their_data_is_here(tree):
    links, gaps = linker(tree, {"app.py": "pickle.loads(body)"}).link("app")

    assert [gap.kept for gap in gaps] == ["*"]
    assert {link.how for link in links} == {How.UNKNOWN}
    assert linker(tree, {"more.py": "pickle.loads(body)"}, explained=True).link("more") == ((), ())


def test_without_knowledge_no_framework_loads_only_what_settings_name(tree):
    files = {"app.py": "KIND = 'lib.red'", "lib/loads.py": ""}
    settings = linker(tree, files).lookups.settings

    assert not settings.decide(settings.names.modules["lib.red"])


def test_code_that_is_made_at_run_time_is_a_gap_of_first_party_code_alone(tree):
    about = linker(tree, {"app.py": "exec(text, {})", "lib/run.py": ""})

    assert [gap.kept for gap in about.link("app")[1]] == ["*"]
    assert about.link("lib.red") == ((), ())


@pytest.mark.parametrize(
    ("path", "call", "kept", "brings"),
    [
        ("app.py", "import_module(event)", "*", {"tool", "lib", "lib.red", "lib.blue", "lib.deep", "lib.deep.sea"}),
        ("app.py", "import_module('lib.' + event)", None, {"lib.red", "lib.blue", "lib.deep", "lib.deep.sea"}),
        ("app.py", "pkgutil.iter_modules(anything)", None, set()),
        ("app.py", "import_module('lib.red')", None, {"lib.red"}),
    ],
)
def test_an_import_by_name(tree, path, call, kept, brings):
    links, gaps = linker(tree, {path: f"def f(event, anything):\n    {call}\n"}).link("app")

    assert [gap.kept for gap in gaps] == ([] if kept is None else [kept])
    assert {edge.target for edge in links} == brings


def test_how_an_import_by_name_leads_to_its_target(tree):
    source = """
        import_module('lib.red')
        import_module('lib.deep.' + x)
        try:
            import_module('tool')
        except ImportError:
            pass
    """
    assert edges(tree, source) == {
        "lib.red": (2, How.NAMED),
        "lib.deep.sea": (3, How.CHOICE),
        "tool": (5, How.OPTIONAL),
    }
