"""Does every proof still hold on the package that we build? Real wheels, the real pipeline, the target's Python.

Two ways to show the static pass little (see `harness.py`):

- *imports*: the handler has the top-level imports of the proof and nothing else; the proof runs beside the package;
- *hidden*: the handler imports nothing and runs code that it gets in its event, so that nothing can be known.
"""

import pytest

from lambda_slim.inputs.prebuilt import opened
from tests.knowledge.harness import build, load_proof, proof_names, run_proof, write_project

pytestmark = [pytest.mark.e2e, pytest.mark.slow]

NAMES = proof_names()
HIDDEN = ["boto3", "jinja2", "requests", "sqlalchemy"]  # the same question for all: is anything dropped in the dark?


def prove(name, level, interpreter, folder, *, bytecode="none", hidden=False):
    proof = load_proof(name)
    write_project(folder / "project", proof, hidden=hidden)
    build(folder / "project", folder / "out.zip", level, interpreter, bytecode)
    with opened(folder / "out.zip") as package:
        return run_proof(interpreter, package, proof.code, folder / "scratch")


@pytest.mark.parametrize(("level", "bytecode"), [("safe", "none"), ("reach", "none"), ("reach", "only")])
@pytest.mark.parametrize("name", NAMES)
def test_the_proof_holds(name, level, bytecode, interpreter, tmp_path):
    assert prove(name, level, interpreter, tmp_path, bytecode=bytecode) == ""


@pytest.mark.parametrize("name", HIDDEN)
def test_it_holds_when_nothing_can_be_known(name, interpreter, tmp_path):
    assert prove(name, "reach", interpreter, tmp_path, hidden=True) == ""


def test_there_are_enough():
    assert len(NAMES) >= 180
