"""Trees of the parser of Terraform's language: kinds of nodes, and their children."""

from typing import Any

_SKIPPED = frozenset({"new_line_or_comment"})


def kind_of(node: Any) -> str:
    """What the parser calls a node; "" for a token."""
    return str(getattr(node, "data", ""))


def parts_of(node: Any) -> list[Any]:
    """The children that are expressions or the like: no signs, no line ends."""
    return [child for child in node.children if hasattr(child, "data") and child.data not in _SKIPPED]


def children_of_kind(node: Any, kind: str) -> list[Any]:
    """The children of one kind."""
    return [child for child in node.children if kind_of(child) == kind]


def parts_of_loop(node: Any) -> tuple[Any, list[Any], Any]:
    """What a loop is over, its body, and its `if`; None where it has none."""
    intro, *body = parts_of(node)
    condition = next(iter(children_of_kind(node, "for_cond")), None)
    return intro, [part for part in body if part is not condition], condition
