"""Which modules a target has before anything is installed, and which distribution has which import name."""

import functools
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

Version = tuple[int, int]  # of Python: (3, 12)
_LISTED = (3, 13)
_LARGE = frozenset(
    {"encodings", "test", "tkinter", "idlelib", "lib2to3", "distutils", "turtledemo", "ensurepip", "venv", "pydoc_data"}
)


@dataclass(frozen=True, slots=True)
class Change:
    """When the standard library had something.

    Attributes:
        since: The first version that has it; None for every early one.
        until: The first version that has it no more; None where all later ones do.
        instead: What people use in its place, "" where nothing is.
    """

    since: Version | None = None
    until: Version | None = None
    instead: str = ""

    def holds(self, version: Version) -> bool:
        """Whether a version of Python has it."""
        return (self.since is None or version >= self.since) and (self.until is None or version < self.until)


@functools.cache
def _table(name: str) -> dict[str, Any]:
    return tomllib.loads(files("lambda_slim.knowledge").joinpath(f"{name}.toml").read_text("utf-8"))


def _version(text: str | None) -> Version | None:
    if text is None:
        return None
    major, minor = text.split(".")
    return int(major), int(minor)


def _change(row: Mapping[str, Any]) -> Change:
    return Change(_version(row.get("since")), _version(row.get("until")), row.get("instead", ""))


@functools.cache
def changed_modules() -> Mapping[str, Change]:
    """Modules that only some versions of Python have, dotted."""
    return {name: _change(row) for row in _table("stdlib_modules")["changed"] for name in row["modules"]}


@functools.cache
def _submodules() -> Mapping[str, frozenset[str]]:
    return {package: frozenset(names) for package, names in _table("stdlib_modules")["submodules"].items()}


def is_no_submodule(name: str, version: Version) -> bool:
    """Whether the standard library is known to have no module of a dotted name: `datetime.datetime`, `os.paths`.

    Private ones come and go with every release. Of large packages, and of versions that are not listed, nothing is
    known; of packages outside the standard library neither.
    """
    top, _, rest = name.partition(".")
    if not rest or version > _LISTED or top in _LARGE or any(part.startswith("_") for part in name.split(".")):
        return False
    if top not in standard_modules(version):
        return False
    inside = _submodules().get(top, frozenset())
    return rest not in inside and not (top == "xml" and rest.startswith("parsers.expat."))


@functools.cache
def standard_modules(version: Version) -> frozenset[str]:
    """Top-level modules of the standard library of a version, on Linux."""
    there = {name for name, change in changed_modules().items() if change.holds(version) and "." not in name}
    return frozenset(_table("stdlib_modules")["always"]) | there


@functools.cache
def foreign_modules() -> Mapping[str, str]:
    """Standard modules that only another operating system has, to its name."""
    return {name: system for system, names in _table("stdlib_modules")["elsewhere"].items() for name in names}


@functools.cache
def changed_names() -> Mapping[tuple[str, str], Change]:
    """Names of standard modules that only some versions have, by (module, name)."""
    rows = _table("stdlib_modules")["names"]
    return {(row["module"], name): _change(row) for row in rows for name in row["names"]}


@functools.cache
def runtime_modules(version: Version) -> frozenset[str]:
    """Top-level modules that the managed runtime of a version promises beside the standard library."""
    return frozenset(_holding(_table("runtime_modules")["provided"], version))


@functools.cache
def unpromised_modules(version: Version) -> frozenset[str]:
    """Top-level modules that were seen in the runtime and that no document promises."""
    return frozenset(_holding(_table("runtime_modules")["unpromised"], version))


def _holding(rows: Iterable[Mapping[str, Any]], version: Version) -> Iterable[str]:
    return (name for row in rows if _change(row).holds(version) for name in row["modules"])


def distribution_of(module: str) -> str:
    """The distribution that has a module, where its name is another; "" where none is known.

    >>> distribution_of("yaml"), distribution_of("google.cloud.storage.blob"), distribution_of("requests")
    ('PyYAML', 'google-cloud-storage', '')
    """
    known: dict[str, str] = _table("import_names")["imports"]
    while module:
        if module in known:
            return known[module]
        module = module.rpartition(".")[0]
    return ""
