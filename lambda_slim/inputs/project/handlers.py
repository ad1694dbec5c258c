"""Whether a handler that was named is there."""

import ast
import re
from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path

from lambda_slim.base.errors import HandlerError
from lambda_slim.model.function import Function
from lambda_slim.model.layout import locate


def check_handler(function: Function) -> None:
    """Whether the handler's file and function are there.

    Raises:
        HandlerError: the string is malformed, or one of them is missing; names the nearest there is.
    """
    # Lambda reads `src/app.handler` as `src.app.handler`; an empty part would be a relative or an absolute name.
    if "." not in function.handler or not all(re.split(r"[./]", function.handler)):
        raise HandlerError(
            f"{function.name}: `{function.handler}` is not a handler",
            cause=f"it names no module and function ({function.where or 'handler'})",
            hint="Lambda wants module.function, e.g. src.app.handler",
        )
    file = module_file(function)
    if file is None:
        if not _is_compiled(function):
            raise _no_module(function)
        return
    names = names_in(file)
    if names is not None and function.attribute not in names:
        near = get_close_matches(function.attribute, names, 1)
        hint = (
            f"did you mean `{function.module}.{near[0]}`?"
            if near
            else f"it defines: {', '.join(sorted(names)[:8]) or 'nothing'}"
        )
        raise HandlerError(
            f"{function.name}: `{file.name}` has no `{function.attribute}`",
            cause=f"nothing in it binds that name ({function.where or 'handler'})",
            hint=hint,
        )


def module_file(function: Function) -> Path | None:
    """The source of the handler's module."""
    base = function.module.replace(".", "/")
    places = (locate(function.parts, path) for path in (f"{base}.py", f"{base}/__init__.py"))
    return next((place for place in places if place), None)


def _is_compiled(function: Function) -> bool:
    base = function.source / function.module.replace(".", "/")
    return base.with_name(base.name + ".pyc").is_file() or bool(list(base.parent.glob(f"{base.name}.*.so")))


def _no_module(function: Function) -> HandlerError:
    folder, _, name = function.module.rpartition(".")
    folder = folder.replace(".", "/").rpartition("/")[2] or (function.source.name if not function.layout else ".")
    near = get_close_matches(function.module, sorted(_modules(function)), 1)
    return HandlerError(
        f"{function.name}: there is no module `{function.module}`",
        cause=f"no {name}.py in {folder or '.'}/ ({function.where or 'handler'})",
        hint=f"did you mean `{near[0]}.{function.attribute}`?" if near else "check Handler and CodeUri",
    )


def _modules(function: Function) -> Iterator[str]:
    """Dotted names of the modules that the function has."""
    for part in function.parts:
        if part.source.is_file():
            yield part.prefix.removesuffix(".py").replace("/", ".")
            continue
        for path in sorted(part.source.glob("**/*.py"))[:2000]:
            below = path.relative_to(part.source)
            if not any(name.startswith(".") for name in below.parts):
                yield part.placed(below.with_suffix("").as_posix()).replace("/", ".")


def names_in(file: Path) -> frozenset[str] | None:
    """Names that a module binds; None where it may bind others (star import, `__getattr__`, syntax error)."""
    try:
        tree = ast.parse(file.read_bytes())
    except (OSError, SyntaxError, ValueError):
        return None
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and any(alias.name == "*" for alias in node.names):
            return None
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            found.add(node.name)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            found.update(alias.asname or alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found.add(node.id)
    return None if "__getattr__" in found else frozenset(found)
