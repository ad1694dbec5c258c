"""Records for tests, with sensible defaults."""

from collections.abc import Iterable
from dataclasses import fields
from pathlib import Path

from lambda_slim.knowledge.runtimes import runtimes
from lambda_slim.model.distribution import Distribution, Resolution
from lambda_slim.model.evidence import CodeEvidence, Evidence, FileEvidence, TextEvidence, TraceEvidence
from lambda_slim.model.file import FIRST_PARTY, File, FileKind, Inventory
from lambda_slim.model.function import Function
from lambda_slim.model.imports import Imports, Module, Reach
from lambda_slim.model.settings import Level, Settings
from lambda_slim.model.target import Target

TARGET = Target(runtimes()["python3.12"], "x86_64")

KINDS = {
    ".py": FileKind.SOURCE,
    ".pyc": FileKind.BYTECODE,
    ".so": FileKind.LIBRARY,
    ".pyi": FileKind.STUB,
    ".h": FileKind.NATIVE,
}


THEMES = {"code": CodeEvidence, "texts": TextEvidence, "unseen": TraceEvidence, "files": FileEvidence}


def file(path: str, owner: str = FIRST_PARTY, size: int = 100, kind: FileKind | None = None) -> File:
    """A file that is nowhere on disk."""
    if kind is None:
        kind = KINDS.get(Path(path).suffix, FileKind.DATA)
        if ".dist-info/" in path:
            kind = FileKind.LICENCE if "LICENSE" in path else FileKind.METADATA
    return File(path, Path("/nowhere") / path, size, owner, kind)


def module_name(path: str) -> str:
    """The dotted name of a module's file."""
    return path.removesuffix(".py").replace("/", ".").removesuffix(".__init__")


def facts(
    files: Iterable[File], reached: Iterable[str] = (), *, settings: Settings | None = None, **more: object
) -> Evidence:
    """Evidence on files, of which `reached` are reached; every .py file is a module.

    `more` names fields of the evidence and of its parts.
    """
    found = tuple(sorted(files, key=lambda one: one.path))
    modules = {
        module_name(one.path): Module(module_name(one.path), one.path, one.path.endswith("__init__.py"))
        for one in found
        if one.kind is FileKind.SOURCE
    }
    paths = frozenset(reached)
    values: dict[str, object] = {
        "function": Function("F", "app.handler", Path("/nowhere"), TARGET),
        "settings": settings or Settings(root=Path("/nowhere"), level=Level.SAFE),
        "resolution": Resolution(
            None, tuple(Distribution(name, "1") for name in {f.owner for f in found} - {FIRST_PARTY}), "key"
        ),
        "inventory": Inventory(found),
        "imports": Imports(modules, {}),
        "reach": Reach(frozenset(map(module_name, paths)), paths, {}),
        "module_of": {module.path: name for name, module in modules.items()},
        "live": paths,
        **more,
    }
    for name, theme in THEMES.items():
        chosen = {key.name: values.pop(key.name) for key in fields(theme) if key.name in values}
        values[name] = theme(**chosen)  # type: ignore[arg-type]
    return Evidence(**values)  # type: ignore[arg-type]
