"""Terraform's language: blocks with attributes, each an expression that `hcl_value` evaluates."""

import functools
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class HclBlock:
    """One block: `resource "aws_lambda_function" "f" { … }`.

    Attributes:
        kind: `resource`.
        labels: `("aws_lambda_function", "f")`.
        attributes: Name to expression, a tree of the parser.
        blocks: Blocks in it.
        line: Where it begins.
    """

    kind: str
    labels: tuple[str, ...]
    attributes: Mapping[str, Any] = field(default_factory=dict)
    blocks: tuple["HclBlock", ...] = ()
    line: int = 0

    def inner(self, kind: str) -> tuple["HclBlock", ...]:
        """The blocks of one kind in it."""
        return tuple(block for block in self.blocks if block.kind == kind)


_BRACKET = re.compile(r"[\[\](){}]")
_DEEPEST = 300  # the parser takes seconds for thousands


@functools.cache
def _parser() -> Callable[[str], Any]:
    """python-hcl2's parser; it is loaded only where there is something to parse, as that takes half a second."""
    from hcl2.api import parses_to_tree

    parse: Callable[[str], Any] = parses_to_tree
    return parse


def parse_hcl(text: str) -> tuple[HclBlock, ...]:
    """The top-level blocks of a file.

    Raises:
        ValueError: it is not Terraform's language; the message has the line.
    """
    from lark.exceptions import LarkError

    if _depth(text) > _DEEPEST:
        raise ValueError("it is nested too deeply")
    try:
        tree = _parser()(text if text.endswith("\n") else text + "\n")
    except LarkError as error:
        line = getattr(error, "line", 0)
        message = f"line {line}: not understood" if line and line > 0 else "not understood"
        raise ValueError(message) from error
    except RecursionError as error:
        message = "it is nested too deeply"
        raise ValueError(message) from error
    return tuple(_blocks(tree.children[0])) if tree.children else ()


def _depth(text: str) -> int:
    """How deep brackets stand in each other, those in texts counted too."""
    depth = deepest = 0
    for bracket in _BRACKET.findall(text):
        depth = depth + 1 if bracket in "([{" else max(0, depth - 1)
        deepest = max(deepest, depth)
    return deepest


def _blocks(body: Any) -> Iterator[HclBlock]:
    for node in body.children:
        if getattr(node, "data", "") == "block":
            yield _block(node)


def _block(node: Any) -> HclBlock:
    names = [child for child in node.children if getattr(child, "data", "") in ("identifier", "string", "keyword")]
    body = next(child for child in node.children if getattr(child, "data", "") == "body")
    texts = [_plain(name) for name in names]
    attributes = {}
    for child in body.children:
        if getattr(child, "data", "") == "attribute":
            attributes[_plain(child.children[0])] = child.children[-1]
    line = _line(names[0])
    return HclBlock(texts[0], tuple(texts[1:]), attributes, tuple(_blocks(body)), line)


def _line(node: Any) -> int:
    token = next(iter(node.scan_values(lambda _: True)), None)
    return int(getattr(token, "line", 0) or 0)


def _plain(node: Any) -> str:
    """The text of a name or of a string without anything to evaluate."""
    return "".join(str(token) for token in node.scan_values(lambda _: True)).strip().strip('"')
