"""Which modules can the handler reach? Static, over first-party and third-party code; unknown stays."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class How(StrEnum):
    """In what way one module leads to another."""

    TOP = "imported at module level"
    DEFERRED = "imported inside a function"
    OPTIONAL = "imported in try/except ImportError"
    LAZY = "imported lazily"
    PARENT = "is its parent package"
    NAMED = "named by a string"
    BINARY = "named in a compiled library"
    ENTRY_POINT = "an entry point of a group in use"
    DATA = "named by a data file"
    PTH = "imported by a .pth file"
    HINT = "known hidden import"
    UNKNOWN = "kept because an import could not be resolved"


@dataclass(frozen=True, slots=True)
class Module:
    """A module that could be imported from the package."""

    name: str
    path: str  # in the package; the folder for a namespace package
    package: bool


@dataclass(frozen=True, slots=True)
class Edge:
    """`importer` leads to `target` at `line` of its source (0 where there is none)."""

    importer: str
    target: str
    line: int
    how: How


@dataclass(frozen=True, slots=True)
class Unresolved:
    """An import whose name is only known at run time, and what was kept because of it."""

    path: str
    line: int
    expression: str
    kept: str


@dataclass(frozen=True, slots=True)
class Imports:
    """The import graph of everything in an inventory."""

    modules: Mapping[str, Module]
    edges: Mapping[str, tuple[Edge, ...]]  # by importer
    unresolved: tuple[Unresolved, ...] = ()


@dataclass(frozen=True, slots=True)
class Reach:
    """What can be reached from the roots, and the edge by which each module was first reached."""

    modules: frozenset[str]
    files: frozenset[str]  # package paths of those modules
    first: Mapping[str, Edge]
    unresolved: tuple[Unresolved, ...] = ()
