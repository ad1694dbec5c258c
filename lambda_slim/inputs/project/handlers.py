"""Checks that a named handler exists."""

import ast
import re
from collections.abc import Iterator
from difflib import get_close_matches
from itertools import chain
from pathlib import Path

from lambda_slim.base.errors import HandlerError, PackageError
from lambda_slim.base.files import is_odd, read_regular
from lambda_slim.formats.python_source import parse_python
from lambda_slim.formats.python_syntax import bound_name
from lambda_slim.inputs.functions.code import NAMES
from lambda_slim.model.function import Function
from lambda_slim.model.layout import locate


def check_handler(function: Function) -> None:
    """Whether the handler's file and function are there.

    One that only a dependency or a layer can have is looked up when those are known.

    Raises:
        HandlerError: the string is malformed, or one of them is missing; names the nearest there is.
        PackageError: the file cannot be read.
    """
    if function.script:
        return
    # Lambda reads `src/app.handler` as `src.app.handler`; an empty part would be a relative or an absolute name.
    if "." not in function.handler or not all(re.split(r"[./]", function.handler)):
        raise HandlerError(
            f"{function.name}: `{function.handler}` is not a handler",
            cause=f"it names no module and function ({function.where or 'handler'})",
            hint="Lambda takes module.function, e.g. src.app.handler",
        )
    file = module_file(function)
    if file is not None:
        _check_attribute(function, file)
    elif not (_is_compiled(function) or _may_come_later(function)):
        raise missing_handler(function)


def _bases(function: Function) -> list[str]:
    """Where the handler's module can lie in the package, without an ending."""
    parts = function.module.replace(".", "/")
    return [parts, *(f"{place}/{parts}" for place in function.python_path)]


def module_file(function: Function) -> Path | None:
    """The source of the handler's module, among the function's own files."""
    paths = [path for base in _bases(function) for path in (f"{base}.py", f"{base}/__init__.py")]
    return next((place for path in paths if (place := locate(function.parts, path))), None)


def _is_compiled(function: Function) -> bool:
    bases = [function.source / base for base in _bases(function)]
    return any(
        base.with_name(base.name + ".pyc").is_file() or list(base.parent.glob(f"{base.name}.*.so")) for base in bases
    )


def _may_come_later(function: Function) -> bool:
    """Whether a dependency or a layer may have the handler: nothing of the function's own has its first name."""
    top = function.module.partition(".")[0]
    own = any(name.partition(".")[0] == top for name in _modules(function))
    return not own and bool(function.requirements or function.layers)


def missing_handler(function: Function) -> HandlerError:
    """The error of a handler whose module is nowhere; names the nearest there is."""
    folder, _, name = function.module.rpartition(".")
    shown = folder.replace(".", "/").rpartition("/")[2] or ("." if function.layout else function.source.name)
    near = get_close_matches(function.module, sorted(_modules(function)), 1)
    place = f"{name}.py in {shown or '.'}/"
    odd = any(is_odd(function.source / f"{base}.py") for base in _bases(function))
    why = f"{place} is a pipe, a device, or a link to nothing" if odd else f"no {place}"
    return HandlerError(
        f"{function.name}: there is no module `{function.module}`",
        cause=f"{why} ({function.where or 'handler'})",
        hint=_deeper(function)
        or (f"did you mean `{near[0]}.{function.attribute}`?" if near else "check Handler and CodeUri"),
    )


def _deeper(function: Function) -> str:
    """The function that was meant where the handler names only a module, `src.app` of `src/app.py`; "" elsewhere."""
    name = f"{function.module}.{function.attribute}"
    base = name.replace(".", "/")
    file = locate(function.parts, f"{base}.py") or locate(function.parts, f"{base}/__init__.py")
    if file is None:
        return ""
    usual = [handler for handler in NAMES if handler in (names_in(file) or ())]
    return f"`{name}` is a module: did you mean `{name}.{usual[0] if usual else 'FUNCTION'}`?"


def _modules(function: Function) -> Iterator[str]:
    """Dotted names of the modules that the function has."""
    for part in function.parts:
        if part.source.is_file():
            yield part.prefix.removesuffix(".py").replace("/", ".")
            continue
        for path in sorted(part.source.glob("**/*.py"))[:2000]:
            below = path.relative_to(part.source)
            if path.is_file() and not any(name.startswith(".") for name in below.parts):
                yield part.placed(below.with_suffix("").as_posix()).replace("/", ".")


def _check_attribute(function: Function, file: Path) -> None:
    try:
        names = names_in(file)
    except PermissionError as error:
        raise PackageError(
            f"{function.name}: `{file.name}` cannot be read",
            cause="its rights keep lambda-slim from it",
            hint=f"chmod +r {file}",
        ) from error
    if names is None or function.attribute in names:
        return
    near = get_close_matches(function.attribute, names, 1)
    hint = f"it defines: {', '.join(sorted(names)[:8]) or 'nothing'}"
    raise HandlerError(
        f"{function.name}: `{file.name}` has no `{function.attribute}`",
        cause=f"nothing in it binds that name ({function.where or 'handler'})",
        hint=_deeper(function) or (f"did you mean `{function.module}.{near[0]}`?" if near else hint),
    )


def names_in(file: Path) -> frozenset[str] | None:
    """Names that a module binds; None where it may bind others (star import, `__getattr__`, syntax error).

    Raises:
        OSError: it cannot be read.
    """
    try:
        tree = parse_python(read_regular(file))
    except SyntaxError:
        return None
    names = frozenset(chain.from_iterable(map(_bound_by, ast.walk(tree))))
    return None if names & {"*", "__getattr__"} else names


def _bound_by(node: ast.AST) -> Iterator[str]:
    """The names that a node binds; `*` for a star import."""
    match node:
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            yield name
        case ast.alias():
            yield bound_name(node)
        case ast.Name(id=name, ctx=ast.Store()):
            yield name
        case _:
            pass
