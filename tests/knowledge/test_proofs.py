"""Does every proof still hold on the package that we build? Real wheels, the real pipeline, the target's Python.

Two ways to show the static pass little (see `harness.py`):

- *imports*: the handler has the top-level imports of the proof and nothing else; the proof runs beside the package;
- *hidden*: the handler imports nothing and runs code that it gets in its event, so that nothing can be known.

Each proof runs over the smallest package that we build: level `reach`, bytecode in place of source. A package of level
`reach` with sources, and one of level `safe`, hold all that this one does. They are tried too for one proof in ten,
which a digest of the name chooses; with `LAMBDA_SLIM_ALL_PROOFS` in the environment for all.
"""

import os
from zlib import crc32

import pytest

from lambda_slim.inputs.prebuilt import opened
from tests.knowledge.harness import build, load_proof, proof_names, run_proof, write_project

pytestmark = [pytest.mark.e2e, pytest.mark.slow]

NAMES = proof_names()
SAMPLE = [name for name in NAMES if crc32(name.encode()) % 10 == 0]
HIDDEN = ["boto3", "jinja2", "requests", "sqlalchemy"]  # the same question for all: is anything dropped in the dark?


def prove(name, level, interpreter, folder, *, bytecode="none", hidden=False):
    proof = load_proof(name)
    write_project(folder / "project", proof, hidden=hidden)
    build(folder / "project", folder / "out.zip", level, interpreter, bytecode)
    with opened(folder / "out.zip") as package:
        return run_proof(interpreter, package, proof.code, folder / "scratch")


@pytest.mark.parametrize("name", NAMES)
def test_the_proof_holds(name, interpreter, tmp_path):
    assert prove(name, "reach", interpreter, tmp_path, bytecode="only") == ""


@pytest.mark.parametrize("level", ["safe", "reach"])
@pytest.mark.parametrize("name", NAMES if "LAMBDA_SLIM_ALL_PROOFS" in os.environ else SAMPLE)
def test_it_holds_on_a_larger_package(name, level, interpreter, tmp_path):
    assert prove(name, level, interpreter, tmp_path) == ""


@pytest.mark.parametrize("name", HIDDEN)
def test_it_holds_when_nothing_can_be_known(name, interpreter, tmp_path):
    assert prove(name, "reach", interpreter, tmp_path, hidden=True) == ""


def test_there_are_enough():
    assert len(NAMES) >= 180
