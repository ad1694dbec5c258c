"""What expressions of Terraform's language stand for, as far as the files alone say it."""

import operator
import re
from collections.abc import Callable, Mapping
from typing import Any

from lambda_slim.formats.hcl_tree import children_of_kind, kind_of, parts_of, parts_of_loop
from lambda_slim.formats.tables import UNKNOWN

REFERENCE = "reference:"  # begins what stands for a block that its user follows
_ESCAPES = {"\\n": "\n", "\\t": "\t", '\\"': '"', "\\\\": "\\", "\\r": "\r"}
_ESCAPE = re.compile(r"\\[nrt\"\\]")
_INTERPOLATED = re.compile(r"(?<!\$)\$\{([^{}]*)\}")
_OPERATORS: dict[str, Callable[[Any, Any], Any]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    ">": operator.gt,
    "<=": operator.le,
    ">=": operator.ge,
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "%": operator.mod,
    "&&": lambda left, right: bool(left) and bool(right),
    "||": lambda left, right: bool(left) or bool(right),
}
_MOST = 300_000  # expressions that are evaluated: nested loops could go on for ever
_FAILED = (LookupError, TypeError, ValueError, AttributeError, ArithmeticError)

Lookup = Callable[[tuple[str, ...]], Any]
Call = Callable[[str, list[Any]], Any]


