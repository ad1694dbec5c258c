"""pipdeptree, which says what requires what in an installed tree. Run as a program: its Python API takes no path."""

import json
import re
import shutil
import sys
from pathlib import Path

from lambda_slim.base.files import read_loosely
from lambda_slim.formats.names import normalise
from lambda_slim.run.process import run

_OF_EXTRA = re.compile(r"Requires-Dist:\s*([A-Za-z0-9][A-Za-z0-9._-]*).*;.*\bextra\b", re.IGNORECASE)

Graph = dict[str, tuple[str, ...]]


def read_dependencies(tree: Path) -> Graph | None:
    """Normalised names to the names of the installed distributions that each requires; None where pipdeptree fails.

    What a project asked for as an extra (`python-jose[cryptography]`) is in no distribution's own requirements; of what
    nothing else requires, whoever has it as an extra is said to require it.
    """
    program = shutil.which("pipdeptree", path=str(Path(sys.executable).parent)) or shutil.which("pipdeptree")
    if program is None:
        return None
    try:
        sure = _graph(program, tree, "explicit")
        free = sure.keys() - {name for requires in sure.values() for name in requires}
        return _with_extras(sure, _graph(program, tree, "active")) if free & _named_by_extras(tree) else sure
    except (OSError, TimeoutError, ValueError, KeyError, TypeError):
        return None


def _named_by_extras(tree: Path) -> set[str]:
    """Normalised names of what the distributions of a tree require for their extras alone."""
    names = set()
    for metadata in tree.glob("*.dist-info/METADATA"):
        for line in read_loosely(metadata).splitlines():
            if (row := _OF_EXTRA.match(line)) is not None:
                names.add(normalise(row[1]))
    return names


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


def _graph(program: str, tree: Path, extras: str) -> Graph:
    done = run([program, "--path", str(tree), "-x", extras, "-o", "json", "-w", "silence"], timeout=60)
    return {
        row["package"]["key"]: tuple(
            dependency["key"] for dependency in row["dependencies"] if dependency.get("installed_version", "?") != "?"
        )
        for row in json.loads(done.stdout)
    }
