"""Bytecode that is there already never ships; sourceless modules do."""

from lambda_slim.model.file import FileKind
from lambda_slim.plan.rules.bytecode import judge
from tests.unit.factory import facts, file


def test_bytecode_of_others_goes_and_modules_without_source_stay():
    cached = ("__pycache__/a.cpython-312.pyc", "p/__pycache__/x.cpython-39.pyc")
    paths = ("a.py", "a.pyc", "b.pyc", *cached, "c.py")
    opinion = judge(facts([file(path) for path in paths]))

    found = {path: opinion(file(path)) for path in paths}

    assert [path for path, verdict in found.items() if verdict] == ["a.pyc", *cached]
    assert not any(verdict.keep for verdict in found.values() if verdict)


def test_only_a_source_takes_the_place_of_bytecode():
    opinion = judge(facts([file("a.py", kind=FileKind.DATA), file("a.pyc"), file("b.py")]))

    assert opinion(file("a.pyc")) is None
    assert opinion(file("b.pyo", kind=FileKind.BYTECODE)).why == "its source is beside it, and Python loads that"
    assert opinion(file("b.py")) is None
