"""What requires what in an installed tree, by the metadata of its distributions."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from lambda_slim.base.files import text_or_nothing
from lambda_slim.formats.names import normalise

if TYPE_CHECKING:
    from packaging.requirements import Requirement

_FOLDED = re.compile(r"\r?\n[ \t]+")
_REQUIRED = re.compile(r"^Requires-Dist:(.+)", re.IGNORECASE | re.MULTILINE)
_LINUX = {"os_name": "posix", "sys_platform": "linux", "platform_system": "Linux"}  # what every target is

Graph = dict[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class _Installed:
    """A distribution that is there: its version, and what it requires, for its extras as well."""

    version: str
    requires: tuple["Requirement", ...]


def read_dependencies(tree: Path) -> Graph:
    """Normalised names to the names of the installed distributions that each requires.

    What a project asked for as an extra (`python-jose[cryptography]`) is in no distribution's own requirements; of what
    nothing else requires, whoever has it as an extra is said to require it. Markers hold as on Linux with this Python.
    """
    installed = {name: row for name, row in map(_read, sorted(tree.glob("*.dist-info"))) if name}
    asked = _asked_extras(installed)
    sure = {name: _names(_required(row, asked[name]), installed) for name, row in installed.items()}
    active = {name: _names(_required(row, _active(row, installed)), installed) for name, row in installed.items()}
    return _with_extras(sure, active)


def _read(folder: Path) -> tuple[str, _Installed]:
    from packaging.requirements import InvalidRequirement, Requirement

    name, _, version = folder.name.removesuffix(".dist-info").rpartition("-")
    head = re.split(r"\r?\n\r?\n", text_or_nothing(folder / "METADATA"), maxsplit=1)[0]
    requires = []
    for text in _REQUIRED.findall(_FOLDED.sub(" ", head)):
        try:
            requires.append(Requirement(text.strip()))
        except InvalidRequirement:  # old distributions have some that no standard allows
            continue
    return normalise(name), _Installed(version, tuple(requires))


def _asked_extras(installed: Mapping[str, _Installed]) -> dict[str, set[str]]:
    """The extras of each distribution that others require, directly or for extras that are required themselves."""
    asked: dict[str, set[str]] = {name: set() for name in installed}
    todo = [*installed]
    while todo:
        name = todo.pop()
        for required in _required(installed[name], asked[name]):
            other, extras = normalise(required.name), {normalise(extra) for extra in required.extras}
            if not extras <= asked.get(other, extras):
                asked[other] |= extras
                todo.append(other)
    return asked


def _required(row: _Installed, extras: Iterable[str]) -> list["Requirement"]:
    """What a distribution requires with some of its extras."""
    return [required for required in row.requires if any(_holds(required, extra) for extra in ("", *extras))]


def _holds(required: "Requirement", extra: str) -> bool:
    return required.marker is None or required.marker.evaluate({**_LINUX, "extra": extra})


def _active(row: _Installed, installed: Mapping[str, _Installed]) -> set[str]:
    """The extras of a distribution for which all that they require is there."""
    named = {extra for required in row.requires for extra in _extras_in(required)}
    return {extra for extra in named if all(_is_met(required, installed) for required in _required(row, [extra]))}


def _extras_in(required: "Requirement") -> list[str]:
    """The extras that a requirement may be for, by its marker."""
    named = re.findall(r"""extra\s*==\s*["']([^"']+)["']""", str(required.marker or ""))
    return [normalise(name) for name in named]


def _is_met(required: "Requirement", installed: Mapping[str, _Installed]) -> bool:
    row = installed.get(normalise(required.name))
    return row is not None and required.specifier.contains(row.version, prereleases=True)


def _names(requires: Iterable["Requirement"], installed: Mapping[str, _Installed]) -> tuple[str, ...]:
    return tuple(sorted({normalise(required.name) for required in requires} & installed.keys()))


def _with_extras(sure: Graph, extra: Graph) -> Graph:
    """The requirements of each distribution, with its extras that nothing else requires; no cycles are added."""
    required = {name for requires in sure.values() for name in requires}
    below = {name: _below(sure, name) for name in sure if name not in required}
    graph = {}
    for name, requires in sure.items():
        extras = {other for other in extra.get(name, ()) if other in below and name not in below[other]}
        graph[name] = tuple(sorted({*requires, *extras}))
    return graph


def _below(graph: Graph, name: str) -> set[str]:
    """A distribution and everything that it requires, directly or in turn."""
    names, todo = {name}, [name]
    while todo:
        more = [other for other in graph.get(todo.pop(), ()) if other not in names]
        names.update(more)
        todo += more
    return names
