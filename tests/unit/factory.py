"""Records for tests, with sensible defaults."""

from collections.abc import Iterable
from pathlib import Path

from lambda_slim.facts import Facts
from lambda_slim.imports import Imports, Module, Reach
from lambda_slim.inventory import PROJECT, File, Inventory, Kind
from lambda_slim.project import Function
from lambda_slim.resolve import Distribution, Resolution
from lambda_slim.runtimes import Target, runtimes
from lambda_slim.settings import Settings

TARGET = Target(runtimes()["python3.12"], "x86_64")

KINDS = {
    ".py": Kind.SOURCE,
    ".pyc": Kind.BYTECODE,
    ".so": Kind.LIBRARY,
    ".pyi": Kind.STUB,
    ".h": Kind.NATIVE,
}


def file(path: str, owner: str = PROJECT, size: int = 100, kind: Kind | None = None) -> File:
    """A file that is nowhere on disk."""
    if kind is None:
        kind = KINDS.get(Path(path).suffix, Kind.DATA)
        if ".dist-info/" in path:
            kind = Kind.LICENCE if "LICENSE" in path else Kind.METADATA
    return File(path, Path("/nowhere") / path, size, owner, kind)


def module_name(path: str) -> str:
    """The dotted name of a module's file."""
    return path.removesuffix(".py").replace("/", ".").removesuffix(".__init__")


def facts(
    files: Iterable[File], reached: Iterable[str] = (), *, settings: Settings | None = None, **more: object
) -> Facts:
    """Facts about files, of which `reached` are reached; every .py file is a module."""
    found = tuple(sorted(files, key=lambda one: one.path))
    modules = {
        module_name(one.path): Module(module_name(one.path), one.path, one.path.endswith("__init__.py"))
        for one in found
        if one.kind is Kind.SOURCE
    }
    paths = frozenset(reached)
    values: dict[str, object] = {
        "function": Function("F", "app.handler", Path("/nowhere"), TARGET),
        "settings": settings or Settings(root=Path("/nowhere")),
        "resolution": Resolution(
            None, tuple(Distribution(name, "1") for name in {f.owner for f in found} - {PROJECT}), "key"
        ),
        "inventory": Inventory(found),
        "imports": Imports(modules, {}),
        "reach": Reach(frozenset(map(module_name, paths)), paths, {}),
        "module_of": {module.path: name for name, module in modules.items()},
        "live": paths,
    }
    return Facts(**{**values, **more})  # type: ignore[arg-type]
