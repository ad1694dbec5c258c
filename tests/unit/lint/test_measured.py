"""What deferring an import saves: only what no other import of INIT brings."""

import textwrap

from lambda_slim.lint.judge import lint_sources
from lambda_slim.lint.measured import make_init
from lambda_slim.lint.modules import Source
from lambda_slim.model.import_report import ImportNode, ImportReport
from lambda_slim.model.imports import Edge, How, Imports
from lambda_slim.model.imports import Module as Packaged
from lambda_slim.model.report import DistributionRow

APP = """\
    import big
    import other
    def handler(event, context):
        if event["a"]:
            return big.run()
        return other.run()
"""


def node(number, module, parent, distribution, self_us, line=None, file=""):
    return ImportNode(number, module, parent, distribution, file, line, self_us, self_us, status="ok")


def init(*edges, memory=512, same_line=False):
    nodes = (
        node(0, "app", None, "(project)", 100),
        node(1, "big", 0, "big", 30_000, 1),
        node(2, "big.core", 1, "big", 20_000, 3),
        node(3, "json", 2, "(stdlib)", 9_000, 1),
        node(4, "shared", 2, "shared", 7_000, 2),
        node(5, "other", 0, "other", 1_000, 1 if same_line else 2),
    )
    names = {one.module: Packaged(one.module, f"{one.module}.py", package=False) for one in nodes}
    written = (Edge("app", "big", 1, How.TOP), Edge("app", "other", 1 if same_line else 2, How.TOP), *edges)
    by_importer = {name: tuple(edge for edge in written if edge.importer == name) for name in names}
    report = ImportReport(3, 67_100, 0, 0, "pyc", "own client", 0, nodes)
    rows = [
        DistributionRow(
            "big", "1", direct=True, required_by=(), own_bytes=5, freed_bytes=9, freed_with=(), zipped_bytes=1, files=1
        )
    ]
    return make_init(report, Imports(names, by_importer), rows, memory)


def lint(measured, app=APP, *more):
    sources = [Source("app.py", textwrap.dedent(app)), *more]
    return lint_sources(sources, ["app.handler"], (), measured)


def test_what_goes_is_what_only_it_brings_without_the_standard_library():
    (found,) = lint(init())
    assert (found.rule, found.line, found.saves_us, found.level) == ("LS202", 1, 57_000, "info")
    assert "3 modules would wait; at 512 MB it pays if fewer than 29 % of cold starts use it" in found.message


def test_what_others_import_as_well_stays():
    (found,) = lint(init(Edge("other", "shared", 4, How.TOP)))
    assert found.saves_us == 50_000


def test_an_import_inside_a_function_is_no_importer_of_init():
    (found,) = lint(init(Edge("other", "shared", 4, How.DEFERRED)))
    assert found.saves_us == 57_000


def test_no_win_names_the_other_importer():
    (found,) = lint(init(Edge("other", "big", 4, How.TOP)))
    assert found.saves_us == 0
    assert "no-win: deferring saves nothing (other.py:4 loads it anyway)" in found.message


def test_with_a_whole_vcpu_it_always_pays():
    (found,) = lint(init(memory=1769))
    assert "pays" not in found.message


def test_what_costs_nothing_is_no_news():
    swapped = APP.replace('event["a"]', 'event["b"]').replace("big.run", "x").replace("other.run", "big.run")
    swapped = swapped.replace("return x()", "return other.run()")
    assert lint(init(), swapped) == ()


def test_an_unused_import_takes_its_distribution_along():
    (found,) = lint(init(), "import big\ndef handler(event, context):\n    return 1\n")
    assert (found.rule, found.saves_us, found.saves_bytes) == ("LS201", 57_000, 9)
    helper = Source("helper.py", "import big\nX = big.x\n")
    assert (
        lint(init(), "import helper, big\ndef handler(event, context):\n    return helper\n", helper)[0].saves_bytes
        == 0
    )


def test_a_statement_with_a_name_that_init_needs_stays():
    app = "from big import a, b\nX = a()\ndef handler(event, context):\n    if event:\n        return b\n"
    assert lint(init(), app) == ()
