"""The edit itself, through libcst: everything that is not the statement stays as it is, byte for byte."""

import ast
from collections.abc import Sequence
from typing import TYPE_CHECKING

from lambda_slim.base.errors import UsageError
from lambda_slim.formats.python_source import parse_python
from lambda_slim.lint.fixes.safe import FixKind, SafeChange
from lambda_slim.lint.fixes.same import is_only_change
from lambda_slim.lint.syntax import bound_names

if TYPE_CHECKING:
    import libcst as cst


def require_libcst() -> None:
    """Fails where libcst is not installed.

    Raises:
        UsageError: it is not; the hint says how to install it.
    """
    try:
        import libcst  # noqa: F401
    except ImportError as error:
        raise UsageError(
            "`lint --fix` needs libcst",
            cause=str(error),
            hint='pip install "lambda-slim[fix]" (in .pre-commit-config.yaml: additional_dependencies: [libcst])',
        ) from error


class CannotEditError(Exception):
    """The file's text has no place for the change; the message says why."""


def edit(source: bytes, change: SafeChange) -> bytes:
    """A file with one change made.

    Raises:
        CannotEditError: libcst cannot read it, or there is no place for the change.
    """
    module, lines = _parsed(source)
    index, statement = _statement(module, lines, change.line)
    if change.kind is FixKind.SPELL:
        body = [*module.body[:index], _spelled(statement, change.names, module), *module.body[index + 1 :]]
        made = module.with_changes(body=body)
    else:
        made = _deferred(module, lines, statement, change.function) if change.kind is FixKind.DEFER else module
        made = _without(made, index)
    after = made.bytes
    if not is_only_change(source, after, change):
        raise CannotEditError("the result would not be the same code")
    return after


def _parsed(source: bytes) -> "tuple[cst.Module, dict[cst.CSTNode, int]]":
    """A file's tree, and the line of each node."""
    import libcst as cst

    try:
        wrapper = cst.MetadataWrapper(cst.parse_module(source), unsafe_skip_copy=True)
    except (cst.ParserSyntaxError, UnicodeDecodeError, RecursionError) as error:
        raise CannotEditError("libcst cannot read the file") from error
    positions = wrapper.resolve(cst.metadata.PositionProvider)
    return wrapper.module, {node: place.start.line for node, place in positions.items()}


def _statement(
    module: "cst.Module", lines: "dict[cst.CSTNode, int]", line: int
) -> "tuple[int, cst.SimpleStatementLine]":
    """The statement on a line of the module's own level, and its index."""
    import libcst as cst

    for index, statement in enumerate(module.body):
        if lines[statement] == line:
            if isinstance(statement, cst.SimpleStatementLine) and len(statement.body) == 1:
                return index, statement
            break
    raise CannotEditError("the statement does not stand alone at module level")


def _deferred(
    module: "cst.Module", lines: "dict[cst.CSTNode, int]", statement: "cst.SimpleStatementLine", line: int
) -> "cst.Module":
    """The module with a statement in the function that begins on a line."""
    function = _function(lines, line)
    body = _placed(function, statement, _bound(statement))
    return module.deep_replace(function, function.with_changes(body=body))  # type: ignore[arg-type]


def _bound(statement: "cst.SimpleStatementLine") -> frozenset[str]:
    tree = parse_python(_code(statement)).body[0]
    assert isinstance(tree, ast.Import | ast.ImportFrom)
    return frozenset(bound_names(tree))


def _code(statement: "cst.SimpleStatementLine") -> str:
    import libcst as cst

    return cst.Module([]).code_for_node(statement.body[0])


def _function(lines: "dict[cst.CSTNode, int]", line: int) -> "cst.FunctionDef":
    import libcst as cst

    for node, place in lines.items():
        if isinstance(node, cst.FunctionDef) and lines.get(node.name, place) == line:
            return node
    raise CannotEditError("the function was not found")


def _without(module: "cst.Module", index: int) -> "cst.Module":
    """The module without a statement; comments above it stay."""
    body = list(module.body)
    left = list(body.pop(index).leading_lines)
    if index == len(body):
        return module.with_changes(body=body, footer=[*left, *module.footer])
    lines = _joined_lines(left, list(body[index].leading_lines))
    if index == 0 and not any(line.comment for line in module.header):
        while lines and not lines[0].comment:
            lines.pop(0)
    body[index] = body[index].with_changes(leading_lines=lines)
    return module.with_changes(body=body)


def _joined_lines(left: "list[cst.EmptyLine]", lines: "list[cst.EmptyLine]") -> "list[cst.EmptyLine]":
    """The lines above a statement, where those above the one before it are left over."""
    if any(line.comment for line in left):
        return [*left, *lines]
    return left if len(left) > len(lines) else lines


def _placed(
    function: "cst.FunctionDef", statement: "cst.SimpleStatementLine", names: frozenset[str]
) -> "cst.BaseSuite":
    """The function's body with the import before the first use, in the innermost branch that holds all uses."""
    import libcst as cst

    body = function.body
    if not isinstance(body, cst.IndentedBlock):
        raise CannotEditError("the function is written on one line")
    block = _innermost(body, names)
    place = next(index for index, inner in enumerate(block.body) if _count(inner, names))
    first = block.body[place]
    blank = [line for line in first.leading_lines if not line.comment] if place else []  # type: ignore[attr-defined]
    moved = statement.with_changes(leading_lines=blank[:1])
    made: cst.CSTNode = block.with_changes(body=[*block.body[:place], moved, *block.body[place:]])
    return body.deep_replace(block, made) if block is not body else made  # type: ignore[arg-type, return-value]


def _innermost(body: "cst.IndentedBlock", names: frozenset[str]) -> "cst.IndentedBlock":
    """The innermost branch that holds all uses of some names."""
    total = _count(body, names)
    block = body
    while inner := next((branch for branch in _branches(block) if _count(branch, names) == total), None):
        block = inner
    return block


def _branches(block: "cst.IndentedBlock") -> "list[cst.IndentedBlock]":
    """Blocks of `if` and `match` in a block; not of loops, `try`, `with` or functions: more would change."""
    import libcst as cst

    suites: list[cst.BaseSuite] = []
    for statement in block.body:
        current: object = statement
        while isinstance(current, cst.If):
            suites.append(current.body)
            current = current.orelse
        if isinstance(current, cst.Else):
            suites.append(current.body)
        if isinstance(current, cst.Match):
            suites += [case.body for case in current.cases]
    return [suite for suite in suites if isinstance(suite, cst.IndentedBlock)]


def _count(node: "cst.CSTNode", names: frozenset[str]) -> int:
    """How often names are used below a node; attributes and keywords of that name count as well, which is safe."""
    import libcst as cst
    import libcst.matchers as m

    wanted = m.OneOf(*(m.Name(value=name) for name in sorted(names)))
    return len(m.findall(node, wanted)) if not isinstance(node, cst.Name) else int(node.value in names)


def _spelled(
    statement: "cst.SimpleStatementLine", names: Sequence[str], module: "cst.Module"
) -> "cst.SimpleStatementLine":
    import libcst as cst

    head = _code(statement).rpartition("*")[0].rstrip()
    text = f"{head} {', '.join(names)}"
    if len(text) > 88:
        indent = module.default_indent
        rows = "".join(f"{indent}{name},\n" for name in names)
        text = f"{head} (\n{rows})"
    parsed = cst.parse_statement(text, config=module.config_for_parsing)
    assert isinstance(parsed, cst.SimpleStatementLine)
    return statement.with_changes(body=[parsed.body[0].with_changes(semicolon=statement.body[0].semicolon)])
