"""The records of reachability: modules, the edges between them, and what could not be resolved."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, TypeVar

V = TypeVar("V")


class How(StrEnum):
    """In what way one module leads to another."""

    TOP = "imported at module level"
    DEFERRED = "imported inside a function"
    OPTIONAL = "imported in try/except ImportError"
    LAZY = "imported lazily"
    PARENT = "is its parent package"
    NAMED = "named by a string"
    TEXT = "named in a text"
    BINARY = "named in a compiled library"
    ENTRY_POINT = "an entry point of a group in use"
    DATA = "named by a data file"
    PTH = "imported by a .pth file"
    HINT = "known hidden import"
    CHOICE = "one of many that could be named"
    UNKNOWN = "kept because an import could not be resolved"


@dataclass(frozen=True, slots=True)
class Module:
    """A module that could be imported from the package.

    Attributes:
        name: Dotted.
        path: The file that an import would load, in the package; the folder for a namespace package.
        twins: Other files of the same module that lose against `path`, e.g. the source beside a compiled library.
        owner: Normalised name of its distribution, `""` for first-party code.
    """

    name: str
    path: str
    package: bool
    twins: tuple[str, ...] = ()
    owner: str = ""
    namespace: bool = False


@dataclass(frozen=True, slots=True)
class Edge:
    """`importer` leads to `target` at `line` of its source (0 where there is none).

    The importer is a module, or the path of a data or `.pth` file.
    """

    importer: str
    target: str
    line: int
    how: How


@dataclass(frozen=True, slots=True)
class Unresolved:
    """An import whose name is only known at run time.

    Attributes:
        path: The file it is in.
        expression: Its source, one line, at most 120 characters.
        kept: What was kept because of it: `pkg.*` (all of a package), or `""` where the name comes from callers and
            every name they give was followed.
    """

    path: str
    line: int
    expression: str
    kept: str


@dataclass(frozen=True, slots=True)
class Clients:
    """The AWS services that one module names, and the calls where the name is only known at run time."""

    names: frozenset[str] = frozenset()
    dynamic: tuple[Unresolved, ...] = ()


@dataclass(frozen=True, slots=True)
class Imports:
    """The import graph of everything in an inventory.

    Attributes:
        edges: By importer. Linked on first access, so looking up the modules that matter is much cheaper than
            iterating over all of them.
        gaps: What could not be resolved, by importer; as lazy as `edges`.
        services: AWS clients, by the module that makes them; as lazy as `edges`.
        always: Edges that hold whatever the roots are: names in data files beside the code, `.pth` files.
        sources: What the source of each module says, `SourceFacts` of `imports.scan.facts`; empty where it has none.
    """

    modules: Mapping[str, Module]
    edges: Mapping[str, tuple[Edge, ...]]  # by importer
    gaps: Mapping[str, tuple[Unresolved, ...]] = field(default_factory=dict)
    always: tuple[Edge, ...] = ()
    services: Mapping[str, Clients] = field(default_factory=dict)
    sources: Mapping[str, Any] = field(default_factory=dict)

    @property
    def paths(self) -> frozenset[str]:
        """The files and folders of all modules, as `Module.path`."""
        return frozenset(module.path for module in self.modules.values())

    @property
    def unresolved(self) -> tuple[Unresolved, ...]:
        """Every gap of every module; links the whole graph."""
        return tuple(gap for name in sorted(self.modules) for gap in self.gaps.get(name, ()))


@dataclass(frozen=True, slots=True)
class Reach:
    """What can be reached from the roots, and the edge by which each module was first reached."""

    modules: frozenset[str]
    files: frozenset[str]  # package paths of those modules
    first: Mapping[str, Edge]
    unresolved: tuple[Unresolved, ...] = ()


class OnDemand(Mapping[str, V]):
    """A mapping whose values are worked out when they are asked for."""

    def __init__(self, keys: Mapping[str, object], value: Callable[[str], V]) -> None:
        self._keys = keys
        self._value = value

    def __getitem__(self, key: str) -> V:
        """The value of a module; KeyError for no module."""
        if key not in self._keys:
            raise KeyError(key)
        return self._value(key)

    def get(self, key: str, default: Any = None) -> Any:
        """The value of a module, or the default."""
        return self._value(key) if key in self._keys else default

    def __iter__(self) -> Iterator[str]:
        """The modules."""
        return iter(self._keys)

    def __len__(self) -> int:
        """How many modules there are."""
        return len(self._keys)
