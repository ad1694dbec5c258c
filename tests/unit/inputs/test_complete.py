"""A lock for another Python: is what it has complete on the target?"""

import pytest

from lambda_slim.base.errors import LockError
from lambda_slim.inputs.complete import settled
from lambda_slim.knowledge.runtimes import runtimes
from lambda_slim.model.target import Target

DOUBT = LockError("`Pipfile.lock` is not for python3.12", cause="it is for Python ==3.7.*", hint="lock for this one")


@pytest.fixture
def tree(tmp_path):
    def make(**requires):
        for name, lines in requires.items():
            folder = tmp_path / f"{name}-1.5.dist-info"
            folder.mkdir()
            text = "".join(f"Requires-Dist: {line}\n" for line in lines)
            (folder / "METADATA").write_text(f"Name: {name}\nVersion: 1.5\n{text}\nRequires-Dist: described\n")
        return tmp_path

    return make


def target(python="3.12"):
    return Target(runtimes()[f"python{python}"], "x86_64")


def test_what_is_complete_is_told(tree):
    rows = ["idna>=1", 'typing_extensions ; python_version < "3.8"', 'pytest ; extra == "test"', "setuptools"]

    (note,) = settled(DOUBT, tree(requests=rows, idna=[]), target())

    assert note == "`Pipfile.lock` is not for python3.12: it is for Python ==3.7.*; what it has is complete there too"


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        (['tomli ; python_version >= "3.12"'], "requests requires tomli, which is not locked"),
        (["idna>=2"], "requests requires idna>=2, and 1.5 is locked"),
    ],
)
def test_what_is_not_complete_is_an_error(tree, rows, why):
    with pytest.raises(LockError) as caught:
        settled(DOUBT, tree(requests=rows, idna=[]), target())

    assert caught.value.cause == f"it is for Python ==3.7.*; on python3.12 {why}"


def test_without_a_doubt_nothing_is_read(tmp_path):
    assert settled(None, tmp_path / "none", target()) == ()
