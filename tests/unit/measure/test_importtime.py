"""Import reports from what the probe says."""

import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lambda_slim.base.errors import RunError
from lambda_slim.measure.importtime import Statements, describe, make_report
from lambda_slim.model.function import Function
from lambda_slim.model.run import Timed
from lambda_slim.tasks.measure import check_timed
from tests.unit.factory import TARGET

SOURCE = """import boto3
s3 = boto3.client(
    "s3",
)
TABLE = {}
"""


def row(name, parent, start, total, own, **more):
    values = {"status": "ok", "thread": 0, "file": f"{name}.py", "importer": "app.py", "line": 1}
    return {"name": name, "parent": parent, "start": start, "total": total, "self": own, **values, **more}


def answer(scale=1, **more):
    nodes = [
        row("app", None, 100, 10_000_000 * scale, 6_000_000 * scale, importer=""),
        row("boto3", 0, 200, 4_000_000 * scale, 3_000_000 * scale, file="boto3/__init__.py"),
        row("nope", 1, 300, 1_000_000 * scale, 1_000_000 * scale, file="", status="failed"),
    ]
    lines = {"0": {"2": 3_000_000 * scale, "3": 1_000_000 * scale, "5": 50_000 * scale}}
    values = {"begun": 100, "total": 10_000_000 * scale, "cpu": 9_000_000, "rss": 5, "pyc": 2, "source": 0}
    return {"nodes": nodes, "lines": lines, **values, **more}


OWNERS = {"app.py": "", "boto3/__init__.py": "boto3"}


def attributed(report):
    return sum(node.self_us + sum(call.us for call in node.body_calls) for node in report.nodes)


def test_body_calls_are_told_apart_and_everything_adds_up():
    report = make_report([answer()] * 3, OWNERS, "own client", {"app.py": SOURCE})
    app, boto3, nope = report.nodes
    assert [(call.line, call.call, call.us) for call in app.body_calls] == [(2, "boto3.client(...)", 4000)]
    assert (app.distribution, boto3.distribution, nope.distribution) == ("(project)", "boto3", "boto3")
    assert (app.self_us, app.total_us, boto3.total_us) == (2000, 10000, 4000)
    assert (nope.status, app.line, boto3.line) == ("failed", None, 1)
    assert attributed(report) == report.total_us == 10000
    assert report.bytecode == "pyc"


def test_total_is_the_median_and_an_outlier_does_not_reach_the_modules():
    report = make_report([answer(), answer(), answer(), answer(), answer(50)], OWNERS, "", {"app.py": SOURCE})
    assert report.total_us == 10000
    assert report.nodes[1].self_us == 3000


@given(st.lists(st.integers(1, 40), min_size=1, max_size=9))
def test_parts_add_up_to_the_total_whatever_the_runs(scales):
    report = make_report([answer(scale) for scale in scales], OWNERS, "", {"app.py": SOURCE})
    assert abs(attributed(report) - report.total_us) <= len(report.nodes) + 1


def test_an_import_that_only_some_runs_make_is_no_trouble():
    short = answer()
    short["nodes"] = short["nodes"][:2]
    report = make_report([short, answer(), answer()], OWNERS, "", {})
    assert len(report.nodes) in (2, 3)


def test_a_module_without_source_keeps_its_lines_in_its_own_time():
    report = make_report([answer()], OWNERS, "", {})
    assert report.nodes[0].self_us == 6000


@pytest.mark.parametrize(
    ("source", "label"),
    [
        ("x = a.b.c(1)", "a.b.c(...)"),
        ("x = session().client('s3')", "session().client(...)"),
        ("class Order(BaseModel):\n    x: int", "class Order(BaseModel)"),
        ("@app.get('/')\ndef f(): ...", "@app.get(...)"),
        ("def f(): ...", ""),
        ("x = 1", ""),
        ("with lock(): pass", "lock()"),
        ("if check(): pass", "check()"),
    ],
)
def test_what_a_statement_does(source, label):
    assert describe(ast.parse(source).body[0]) == label


def test_lines_lead_to_the_innermost_statement():
    found = Statements("try:\n    x = load(\n        1)\nexcept E:\n    x = other()\n")
    assert found.find(3) == (2, "load(...)")
    assert found.find(5) == (5, "other()")
    assert found.find(1) is None


def test_failures_name_the_lines_that_led_there():
    function = Function("Orders", "src.app.handler", None, TARGET)
    error = {"type": "ModuleNotFoundError", "message": "No module named 'x'", "chain": [["src/app.py", 3]]}
    with pytest.raises(RunError) as caught:
        check_timed(Timed({"error": error}, 0, late=False, at="", output=""), function, 30)
    assert caught.value.cause == "ModuleNotFoundError: No module named 'x' (src/app.py:3)"
    with pytest.raises(RunError) as caught:
        check_timed(Timed({}, None, late=True, at="src/app.py:9", output=""), function, 30)
    assert "30 s" in caught.value.message
    assert caught.value.cause == "it was at src/app.py:9"
    with pytest.raises(RunError, match="exit 7"):
        check_timed(Timed({}, 7, late=False, at="", output="bye\n"), function, 30)
