"""Python sources from outside: parsed within limits, and with one kind of error."""

import ast
import warnings

_MOST = 16 * 1024**2  # characters or bytes; the parser takes a hundred times that


def parse_python(source: str | bytes) -> ast.Module:
    """The tree of a module.

    Raises:
        SyntaxError: it is no Python, or is too long or nested too deeply for anything that reads it.
    """
    if len(source) > _MOST:
        raise SyntaxError(f"it is longer than {_MOST} bytes")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(source)
    except (RecursionError, MemoryError) as error:
        raise SyntaxError("it is nested too deeply") from error
    except (ValueError, OverflowError) as error:
        raise SyntaxError(str(error)) from error


def without_docstrings(source: bytes) -> bytes:
    r"""A module without the docstrings that stand before other statements; all other lines are as they were.

    >>> without_docstrings(b'"about"\nx = 1\ndef f():\n    "what"\n    return x\n')
    b'x = 1\ndef f():\n    return x\n'
    """
    lines = source.splitlines(keepends=True)
    bodies = [node.body for node in ast.walk(parse_python(source)) if isinstance(node, _DOCUMENTED)]
    gone: set[int] = set()
    for first, *rest in filter(None, bodies):
        if rest and isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
            gone.update(range(first.lineno - 1, first.end_lineno or first.lineno))
    return b"".join(line for number, line in enumerate(lines) if number not in gone)


_DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef)
