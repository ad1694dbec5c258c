"""Who asks for a distribution: the shortest chain of requirements from the project to it."""

from collections.abc import Mapping

from lambda_slim.model.report import PROJECT, DistributionRow


def requirers(rows: Mapping[str, DistributionRow], name: str) -> list[str]:
    """The chain, the project first and the distribution last; empty where nothing is known of it."""
    if name not in rows or name == PROJECT:
        return []
    todo: list[list[str]] = [[name]]
    seen = {name}
    for chain in todo:
        row = rows[chain[0]]
        if row.direct:
            return [f"you ({row.where})" if row.where else "you", *chain]
        for other in row.required_by:
            if other in rows and other not in seen:
                seen.add(other)
                todo.append([other, *chain])
    return []
