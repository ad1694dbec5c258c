"""Compiled modules that the target's Python does not look for, by their file names."""

import pytest

from lambda_slim.knowledge.runtimes import runtimes
from lambda_slim.model.target import Target
from lambda_slim.plan.starts.foreign import foreign_modules
from tests.unit.factory import file

TARGET = Target(runtimes()["python3.12"], "x86_64")


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("pkg/_core.cpython-311-x86_64-linux-gnu.so", {"pkg._core": "CPython 3.11"}),
        ("pkg/_core.pypy310-pp73-x86_64-linux-gnu.so", {"pkg._core": "PyPy"}),
        ("pkg/_core.graalpy240-312-native-x86_64-linux.so", {"pkg._core": "GraalPy"}),
        ("pkg/_core.cpython-312-darwin.so", {"pkg._core": "macOS"}),
        ("pkg/_core.cpython-312-x86_64-linux-musl.so", {"pkg._core": "Linux with musl"}),
        ("pkg/_core.pyd", {"pkg._core": "Windows"}),
        ("pkg/_core.dylib", {"pkg._core": "macOS"}),
        ("pkg/_core.cpython-312-aarch64-linux-gnu.so", {"pkg._core": "aarch64"}),
        ("pkg/__init__.cpython-311-x86_64-linux-gnu.so", {"pkg": "CPython 3.11"}),
        ("pkg/_core.cpython-312-x86_64-linux-gnu.so", {}),  # the target's own
        ("pkg/_core.abi3.so", {}),
        ("pkg/_core.so", {}),
        ("pkg/_core.something.so", {}),  # a name that says nothing
        ("pkg/settings.darwin.json", {}),  # no compiled module
        ("pkg/notes-win.txt", {}),
    ],
)
def test_the_name_of_a_compiled_module_says_who_loads_it(path, expected):
    assert {name: module.made_for for name, module in foreign_modules([file(path)], TARGET).items()} == expected
