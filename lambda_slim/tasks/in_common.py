"""What the packages of several functions have in common."""

from collections.abc import Sequence
from dataclasses import replace

from lambda_slim.model.file import FileKind
from lambda_slim.model.report import PROJECT, FunctionReport
from lambda_slim.model.sharing import Sharing
from lambda_slim.plan.sharing import SharedItem, Side, compare, propose_layer

_CODE = frozenset({FileKind.SOURCE.value, FileKind.BYTECODE.value, FileKind.LIBRARY.value})


def sharing_of(functions: Sequence[FunctionReport], *, layer: bool = False) -> Sharing | None:
    """What several functions have in common; None for a single one.

    Args:
        functions: With their files.
        layer: Whether to look for a layer to share, for which the files must be as they ship.
    """
    if len(functions) < 2:
        return None
    sides = [_side(function) for function in functions]
    return replace(compare(sides), layer=propose_layer(sides) if layer else None)


def _side(function: FunctionReport) -> Side:
    versions = {row.name: row.version for row in function.distributions}
    items = tuple(
        SharedItem(
            row.path,
            "" if row.distribution == PROJECT else row.distribution,
            versions.get(row.distribution, ""),
            row.bytes,
            row.zipped_bytes,
            row.kind in _CODE,
            row.decision == "kept",
            row.reached,
        )
        for row in function.files
    )
    return Side(function.name, f"{function.runtime} {function.architecture}", items)
