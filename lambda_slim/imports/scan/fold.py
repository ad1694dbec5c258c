"""Conditions whose answer is known beforehand: the target is CPython on Linux, and nothing is type-checked."""

import ast
import operator
from collections.abc import Callable, Mapping
from typing import Any

UNKNOWN = object()

_FALSE_NAMES = frozenset({"TYPE_CHECKING", "MYPY", "MYPY_CHECK_RUNNING"})
_CONSTANTS: dict[str, Any] = {
    "sys.platform": "linux",
    "os.name": "posix",
    "sys.implementation.name": "cpython",
    "sys.byteorder": "little",
    "sys.maxsize": 2**63 - 1,
    "six.PY2": False,
    "six.PY3": True,
}
_CALLS: dict[str, Any] = {
    "platform.system": "Linux",
    "platform.python_implementation": "CPython",
    "sys.platform.lower": "linux",
    "platform.system.lower": "linux",
}
_COMPARE: dict[type[ast.cmpop], Callable[[Any, Any], Any]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.In: lambda a, b: a in b,
    ast.NotIn: lambda a, b: a not in b,
    ast.Is: lambda a, b: a is b,
    ast.IsNot: lambda a, b: a is not b,
}


def truth(test: ast.expr, version: tuple[int, int], names: Mapping[str, ast.expr]) -> bool | None:
    """Whether a condition holds on the target; None where that is not known.

    The version is the target's Python, e.g. (3, 12), so no comparison with a micro version is decided; the names are
    constants of the module that the condition may mention.
    """
    value = evaluate(test, version, names, 0)
    return None if value is UNKNOWN else bool(value)


def evaluate(node: ast.expr, version: tuple[int, int], names: Mapping[str, ast.expr], depth: int) -> Any:
    """The value of an expression on the target, or UNKNOWN."""
    if depth > 12:
        return UNKNOWN
    evaluator = _EVALUATORS.get(type(node))
    return evaluator(node, version, names, depth + 1) if evaluator else UNKNOWN


def _name(node: Any, version: tuple[int, int], names: Mapping[str, ast.expr], depth: int) -> Any:
    if node.id in _FALSE_NAMES:
        return False
    if node.id in names:
        return evaluate(names[node.id], version, {}, depth)
    return UNKNOWN


def _attribute(node: Any, version: tuple[int, int], _names: Mapping[str, ast.expr], _depth: int) -> Any:
    if node.attr in _FALSE_NAMES:
        return False
    name = dotted(node)
    if name == "sys.version_info.major":
        return version[0]
    if name == "sys.version_info.minor":
        return version[1]
    return _CONSTANTS.get(name, UNKNOWN)


def _call(node: Any, version: tuple[int, int], names: Mapping[str, ast.expr], depth: int) -> Any:
    name = dotted(node.func)
    if name in _CALLS and not node.args:
        return _CALLS[name]
    if name == "bool" and len(node.args) == 1:
        return evaluate(node.args[0], version, names, depth)
    if isinstance(node.func, ast.Attribute) and node.func.attr in {"startswith", "endswith"} and len(node.args) == 1:
        subject = evaluate(node.func.value, version, names, depth)
        prefix = evaluate(node.args[0], version, names, depth)
        if isinstance(subject, str) and isinstance(prefix, str | tuple):
            return getattr(subject, node.func.attr)(prefix)
    return UNKNOWN


def _unary(node: Any, version: tuple[int, int], names: Mapping[str, ast.expr], depth: int) -> Any:
    value = evaluate(node.operand, version, names, depth)
    return not value if isinstance(node.op, ast.Not) and value is not UNKNOWN else UNKNOWN


def _boolean(node: Any, version: tuple[int, int], names: Mapping[str, ast.expr], depth: int) -> Any:
    decisive = isinstance(node.op, ast.Or)
    values = [evaluate(value, version, names, depth) for value in node.values]
    if any(value is not UNKNOWN and bool(value) is decisive for value in values):
        return decisive
    return UNKNOWN if any(value is UNKNOWN for value in values) else not decisive


def _comparison(node: Any, version: tuple[int, int], names: Mapping[str, ast.expr], depth: int) -> Any:
    if len(node.ops) != 1:
        return UNKNOWN
    right = evaluate(node.comparators[0], version, names, depth)
    if right is UNKNOWN:
        return UNKNOWN
    if dotted(node.left) == "sys.version_info":
        return version_holds(version, node.ops[0], right)
    left = evaluate(node.left, version, names, depth)
    if left is UNKNOWN:
        return UNKNOWN
    try:
        return _COMPARE[type(node.ops[0])](left, right)
    except TypeError:
        return UNKNOWN


def version_holds(version: tuple[int, int], op: ast.cmpop, right: object) -> Any:
    """Compares the whole `sys.version_info` of any micro release with a tuple; UNKNOWN where releases differ."""
    if not isinstance(right, tuple):
        return UNKNOWN
    answers = set()
    for tail in ((0,), (99,)):
        try:
            answers.add(bool(_COMPARE[type(op)]((*version, *tail), right)))
        except TypeError:
            return UNKNOWN
    return answers.pop() if len(answers) == 1 else UNKNOWN


def _subscript(node: Any, version: tuple[int, int], names: Mapping[str, ast.expr], depth: int) -> Any:
    if dotted(node.value) != "sys.version_info":
        return UNKNOWN
    if isinstance(node.slice, ast.Slice):
        upper = node.slice.upper
        if node.slice.lower is None and isinstance(upper, ast.Constant) and isinstance(upper.value, int):
            return version[: upper.value] if 0 < upper.value <= 2 else UNKNOWN
        return UNKNOWN
    index = evaluate(node.slice, version, names, depth)
    return version[index] if index in {0, 1} else UNKNOWN


def _tuple(node: Any, version: tuple[int, int], names: Mapping[str, ast.expr], depth: int) -> Any:
    values = tuple(evaluate(item, version, names, depth) for item in node.elts)
    return UNKNOWN if UNKNOWN in values else values


def _constant(node: Any, _version: tuple[int, int], _names: Mapping[str, ast.expr], _depth: int) -> Any:
    return node.value


def _power(node: Any, version: tuple[int, int], names: Mapping[str, ast.expr], depth: int) -> Any:
    left, right = (evaluate(side, version, names, depth) for side in (node.left, node.right))
    if isinstance(node.op, ast.Pow) and isinstance(left, int) and isinstance(right, int) and 0 <= right <= 64:
        return left**right
    return UNKNOWN


_EVALUATORS: dict[type, Callable[..., Any]] = {
    ast.Name: _name,
    ast.Attribute: _attribute,
    ast.Call: _call,
    ast.UnaryOp: _unary,
    ast.BoolOp: _boolean,
    ast.Compare: _comparison,
    ast.Subscript: _subscript,
    ast.Tuple: _tuple,
    ast.Set: _tuple,
    ast.List: _tuple,
    ast.Constant: _constant,
    ast.BinOp: _power,
}


def dotted(node: ast.AST) -> str:
    """`sys.version_info` for such an expression (calls in between are left out); "" for anything else."""
    parts: list[str] = []
    while True:
        if isinstance(node, ast.Attribute):
            parts.append(node.attr)
            node = node.value
        elif isinstance(node, ast.Call) and not node.args:
            node = node.func
        elif isinstance(node, ast.Name):
            return ".".join([node.id, *reversed(parts)])
        else:
            return ""
