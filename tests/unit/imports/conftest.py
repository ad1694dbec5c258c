"""Tiny packages for the tests of reachability, written as indented text."""

import textwrap
from pathlib import Path

import pytest

from lambda_slim.imports.read import read_imports
from lambda_slim.imports.walk import reach
from lambda_slim.knowledge.runtimes import runtimes
from lambda_slim.model.file import FIRST_PARTY, File, FileKind, Inventory
from lambda_slim.model.imports import Imports, Reach
from lambda_slim.model.target import Target

TARGET = Target(runtimes()["python3.12"], "x86_64")


class Tree:
    """A package under construction: its own files, and those of distributions."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.files: list[File] = []

    def add(self, owner: str = FIRST_PARTY, /, **named: str | bytes) -> "Tree":
        """Adds files given as keywords: `pkg__sub__mod` is pkg/sub/mod.py."""
        return self.write(owner, {name.replace("__", "/") + ".py": text for name, text in named.items()})

    def write(self, owner: str, files: dict[str, str | bytes]) -> "Tree":
        for path, text in files.items():
            data = text if isinstance(text, bytes) else textwrap.dedent(text).encode()
            place = self.root / path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(data)
            self.files.append(File(path, place, len(data), owner, FileKind.SOURCE))
        return self

    def imports(self, target: Target = TARGET, **options) -> Imports:
        return read_imports(Inventory(tuple(sorted(self.files, key=lambda f: f.path))), target, **options)

    def reach(self, *roots: str, target: Target = TARGET, **options) -> Reach:
        return reach(self.imports(target, **options), roots or ["app"])

    def reached(self, *roots: str, **options) -> set[str]:
        return set(self.reach(*roots, **options).modules)


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Tree:
    monkeypatch.setenv("LAMBDA_SLIM_CACHE", str(tmp_path / "cache"))
    return Tree(tmp_path / "package")
