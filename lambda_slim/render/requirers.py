"""Who asks for a distribution: the shortest chain of requirements from the project to it."""

from collections.abc import Mapping

from lambda_slim.base.text import clause
from lambda_slim.model.report import PROJECT, DistributionRow


def you(row: DistributionRow) -> str:
    """The project as what requires a distribution, with the line that says so where it is known."""
    return "you" + clause(" ({})", row.where)


def asked_by(row: DistributionRow) -> str:
    """Who requires a distribution, in few words."""
    return "you" if row.direct else ", ".join(row.required_by)


def requirers(rows: Mapping[str, DistributionRow], name: str) -> list[str]:
    """The chain, the project first and the distribution last; empty where nothing is known of it."""
    if name not in rows or name == PROJECT:
        return []
    todo: list[list[str]] = [[name]]
    seen = {name}
    for chain in todo:
        row = rows[chain[0]]
        if row.direct:
            return [you(row), *chain]
        for other in row.required_by:
            if other in rows and other not in seen:
                seen.add(other)
                todo.append([other, *chain])
    return []
