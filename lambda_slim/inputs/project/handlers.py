"""Handlers: which one a folder obviously has, and whether the one that was named is there."""

import ast
import csv
import re
from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path

from lambda_slim.base.errors import HandlerError, NothingToDoError, UsageError
from lambda_slim.base.files import read_regular
from lambda_slim.formats.python_source import parse_python
from lambda_slim.model.function import Function

_FILES = (
    "app.py",
    "lambda_function.py",
    "handler.py",
    "main.py",
    "index.py",
    "src/app.py",
    "src/handler.py",
    "src/main.py",
)
_NAMES = ("handler", "lambda_handler", "main")
_SHOWN = 6  # candidates that a question names


def obvious_handler(folder: Path, name: str) -> str:
    """The handler of a folder that names none: of a file with a usual name, else the only function that looks like one.

    Args:
        folder: The function's code, or an unpacked package.
        name: What the user called it, for messages.

    Raises:
        UsageError: there are several.
        NothingToDoError: there is none.
    """
    candidates = [
        f"{path.removesuffix('.py').replace('/', '.')}.{one}"
        for path in _FILES
        if (folder / path).is_file()
        for one in _NAMES
        if one in (names_in(folder / path) or ())
    ] or list(_likely(folder))
    if len(candidates) == 1:
        return candidates[0]
    if candidates:
        more = f" and {len(candidates) - _SHOWN} more" if len(candidates) > _SHOWN else ""
        raise UsageError(
            f"which handler is meant in `{name}`?",
            cause=f"there are {', '.join(candidates[:_SHOWN])}{more}",
            hint=f"say --handler {candidates[0]}, or write each into [functions] of lambda-slim.toml",
        )
    raise NothingToDoError(
        f"no handler found in `{name}`",
        cause=f"looked for {', '.join(_NAMES)} in {', '.join(_FILES[:5])}, …, and for functions of two arguments "
        "that are called handler or lambda_handler",
        hint="say --handler module.function, or write [functions] into lambda-slim.toml",
    )


def _likely(folder: Path) -> Iterator[str]:
    """Functions of two arguments called handler or lambda_handler, in modules at most one folder deep."""
    installed = _installed(folder)
    for path in sorted([*folder.glob("*.py"), *folder.glob("*/*.py")], key=lambda one: (len(one.parts), one)):
        parts = path.relative_to(folder).with_suffix("").parts
        if parts[0] in installed or parts[0].startswith((".", "test")) or (path.parent / "pyvenv.cfg").exists():
            continue
        for one in _handlers_in(path):
            yield ".".join((*parts, one))


def _installed(folder: Path) -> frozenset[str]:
    """Top-level names that installed distributions say are theirs."""
    found: set[str] = set()
    for record in folder.glob("*.dist-info/RECORD"):
        with record.open(encoding="utf-8", errors="replace", newline="") as file:
            found.update(row[0].partition("/")[0].removesuffix(".py") for row in csv.reader(file) if row)
    return frozenset(found)


def _handlers_in(path: Path) -> Iterator[str]:
    if not path.is_file():  # a pipe would wait for ever
        return
    try:
        data = read_regular(path)
        tree = parse_python(data) if b"handler" in data else None
    except (OSError, SyntaxError):
        return
    for node in tree.body if tree else ():
        if isinstance(node, ast.FunctionDef) and node.name in ("handler", "lambda_handler"):
            arguments = node.args
            if len(arguments.posonlyargs) + len(arguments.args) == 2 or arguments.vararg:
                yield node.name


def check_handler(function: Function) -> None:
    """Whether the handler's file and function are there.

    One that only a dependency or a layer can have is looked up when those are known.

    Raises:
        HandlerError: the string is malformed, or one of them is missing; names the nearest there is.
    """
    if function.script:
        return
    # Lambda reads `src/app.handler` as `src.app.handler`; an empty part would be a relative or an absolute name.
    if "." not in function.handler or not all(re.split(r"[./]", function.handler)):
        raise HandlerError(
            f"{function.name}: `{function.handler}` is not a handler",
            cause=f"it names no module and function ({function.where or 'handler'})",
            hint="Lambda wants module.function, e.g. src.app.handler",
        )
    file = _file_of(function)
    if file is not None:
        _check_attribute(function, file)
    elif not (_is_compiled(function) or _may_come_later(function)):
        raise missing_handler(function)


def _bases(function: Function) -> list[Path]:
    """Where the handler's module can lie in the source folder, without an ending."""
    parts = function.module.replace(".", "/")
    return [function.source / parts, *(function.source / place / parts for place in function.python_path)]


def _file_of(function: Function) -> Path | None:
    places = [place for base in _bases(function) for place in (base.with_name(base.name + ".py"), base / "__init__.py")]
    return next((place for place in places if place.is_file()), None)


def _is_compiled(function: Function) -> bool:
    return any(
        base.with_name(base.name + ".pyc").is_file() or list(base.parent.glob(f"{base.name}.*.so"))
        for base in _bases(function)
    )


def _may_come_later(function: Function) -> bool:
    """Whether a dependency or a layer may have the handler: nothing in the source folder has its first name."""
    top = function.source / function.module.partition(".")[0]
    own = top.is_dir() or top.with_name(top.name + ".py").is_file()
    return not own and bool(function.requirements or function.layers)


def missing_handler(function: Function) -> HandlerError:
    """The error of a handler whose module is nowhere; names the nearest there is."""
    base = _bases(function)[0]
    names = [".".join(path.relative_to(function.source).with_suffix("").parts) for path in _sources(function.source)]
    near = get_close_matches(function.module, names, 1)
    hint = f"did you mean `{near[0]}.{function.attribute}`?" if near else "check Handler and CodeUri"
    return HandlerError(
        f"{function.name}: there is no module `{function.module}`",
        cause=f"no {base.name}.py in {base.parent.name or '.'}/ ({function.where or 'handler'})",
        hint=hint,
    )


def _check_attribute(function: Function, file: Path) -> None:
    names = names_in(file)
    if names is None or function.attribute in names:
        return
    near = get_close_matches(function.attribute, names, 1)
    hint = f"it defines: {', '.join(sorted(names)[:8]) or 'nothing'}"
    raise HandlerError(
        f"{function.name}: `{file.name}` has no `{function.attribute}`",
        cause=f"nothing in it binds that name ({function.where or 'handler'})",
        hint=f"did you mean `{function.module}.{near[0]}`?" if near else hint,
    )


def _sources(folder: Path) -> list[Path]:
    return [
        path for path in sorted(folder.glob("**/*.py"))[:2000] if not any(part.startswith(".") for part in path.parts)
    ]


def names_in(file: Path) -> frozenset[str] | None:
    """Names that a module binds; None where it may bind others (star import, `__getattr__`, syntax error).

    Raises:
        OSError: it cannot be read.
    """
    try:
        tree = parse_python(read_regular(file))
    except SyntaxError:
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
