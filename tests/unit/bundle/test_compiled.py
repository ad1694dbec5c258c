"""Bytecode, and what making it took."""

import sys

import pytest

from lambda_slim.bundle.compiled import _COMPILED, compile_sources
from lambda_slim.knowledge.runtimes import runtimes
from lambda_slim.model.file import File, FileKind
from lambda_slim.model.settings import Settings
from lambda_slim.model.target import Target

OWN = f"python{sys.version_info[0]}.{sys.version_info[1]}"
pytestmark = pytest.mark.skipif(OWN not in runtimes(), reason="no runtime of this version")


def test_what_compiling_took_is_kept_with_the_bytecode(tmp_path, monkeypatch):
    monkeypatch.setenv("LAMBDA_SLIM_CACHE", str(tmp_path / "cache"))
    texts = {"large": "".join(f"def f{n}(a, b=1):\n    return [a + b + {n}]\n" for n in range(900)), "bad": "def ("}
    files = []
    for name, text in texts.items():
        (tmp_path / f"{name}.py").write_text(text)
        files.append(File(f"lib/{name}.py", tmp_path / f"{name}.py", len(text), "lib", FileKind.SOURCE))
    given = files, Target(runtimes()[OWN], "x86_64"), Settings(root=tmp_path)

    first = compile_sources(*given)
    _COMPILED.values.clear()
    again = compile_sources(*given)

    assert list(first) == ["lib/large.py"]
    assert first == again
    assert first["lib/large.py"].took_us > 1000
    assert first["lib/large.py"].data[4:8] == b"\1\0\0\0"  # never checked against its source
