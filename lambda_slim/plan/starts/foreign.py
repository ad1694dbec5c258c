"""Compiled modules whose file names the target's Python does not look for."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from lambda_slim.imports.index import module_of
from lambda_slim.model.file import File
from lambda_slim.model.target import Target

_COMPILED = (".so", ".pyd", ".dylib")
_CPYTHON = re.compile(r"(?:cpython-|cp)(\d)(\d+)")
_SYSTEMS = {"darwin": "macOS", "win": "Windows", "musl": "Linux with musl", "emscripten": "WebAssembly"}
_MACHINES = ("x86_64", "aarch64", "i386", "arm", "ppc64le", "s390x")


@dataclass(frozen=True, slots=True)
class ForeignModule:
    """A compiled module; `made_for` is what its file name says: `CPython 3.11`, `Windows`, `aarch64`."""

    path: str
    made_for: str


def foreign_modules(files: Iterable[File], target: Target) -> dict[str, ForeignModule]:
    """By dotted name. The caller removes modules that are also there for the target, or as source."""
    named: dict[str, ForeignModule] = {}
    for file in files:
        if file.path.endswith(_COMPILED) and module_of(file.installed_path, target) is None:
            folder, _, last = file.installed_path.rpartition("/")
            stem, _, tag = last.partition(".")
            name = f"{folder}/{stem}".strip("/").replace("/", ".").removesuffix(".__init__")
            if made_for := _made_for(tag, target):
                named[name] = ForeignModule(file.path, made_for)
    return named


def _made_for(tag: str, target: Target) -> str:
    """The platform that a file name's end after the module's name states; "" where it states none."""
    if tag.startswith(("pypy", "graalpy")):
        return "PyPy" if tag.startswith("pypy") else "GraalPy"
    for sign, system in _SYSTEMS.items():
        if sign in tag:
            return system
    if tag in ("pyd", "dylib"):
        return {"pyd": "Windows", "dylib": "macOS"}[tag]
    version = _CPYTHON.search(tag)
    if version and f"{version[1]}.{version[2]}" != target.runtime.python:
        return f"CPython {version[1]}.{version[2]}"
    return next((machine for machine in _MACHINES if machine in tag), "")
