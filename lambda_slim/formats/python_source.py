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
