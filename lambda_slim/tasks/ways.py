"""The import that led to each file: where it is written, and in what way it leads there."""

from collections.abc import Mapping
from typing import NamedTuple

from lambda_slim.imports.walk import files
from lambda_slim.model.imports import Edge, Imports, Reach

_MOST_STEPS = 50  # namespace packages between two files


class Way(NamedTuple):
    """The last step on a shortest chain of imports to a file; empty for the handler's own module.

    Attributes:
        importer: The package path of the file that has the import.
        line: Where in it; 0 where there is no line.
        how: In what way it leads on, `imported inside a function`.
    """

    importer: str = ""
    line: int = 0
    how: str = ""


def ways_of(reach: Reach, imports: Imports) -> Mapping[str, Way]:
    """Every reached file with the import that first led to it."""
    made: dict[str, Way] = {}
    for name in reach.modules:
        way = _way(name, reach, imports)
        for path in files(imports.modules[name]):
            made[path] = way
    return made


def _way(name: str, reach: Reach, imports: Imports) -> Way:
    """The last edge whose importer is a file: namespace packages are stepped over."""
    edge: Edge | None = reach.first.get(name)
    for _ in range(_MOST_STEPS):
        if edge is None:
            return Way()
        module = imports.modules.get(edge.importer)
        if module is None:
            return Way(edge.importer, edge.line, edge.how.value)
        if not module.namespace:
            return Way(module.path, edge.line, edge.how.value)
        edge = reach.first.get(edge.importer)
    return Way()
