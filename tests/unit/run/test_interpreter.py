"""Which Python is the target's?"""

import os
import sys

import pytest

from lambda_slim.base.errors import ConfigError
from lambda_slim.knowledge.runtimes import runtimes
from lambda_slim.model.target import Target
from lambda_slim.run.compiler import compile_modules
from lambda_slim.run.interpreter import find_interpreter

OWN = f"python{sys.version_info[0]}.{sys.version_info[1]}"
pytestmark = [
    pytest.mark.skipif(os.name != "posix", reason="shims of POSIX"),
    pytest.mark.skipif(OWN not in runtimes(), reason="no runtime of this version"),
]


def shim(folder, condition):
    path = folder / OWN
    path.write_text(f'#!/bin/sh\n{condition}\nexec "{sys.executable}" "$@"\n')
    path.chmod(0o755)
    return path


def test_a_shim_is_asked_once_and_what_it_leads_to_is_run(tmp_path, monkeypatch):
    """Compilers and handlers run in another environment, where the shim would lead elsewhere."""
    monkeypatch.setenv("PYENV_VERSION", "chosen")
    path = shim(tmp_path, '[ "$PYENV_VERSION" = chosen ] || { echo "pyenv: not found" >&2; exit 127; }')

    real = find_interpreter(Target(runtimes()[OWN], "x86_64"), path)

    assert real == type(path)(sys.executable)
    assert compile_modules(real, [("a.py", b"x = 1\n")])[0]


def test_a_shim_that_leads_nowhere_is_none(tmp_path):
    with pytest.raises(ConfigError, match="is not a CPython"):
        find_interpreter(Target(runtimes()[OWN], "x86_64"), shim(tmp_path, "exit 127"))


def test_a_shim_sees_no_credentials(tmp_path, monkeypatch):
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    path = shim(tmp_path, f'env > "{tmp_path}/seen"')

    find_interpreter(Target(runtimes()[OWN], "x86_64"), path)

    assert "secret" not in (tmp_path / "seen").read_text()