class Expressions:
    """Evaluates expressions.

    Args:
        lookup: What a dotted name stands for, `("var", "x")`; `UNKNOWN` where that is not known.
        call: What a function of Terraform gives.
    """

    def __init__(self, lookup: Lookup, call: Call) -> None:
        self._left = _MOST
        self._gap = ""  # stands in texts for what is not known; without it, the whole text is not known
        self._lookup = lookup
        self._call = call
        self._known: dict[str, Callable[[Any, Mapping[str, Any]], Any]] = {
            "string": self._string,
            "string_part": self._string,
            "interpolation": self._interpolation,
            "tuple": self._tuple,
            "object": self._object,
            "function_call": self._function,
            "conditional": self._conditional,
            "binary_op": self._binary,
            "unary_op": self._unary,
            "index_expr_term": self._index,
            "get_attr_expr_term": self._attribute,
            "full_splat_expr_term": self._splat,
            "attr_splat_expr_term": self._splat,
            "for_tuple_expr": self._for_tuple,
            "for_object_expr": self._for_object,
            "heredoc_template": self._heredoc,
            "heredoc_template_trim": self._heredoc,
            "identifier": self._identifier,
            "int_lit": lambda node, _: int(node.children[0]),
            "float_lit": lambda node, _: float(node.children[0]),
            "literal_value": lambda node, _: {"true": True, "false": False}.get(str(node.children[0])),
        }

    def value(self, node: Any, scope: Mapping[str, Any] | None = None) -> Any:
        """What an expression stands for; `UNKNOWN` where that is not known.

        Args:
            node: A tree of the parser.
            scope: Variables of the loops around it.
        """
        scope = scope or {}
        self._left -= 1
        if self._left < 0:
            return UNKNOWN
        kind = kind_of(node)
        if kind in self._known:
            try:
                return self._known[kind](node, scope)
            except _FAILED:
                return UNKNOWN
        inner = parts_of(node)
        return self.value(inner[0], scope) if len(inner) == 1 else UNKNOWN

    def _identifier(self, node: Any, scope: Mapping[str, Any]) -> Any:
        name = str(node.children[0])
        return scope[name] if name in scope else self._lookup((name,))

    def text(self, node: Any, scope: Mapping[str, Any], gap: str) -> Any:
        """As `value`, but in texts `gap` stands for each part that is not known."""
        self._gap = gap
        try:
            return self.value(node, scope)
        finally:
            self._gap = ""

    def _string(self, node: Any, scope: Mapping[str, Any]) -> Any:
        parts = [child for child in node.children if hasattr(child, "data") or child.type != "DBLQUOTE"]
        return _joined([self._part(part, scope, alone=len(parts) == 1) for part in parts])

    def _part(self, part: Any, scope: Mapping[str, Any], *, alone: bool) -> str:
        """A part of a text; a reference to a block is known only where it is all of the text."""
        if not hasattr(part, "data"):
            return _unescaped(str(part))
        value = self.value(part, scope)
        is_whole = alone and not self._gap
        if _is_clear(value) or (is_whole and _is_reference(value)):
            return shown(value)
        return self._gap or UNKNOWN

    def _interpolation(self, node: Any, scope: Mapping[str, Any]) -> Any:
        return self.value(parts_of(node)[0], scope)

    def _heredoc(self, node: Any, scope: Mapping[str, Any]) -> Any:
        lines = str(node.children[0]).splitlines(keepends=True)
        text = "".join(lines[1:-1])
        if "%{" in text:
            return UNKNOWN
        pieces = _INTERPOLATED.split(text)
        texts = [self._embedded(piece, scope) if place % 2 else piece for place, piece in enumerate(pieces)]
        return _joined(texts).replace("$${", "${")

    def _embedded(self, said: str, scope: Mapping[str, Any]) -> str:
        """What stands between `${` and `}` in a text of several lines."""
        from lambda_slim.formats.hcl import parse_hcl

        try:
            (block,) = parse_hcl(f"locals {{\nx = {said}\n}}\n")
        except ValueError:
            return self._gap or UNKNOWN
        value = self.value(block.attributes["x"], scope)
        return shown(value) if _is_clear(value) else self._gap or UNKNOWN

    def _tuple(self, node: Any, scope: Mapping[str, Any]) -> list[Any]:
        return [self.value(child, scope) for child in parts_of(node)]

    def _object(self, node: Any, scope: Mapping[str, Any]) -> dict[str, Any]:
        entries = {}
        for element in children_of_kind(node, "object_elem"):
            key, *_, value = element.children
            entries[self._key(key, scope)] = self.value(value, scope)
        return entries

    def _key(self, node: Any, scope: Mapping[str, Any]) -> str:
        inner = node.children[0]
        is_wrapped = kind_of(inner) == "expr_term" and len(inner.children) == 1
        name = inner.children[0] if is_wrapped else inner
        if kind_of(name) in ("identifier", "keyword"):
            return str(name.children[0])
        return shown(self.value(inner, scope))

    def _function(self, node: Any, scope: Mapping[str, Any]) -> Any:
        name = str(node.children[0].children[0])
        values: list[Any] = []
        for arguments in children_of_kind(node, "arguments"):
            values += self._tuple(arguments, scope)
        return self._call(name, values)

    def _conditional(self, node: Any, scope: Mapping[str, Any]) -> Any:
        test, yes, no = parts_of(node)
        met = self.value(test, scope)
        return UNKNOWN if met == UNKNOWN else self.value(yes if met else no, scope)

    def _binary(self, node: Any, scope: Mapping[str, Any]) -> Any:
        left, term = parts_of(node)
        sign, right = term.children[0], parts_of(term)[-1]
        values = self.value(left, scope), self.value(right, scope)
        if UNKNOWN in values:
            return UNKNOWN
        return _OPERATORS[str(sign.children[0])](*values)

    def _unary(self, node: Any, scope: Mapping[str, Any]) -> Any:
        value = self.value(parts_of(node)[-1], scope)
        if value == UNKNOWN:
            return UNKNOWN
        return not value if str(node.children[0]) == "!" else -value

    def _index(self, node: Any, scope: Mapping[str, Any]) -> Any:
        path = self._path(node, scope)
        if path:
            return self._lookup(path)
        term, index = parts_of(node)
        return _at(self.value(term, scope), self._key_of(index, scope))

    def _attribute(self, node: Any, scope: Mapping[str, Any]) -> Any:
        path = self._path(node, scope)
        if path and path[0] not in scope:
            return self._lookup(path)
        term, access = parts_of(node)
        whole = self.value(term, scope)
        return UNKNOWN if whole == UNKNOWN else whole[str(access.children[-1].children[0])]

    def _path(self, node: Any, scope: Mapping[str, Any]) -> tuple[str, ...]:
        """`("data", "archive_file", "z", "output_path")` of an expression of names; an instance is `[key]`."""
        kind, parts = kind_of(node), parts_of(node)
        if kind == "identifier":
            return (str(node.children[0]),)
        if kind == "expr_term" and len(parts) == 1:
            return self._path(parts[0], scope)
        if kind == "get_attr_expr_term":
            above = self._path(parts[0], scope)
            if above:
                return (*above, str(parts[1].children[-1].children[0]))
        if kind == "index_expr_term":
            above = self._path(parts[0], scope)
            if above and above[0] not in ("var", "local", "each", *scope):
                return (*above, f"[{shown(self._key_of(parts[1], scope))}]")
        return ()

    def _key_of(self, index: Any, scope: Mapping[str, Any]) -> Any:
        inner = parts_of(index)
        return self.value(inner[0], scope) if inner else int(index.children[-1])

    def _splat(self, node: Any, scope: Mapping[str, Any]) -> Any:
        term, splat = parts_of(node)
        rows = self.value(term, scope)
        for access in parts_of(splat):
            key = str(access.children[-1].children[0])
            rows = [row[key] for row in rows]
        return rows

    def _for_tuple(self, node: Any, scope: Mapping[str, Any]) -> Any:
        intro, body, condition = parts_of_loop(node)
        rows = self._rounds(intro, condition, scope)
        return UNKNOWN if rows is None else [self.value(body[0], inner) for inner in rows]

    def _for_object(self, node: Any, scope: Mapping[str, Any]) -> Any:
        intro, body, condition = parts_of_loop(node)
        rows = self._rounds(intro, condition, scope)
        if rows is None:
            return UNKNOWN
        return {shown(self.value(body[0], inner)): self.value(body[1], inner) for inner in rows}

    def _rounds(self, intro: Any, condition: Any, scope: Mapping[str, Any]) -> list[dict[str, Any]] | None:
        """The variables of each round; None where the rounds are not known."""
        names = [str(child.children[0]) for child in children_of_kind(intro, "identifier")]
        whole = self.value([child for child in parts_of(intro) if child.data != "identifier"][-1], scope)
        if not isinstance(whole, list | dict):
            return None
        pairs = whole.items() if isinstance(whole, dict) else enumerate(whole)
        rounds = []
        for pair in list(pairs):
            inner = {**scope, **dict(zip(names, pair[-len(names) :], strict=False))}  # of one name, the item alone
            met = self._met(condition, inner)
            if met == UNKNOWN:
                return None
            if met:
                rounds.append(inner)
        return rounds

    def _met(self, condition: Any, scope: Mapping[str, Any]) -> Any:
        """What the `if` of a loop says of one round; without an `if` each round counts."""
        return True if condition is None else self.value(parts_of(condition)[-1], scope)


def _joined(texts: list[str]) -> str:
    """The whole of a text; not known where a part of it is not."""
    return UNKNOWN if UNKNOWN in texts else "".join(texts)


def _is_clear(value: Any) -> bool:
    """Whether a value can be a part of a text: it is known, no collection, and stands for no block."""
    if value == UNKNOWN or isinstance(value, list | dict):
        return False
    return not _is_reference(value)


def _is_reference(value: Any) -> bool:
    return isinstance(value, str) and value.startswith(REFERENCE)


def _at(whole: Any, key: Any) -> Any:
    if UNKNOWN in (whole, key):
        return UNKNOWN
    return whole[int(key)] if isinstance(whole, list) else whole[shown(key)]


def _unescaped(text: str) -> str:
    return _ESCAPE.sub(lambda match: _ESCAPES[match[0]], text).replace("$${", "${").replace("%%{", "%{")


def shown(value: Any) -> str:
    """A value as text, as Terraform writes it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)
