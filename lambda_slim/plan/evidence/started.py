"""Modules that are started as programs: by scripts and command strings of the project."""

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain

from lambda_slim.base.dotted import absolute_name
from lambda_slim.base.files import read_loosely
from lambda_slim.base.remember import of_same_objects
from lambda_slim.formats.entry_points import parse_scripts
from lambda_slim.formats.shell import modules_in, parse_shell
from lambda_slim.imports.scan.syntax import is_main
from lambda_slim.model.file import FIRST_PARTY, File, Inventory
from lambda_slim.model.function import Function
from lambda_slim.model.imports import Imports, Module
from lambda_slim.plan.evidence.source_syntax import read_syntax

_STARTS = re.compile(r"\bsubprocess\b|\bos\.(?:system|popen|exec|spawn|posix_spawn)")
_FIRST_WORD = re.compile(r"""["'](?:[\w./$-]*/)?([A-Za-z][\w.-]*)(?=[\s"'])""")  # of a text, without its folder
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
    return tuple(name for file in own for name in modules_in(_text(file)))


def _programs(function: Function, inventory: Inventory) -> Iterator[str]:
    """The modules behind console scripts that the function's script starts, or that own scripts and commands name."""
    names = {*function.programs, *_commands_in_scripts(inventory)}
    for file in inventory.importable if names else ():
        if file.path.endswith(".dist-info/entry_points.txt"):
            scripts = parse_scripts(read_loosely(file.source))
            yield from (scripts[name].partition(":")[0].strip() for name in sorted(names & scripts.keys()))


@of_same_objects()
def _commands_in_scripts(inventory: Inventory) -> tuple[str, ...]:
    """First words of commands in first-party shell scripts, and of texts in sources that start processes."""
    names: dict[str, None] = {}
    for file in inventory.files:
        if file.owner != FIRST_PARTY or not file.path.endswith(_SCRIPTS):
            continue
        text = _text(file)
        programs = _commands_in(text) if file.path.endswith(".py") else parse_shell(text).programs
        names.update(dict.fromkeys(programs))
    return tuple(names)


def _text(file: File) -> str:
    return read_loosely(file.source)


def _commands_in(text: str) -> list[str]:
    """First words of the texts in a Python source that starts processes."""
    return _FIRST_WORD.findall(text) if _STARTS.search(text) else []


def starts_in(file: File) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """What a Python source says about programs: names behind `-m`, commands, and its own part that is a program."""
    text = _text(file)
    return modules_in(text), tuple(_commands_in(text)), tuple(map(ast.dump, _programs_in(file)))


def _main_imports(names: Iterable[str], imports: Imports, sources: Mapping[str, File]) -> Iterator[str]:
    for name in names:
        module = imports.modules[name]
        file = sources.get(module.path)
        if file is None or not module.path.endswith(".py"):
            continue
        yield from (target for target in _guarded(file, module) if target in imports.modules)


def _guarded(file: File, module: Module) -> Iterator[str]:
    """Names that the program part of a module imports."""
    for inner in chain.from_iterable(map(ast.walk, _programs_in(file))):
        yield from _imported(inner, module)


def _programs_in(file: File) -> Iterator[ast.If]:
    """The parts of a source behind `if __name__ == "__main__":`."""
    tree = read_syntax(file).tree
    statements = tree.body if tree else []
    return (node for node in statements if isinstance(node, ast.If) and is_main(node.test))


def _imported(node: ast.AST, module: Module) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        base = absolute_name(module.name, node.level, node.module, package=module.package)
        yield base
        yield from (f"{base}.{alias.name}" for alias in node.names)
