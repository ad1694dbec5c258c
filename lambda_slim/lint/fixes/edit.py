"""The edit itself, through libcst: everything that is not the statement stays as it is, byte for byte."""

import ast
from collections.abc import Sequence
from typing import TYPE_CHECKING

from lambda_slim.base.errors import UsageError
from lambda_slim.lint.fixes.safe import FixKind, SafeChange

if TYPE_CHECKING:
    import libcst as cst


def require_libcst() -> None:
    """Says how to get it where it is not installed.

    Raises:
        UsageError: it is not.
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
    import libcst as cst

    try:
        wrapper = cst.MetadataWrapper(cst.parse_module(source), unsafe_skip_copy=True)
    except (cst.ParserSyntaxError, UnicodeDecodeError, RecursionError) as error:
        raise CannotEditError("libcst cannot read the file") from error
    lines = {node: place.start.line for node, place in wrapper.resolve(cst.metadata.PositionProvider).items()}
    body = list(wrapper.module.body)
    index = next((at for at, one in enumerate(body) if lines[one] == change.line), None)
    if index is None or not isinstance(statement := body[index], cst.SimpleStatementLine) or len(statement.body) != 1:
        raise CannotEditError("the statement does not stand alone at module level")
    if change.kind is FixKind.SPELL:
        body[index] = _spelled(statement, change.names, wrapper.module)
        made = wrapper.module.with_changes(body=body)
    else:
        made = wrapper.module
        if change.kind is FixKind.DEFER:
            name = _bound(statement)
            function = _function(lines, change.function)
            made = made.deep_replace(function, function.with_changes(body=_placed(function, statement, name)))  # type: ignore[arg-type]
        made = _without(made, index)
    after = made.bytes
    if not _only(source, after, change):
        raise CannotEditError("the result would not be the same code")
    return after


def _bound(statement: "cst.SimpleStatementLine") -> frozenset[str]:
    tree = ast.parse(_code(statement)).body[0]
    assert isinstance(tree, ast.Import | ast.ImportFrom)
    return frozenset(one.asname or one.name.partition(".")[0] for one in tree.names)


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
    gone = body.pop(index)
    left = list(gone.leading_lines)
    if index == len(body):
        return module.with_changes(body=body, footer=[*left, *module.footer])
    follower = body[index]
    lines = list(follower.leading_lines)
    if any(line.comment for line in left):
        lines = [*left, *lines]
    elif len(left) > len(lines):
        lines = left
    if index == 0 and not any(line.comment for line in module.header):
        while lines and not lines[0].comment:
            lines.pop(0)
    body[index] = follower.with_changes(leading_lines=lines)
    return module.with_changes(body=body)


def _placed(
    function: "cst.FunctionDef", statement: "cst.SimpleStatementLine", names: frozenset[str]
) -> "cst.BaseSuite":
    """The function's body with the import before the first use, in the innermost branch that holds all uses."""
    import libcst as cst

    body = function.body
    if not isinstance(body, cst.IndentedBlock):
        raise CannotEditError("the function is written on one line")
    path: list[cst.IndentedBlock] = [body]
    total = _count(body, names)
    while inner := next((one for one in _branches(path[-1]) if _count(one, names) == total), None):
        path.append(inner)
    block = path[-1]
    place = next(at for at, one in enumerate(block.body) if _count(one, names))
    first = block.body[place]
    blank = [line for line in first.leading_lines if not line.comment] if place else []  # type: ignore[attr-defined]
    moved = statement.with_changes(leading_lines=blank[:1])
    made: cst.CSTNode = block.with_changes(body=[*block.body[:place], moved, *block.body[place:]])
    return body.deep_replace(block, made) if block is not body else made  # type: ignore[arg-type, return-value]


def _branches(block: "cst.IndentedBlock") -> "list[cst.IndentedBlock]":
    """Blocks of `if` and `match` in a block; not of loops, `try`, `with` or functions: more would change."""
    import libcst as cst

    found: list[cst.BaseSuite] = []
    for statement in block.body:
        current: object = statement
        while isinstance(current, cst.If):
            found.append(current.body)
            current = current.orelse
        if isinstance(current, cst.Else):
            found.append(current.body)
        if isinstance(current, cst.Match):
            found += [case.body for case in current.cases]
    return [one for one in found if isinstance(one, cst.IndentedBlock)]


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

    one = statement.body[0]
    head = _code(statement).rpartition("*")[0].rstrip()
    text = f"{head} {', '.join(names)}"
    if len(text) > 88:
        indent = module.default_indent
        rows = "".join(f"{indent}{name},\n" for name in names)
        text = f"{head} (\n{rows})"
    parsed = cst.parse_statement(text, config=module.config_for_parsing)
    assert isinstance(parsed, cst.SimpleStatementLine)
    return statement.with_changes(body=[parsed.body[0].with_changes(semicolon=one.semicolon)])


def _only(before: bytes, after: bytes, change: SafeChange) -> bool:
    """Whether two texts are the same code but for the change: the proof that the edit did nothing else."""
    try:
        old, new = ast.parse(before), ast.parse(after)
    except (SyntaxError, ValueError):
        return False
    statement = next(one for one in old.body if one.lineno == change.line)
    wanted = ast.dump(statement)
    if change.kind is FixKind.SPELL:
        assert isinstance(statement, ast.ImportFrom)
        statement.names = [ast.alias(name) for name in change.names]
        return ast.dump(old) == ast.dump(new)
    old.body.remove(statement)
    inside = 0
    for node in ast.walk(new):
        body: list[ast.stmt] = getattr(node, "body", None) or []
        for name in ("body", "orelse"):
            body = getattr(node, name, None) or []
            if isinstance(body, list) and not isinstance(node, ast.Module):
                same = [one for one in body if ast.dump(one) == wanted]
                inside += len(same)
                for one in same:
                    body.remove(one)
    return inside == (change.kind is FixKind.DEFER) and ast.dump(old) == ast.dump(new)
