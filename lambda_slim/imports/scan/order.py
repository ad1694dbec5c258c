"""The facts of a source without the numbers of its lines: an edit that only moves lines leaves them as they are."""

from collections.abc import Callable, Iterable
from typing import Any

from lambda_slim.imports.scan.facts import SourceFacts, dump

_Place = Callable[[int], int]
_Rows = Iterable[tuple[int, Any]]


def by_order(facts: SourceFacts) -> tuple[object, ...]:
    """Plain facts in which each line has its place among the lines that facts speak of; 0, for no line, stays.

    What is on one line, and what comes before what, stays as well: nothing else is asked of a line but to show it.
    """
    lines = {0}

    def noted(line: int) -> int:
        lines.add(line)
        return line

    _placed(facts, noted)
    places = {line: place for place, line in enumerate(sorted(lines))}
    return dump(_placed(facts, places.__getitem__))


def _placed(facts: SourceFacts, place: _Place) -> SourceFacts:
    """The facts with other lines; what a new field says of lines counts as it is."""

    def moved(rows: Any) -> Any:
        return tuple(row._replace(line=place(row.line)) for row in rows)

    def paired(rows: _Rows) -> Any:
        return tuple((place(line), said) for line, said in rows)

    return facts._replace(
        imports=moved(facts.imports),
        dynamic=moved(facts.dynamic),
        chains=moved(facts.chains),
        calls=moved(facts.calls),
        services=moved(facts.services),
        versions=moved(facts.versions),
        shapes=moved(facts.shapes),
        strings=paired(facts.strings),
        groups=paired(facts.groups),
        unpickles=paired(facts.unpickles),
        runs=paired(facts.runs),
        straight=tuple(
            row._replace(
                lines=tuple(map(place, row.lines)),
                names=paired(row.names),
                attributes=paired(row.attributes),
                end=place(row.end),
                given=moved(row.given),
            )
            for row in facts.straight
        ),
    )
