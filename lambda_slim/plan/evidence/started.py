"""Modules that are started as programs: by scripts and command strings of the project."""

import ast
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain

from lambda_slim.base.dotted import absolute_name
from lambda_slim.base.files import read_loosely
from lambda_slim.base.remember import of_same_objects
from lambda_slim.formats.entry_points import parse_scripts
from lambda_slim.formats.shell import modules_in
from lambda_slim.imports.scan.syntax import is_main
from lambda_slim.model.file import FIRST_PARTY, File, Inventory
from lambda_slim.model.function import Function
from lambda_slim.model.imports import Imports, Module
from lambda_slim.plan.evidence.source_syntax import read_syntax

_SCRIPTS = (".py", ".sh", ".bash")


def find_started(function: Function, inventory: Inventory, imports: Imports) -> tuple[str, ...]:
    """The modules that start beside the handler's, and what they import only where they are the program.

    `python -m NAME` runs `NAME.__main__` where NAME is a package, and else the part of NAME behind
    `if __name__ == "__main__":`, which nobody else runs.
    """
    names = [*function.roots, *_programs(function, inventory)]
    for name in _named_in_scripts(inventory):
        names += (name, f"{name}.__main__")
    sources = {file.path: file for file in inventory.importable}
    started = tuple(dict.fromkeys(name for name in names if name in imports.modules))
    return (*started, *_main_imports(started, imports, sources))


@of_same_objects()
def _named_in_scripts(inventory: Inventory) -> tuple[str, ...]:
    """The names behind `-m` in first-party scripts and sources."""
    own = (file for file in inventory.files if file.owner == FIRST_PARTY and file.path.endswith(_SCRIPTS))
    return tuple(name for file in own for name in modules_in(read_loosely(file.source)))


def _programs(function: Function, inventory: Inventory) -> Iterator[str]:
    """The modules behind console scripts that the function's script starts."""
    if not function.programs:
        return
    for file in inventory.importable:
        if file.path.endswith(".dist-info/entry_points.txt"):
            scripts = parse_scripts(read_loosely(file.source))
            yield from (scripts[name].partition(":")[0].strip() for name in function.programs if name in scripts)


def _main_imports(names: Iterable[str], imports: Imports, sources: Mapping[str, File]) -> Iterator[str]:
    for name in names:
        module = imports.modules[name]
        file = sources.get(module.path)
        if file is None or not module.path.endswith(".py"):
            continue
        yield from (target for target in _guarded(file, module) if target in imports.modules)


def _guarded(file: File, module: Module) -> Iterator[str]:
    """Names that the program part of a module imports."""
    tree = read_syntax(file).tree
    statements = tree.body if tree else []
    programs = (node for node in statements if isinstance(node, ast.If) and is_main(node.test))
    for inner in chain.from_iterable(map(ast.walk, programs)):
        yield from _imported(inner, module)


def _imported(node: ast.AST, module: Module) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        base = absolute_name(module.name, node.level, node.module, package=module.package)
        yield base
        yield from (f"{base}.{alias.name}" for alias in node.names)
