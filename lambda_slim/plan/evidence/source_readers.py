"""Which sources are read, or looked for by their ending, rather than just imported?"""

import re
from collections.abc import Collection

from lambda_slim.base.files import read_regular
from lambda_slim.model.file import FIRST_PARTY, File, FileKind, Inventory
from lambda_slim.model.imports import Imports, Module

_LISTS = re.compile(rb"\b(?:listdir|scandir|iterdir|r?glob|walk)\(")
_LOADS = re.compile(rb"\b(?:__import__|import_module|spec_from_file_location|load_module|exec)\(")
_LISTED = re.compile(rb"\b__all__\s*\+?=\s*[\[(]?[^\n]*\bfor\b")  # … of which `from . import *` makes imports
_INSPECTS = re.compile(rb"\b(?:getsource|getsourcelines|findsource)\(")
_ITSELF = re.compile(
    rb"__file__\)*\s*(?:\[|\.(?:replace|rstrip|rsplit|endswith|removesuffix|read_text|read_bytes|open)\()"
    rb"|\b(?:open|getlines?|parse|run_path)\(\s*__file__"
    rb"|\bformat_(?:exc|tb|stack|exception)\([^)\n]*\)[^\n]*\.split(?:lines)?\("  # counts on the lines that they quote
)
_ENDING = re.compile(rb"""\.py[)?$]*["']""")


def plain_sources(inventory: Inventory) -> frozenset[str]:
    """Sources in a folder without `__init__` that lies in a package with one: templates such as alembic's `env.py`."""
    sources = [file for file in inventory.files if file.kind is FileKind.SOURCE]
    packages = {file.path.removesuffix("/__init__.py") for file in sources if file.path.endswith("/__init__.py")}
    return frozenset(
        file.path
        for file in sources
        if file.owner != FIRST_PARTY
        and (folder := file.path.rpartition("/")[0]) not in packages
        and not packages.isdisjoint(_above(folder))
    )


def opened_sources(inventory: Inventory, live: Collection[str]) -> frozenset[str]:
    """Sources that may be opened, listed or told by their name, so that bytecode cannot stand for them.

    Those are sources below a module that loads what it finds by the ending `.py` in a folder, as apprise does, and
    all of the project's own: libraries read a user's functions and classes with `inspect.getsource` (pydantic's
    attribute docstrings, langchain), and own code derives names from `__file__` or loads a file of a computed name.

    Args:
        inventory: Every file that could ship.
        live: Files of modules that kept code leads to.
    """
    sources = [file for file in inventory.files if file.kind is FileKind.SOURCE]
    loaders = {
        (file.owner, file.path.rpartition("/")[0]) for file in sources if file.path in live and _loads_listed(file)
    }
    return frozenset(
        file.path
        for file in sources
        if file.owner == FIRST_PARTY or any((file.owner, folder) in loaders for folder in ("", *_above(file.path)))
    )


def asked_sources(inventory: Inventory, imports: Imports, live: Collection[str]) -> frozenset[str]:
    """Sources of distributions that look at themselves: at `__file__` as text or by its ending, or with `inspect`.

    One that takes the text of a traceback apart counts on the lines that it quotes of its own frames (glom).

    Who calls `inspect.getsource` in a function asks it of the modules that import that function, decorators say.

    Args:
        inventory: Every file that could ship.
        imports: Their import graph.
        live: Files of modules that kept code leads to.
    """
    modules = {module.path: module for module in imports.modules.values()}
    asking: set[str] = set()
    found: set[str] = set()
    for file in inventory.files:
        if file.owner == FIRST_PARTY or file.kind is not FileKind.SOURCE or file.path not in live:
            continue
        source = _read(file)
        if _ITSELF.search(source):
            found.add(file.path)
        if file.path in modules and _INSPECTS.search(source):
            asking.add(modules[file.path].name)
    for path in live if asking else ():
        module = modules.get(path)
        if module and (module.name in asking or _imports_one(module, imports, asking)):
            found.add(path)
    return frozenset(found)


def _imports_one(module: Module, imports: Imports, asking: Collection[str]) -> bool:
    """Whether a module imports one of some others of its distribution."""
    return any(
        edge.target in asking and imports.modules[edge.target].owner == module.owner
        for edge in imports.edges.get(module.name, ())
    )


def _loads_listed(file: File) -> bool:
    source = _read(file)
    if not (_LISTS.search(source) and _ENDING.search(source)):
        return False
    return bool(_LOADS.search(source) or _LISTED.search(source))


def _read(file: File) -> bytes:
    try:
        return read_regular(file.source)
    except OSError:
        return b""


def _above(folder: str) -> list[str]:
    parts = folder.split("/")
    return ["/".join(parts[:end]) for end in range(1, len(parts))]
