"""Whether two texts are the same code but for a change: the proof that an edit did nothing else. Pure."""

import ast

from lambda_slim.formats.python_source import parse_python
from lambda_slim.lint.fixes.safe import FixKind, SafeChange


def is_only_change(before: bytes, after: bytes, change: SafeChange) -> bool:
    """Whether a change is all that makes two texts differ."""
    try:
        old, new = parse_python(before), parse_python(after)
    except SyntaxError:
        return False
    statement = next(node for node in old.body if node.lineno == change.line)
    if change.kind is FixKind.SPELL:
        assert isinstance(statement, ast.ImportFrom)
        statement.names = [ast.alias(name) for name in change.names]
        return ast.dump(old) == ast.dump(new)
    old.body.remove(statement)
    moved = _take_out(new, ast.dump(statement))
    return moved == (change.kind is FixKind.DEFER) and ast.dump(old) == ast.dump(new)


def _take_out(tree: ast.Module, wanted: str) -> int:
    """Removes a statement wherever it stands below the module's level; how often it stood there."""
    count = 0
    for node in ast.walk(tree):
        for name in ("body", "orelse"):
            body = getattr(node, name, None)
            if isinstance(body, list) and node is not tree:
                kept = [statement for statement in body if ast.dump(statement) != wanted]
                count += len(body) - len(kept)
                body[:] = kept
    return count
