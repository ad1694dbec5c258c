"""The target's Python, once."""

import pytest

from lambda_slim.knowledge.runtimes import runtimes
from lambda_slim.model.target import Target


@pytest.fixture(scope="session")
def interpreter():
    from lambda_slim.run.interpreter import find_interpreter

    found = find_interpreter(Target(runtimes()["python3.12"], "x86_64"), None)
    if found is None:
        pytest.skip("no Python 3.12 here")
    return found
