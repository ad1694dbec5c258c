"""The function of a folder that no deployment file names: the code itself shows its handler."""

import ast
from collections.abc import Iterator
from itertools import chain, islice
from pathlib import Path

from lambda_slim.base.errors import NothingToDoError, UsageError
from lambda_slim.base.files import read_loosely, read_regular
from lambda_slim.base.text import clause
from lambda_slim.formats.python_source import parse_python
from lambda_slim.inputs.functions.code import (
    LIKELY,
    NEAR,
    SURE,
    USUAL,
    HandlerCandidate,
    candidates,
    handler_of,
    modules,
)
from lambda_slim.inputs.functions.code_roots import root_of
from lambda_slim.inputs.functions.names import plain_name
from lambda_slim.inputs.functions.separate import HandlerPlace, separate_functions
from lambda_slim.inputs.functions.unstarted import unstarted_program
from lambda_slim.inputs.project.declared import requirements_of
from lambda_slim.inputs.project.handlers import names_in
from lambda_slim.inputs.project.layers import function_layers
from lambda_slim.inputs.project.targets import default_target
from lambda_slim.model.function import Function
from lambda_slim.model.settings import Settings

_SHOWN = 6  # candidates that a question names
_MOST_MODULES = 40  # modules that are looked into for their functions


def plain_functions(place: Path, settings: Settings, warnings: list[str]) -> list[Function]:
    """The functions of a folder, as its code shows them.

    Args:
        place: The folder.
        settings: Runtime and architecture.
        warnings: An assumed runtime, and what was chosen among several handlers, are added.

    Raises:
        UsageError: several handlers may be meant, and it is not clear that each is a function; or a program makes the
            functions, and nothing says how it is started.
        NothingToDoError: there is none; says what is there.
    """
    chosen = _choose(place, warnings)
    if program := unstarted_program(place):
        raise _unstarted(program.relative_to(place).as_posix(), chosen[0])
    if len(chosen) > 1:
        shown = _listed([f"{row.name} ({row.handler})" for row in chosen])
        warnings.append(f"each handler is a function of its own: {shown} (--handler names one)")
    elif chosen[0].others:
        beside = _listed(chosen[0].others)
        warnings.append(f"the handler is {chosen[0].handler}; others lie beside it: {beside} (--handler names one)")
    return [function_at(row, place, settings, warnings) for row in chosen]


def plain_function(place: Path, settings: Settings, handler: str, warnings: list[str]) -> Function:
    """The function of a folder whose handler was named.

    Args:
        place: The folder.
        settings: Runtime and architecture.
        handler: Its handler.
        warnings: An assumed runtime is added.
    """
    return function_at(HandlerPlace(handler, _root_for(handler, place), plain_name(place)), place, settings, warnings)


def function_at(chosen: HandlerPlace, place: Path, settings: Settings, warnings: list[str]) -> Function:
    """The function of a handler that was chosen; see `plain_functions`."""
    name = chosen.name
    table = settings.table_of(name)
    return Function(
        name=name,
        handler=chosen.handler,
        source=table.source or chosen.root,
        target=default_target(settings, table, warnings, place, table.source or chosen.root),
        requirements=requirements_of(table, table.source or chosen.root, place),
        memory_mb=table.memory,
        environment=table.environment,
        layers=function_layers(table, settings),
        events=table.events,
        where=table.where,
    )


def _root_for(handler: str, place: Path) -> Path:
    """The folder that a named handler counts from: the target, or its `src` where only that has the module."""
    module = handler.replace("/", ".").rpartition(".")[0].replace(".", "/")
    for root in (place, place / "src"):
        if (root / f"{module}.py").is_file() or (root / module / "__init__.py").is_file():
            return root
    return place


def _choose(place: Path, warnings: list[str]) -> list[HandlerPlace]:
    seen = candidates(place)
    sure = _best(seen, place)
    if not sure:
        raise _nothing(place, place.name, seen, warnings)
    first = sure[0] if len(sure) == 1 else _leading(sure, place)
    if first is None:
        if separate := separate_functions(sure, place):
            return separate
        raise _which(place.name, sure)
    root = root_of(first.file, place)
    dotted = first.file.relative_to(root)
    name = first.handler.rpartition(".")[2]
    others = [candidate.handler for candidate in seen if candidate.sure >= LIKELY and candidate.file != first.file]
    return [HandlerPlace(handler_of(dotted, name), root, plain_name(place), tuple(others))]


def _best(seen: tuple[HandlerCandidate, ...], place: Path) -> list[HandlerCandidate]:
    """The surest candidates."""
    for sure in (SURE, LIKELY):
        if best := [candidate for candidate in seen if candidate.sure == sure]:
            return best
        if usual := _usual(place):
            return usual
    return []


def _usual(place: Path) -> list[HandlerCandidate]:
    """Names of handlers that modules with usual names bind in any other way: by an import, in a class."""
    candidates = []
    for path in USUAL:
        file = place / path
        for name in ("handler", "lambda_handler") if file.is_file() else ():
            if name in (names_in(file) or ()):
                dotted = path.removesuffix(".py").replace("/", ".")
                candidates.append(HandlerCandidate(f"{dotted}.{name}", file, 0, SURE, ""))
    return candidates


def _leading(sure: list[HandlerCandidate], place: Path) -> HandlerCandidate | None:
    """The only handler in a module with a usual name, where that one leads to the modules of the others."""
    usual = {place / path for path in USUAL}
    first = [candidate for candidate in sure if candidate.file in usual]
    if len(first) != 1:
        return None
    text = read_loosely(first[0].file)
    others = [candidate for candidate in sure if candidate is not first[0]]
    return first[0] if all(candidate.file.stem in text for candidate in others) else None


def _listed(names: tuple[str, ...] | list[str]) -> str:
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return f"{', '.join(names[:_SHOWN])}{more}"


def _reason(candidate: HandlerCandidate) -> str:
    """A candidate with what speaks for it, or against it."""
    line = clause("(line {})", candidate.line)
    return " ".join(filter(None, (candidate.handler, line, candidate.why)))


def _which(name: str, seen: list[HandlerCandidate]) -> UsageError:
    return UsageError(
        f"which handler is meant in `{name}`?",
        cause=f"there are {_listed([_reason(candidate) for candidate in seen])}",
        hint=f"say --handler {seen[0].handler}, or write each into [functions] of lambda-slim.toml",
    )


def _unstarted(program: str, seen: HandlerPlace) -> UsageError:
    return UsageError(
        f"`{program}` makes functions, and no cdk.json or Pulumi.yaml says how it is started",
        cause="what they ship is known where the program runs, which lambda-slim does not do",
        hint=f"run `cdk synth`, and name its cdk.out; or say --handler {seen.handler} for the code that is seen",
    )


def _functions(folder: Path) -> str:
    """The functions of a folder's modules with what they take, as a clause: none of them looks like a handler."""
    told = list(chain.from_iterable(_taken_by(file, folder) for file in islice(modules(folder), _MOST_MODULES)))
    return f"; seen, and like no handler: {_listed(told)}" if told else "; no module has a function"


def _taken_by(file: Path, folder: Path) -> Iterator[str]:
    """`near.run (line 1) takes (a, b)` of each function of a module."""
    module = ".".join(file.relative_to(folder).with_suffix("").parts)
    try:
        body = parse_python(read_regular(file)).body
    except (OSError, SyntaxError, ValueError):
        return
    for node in body:
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
            names = ", ".join(argument.arg for argument in [*node.args.posonlyargs, *node.args.args])
            yield f"{module}.{node.name} (line {node.lineno}) takes ({names})"


def _nothing(folder: Path, name: str, seen: tuple[HandlerCandidate, ...], warnings: list[str]) -> NothingToDoError:
    passed = "".join(f"; {text}" for text in warnings[:6])
    near = [_reason(candidate) for candidate in seen if candidate.sure == NEAR]
    told = f"; the nearest: {_listed(near)}" if near else _functions(folder)
    return NothingToDoError(
        f"no handler found in `{name}`",
        cause="looked for a deployment file (template.yaml, serverless.yml, *.tf, cdk.out, …), and in all modules for "
        f"`handler`, `lambda_handler` and functions of (event, context){told}{passed}",
        hint="say --handler module.function, or write [functions] into lambda-slim.toml",
    )


def obvious_handler(folder: Path, name: str) -> str:
    """The handler of an unpacked package that names none.

    Args:
        folder: The package.
        name: What the user called it, for messages.

    Raises:
        UsageError: there are several.
        NothingToDoError: there is none.
    """
    seen = candidates(folder)
    sure = _usual(folder) or _best(seen, folder)
    if len(sure) == 1:
        return sure[0].handler
    if sure:
        raise _which(name, sure)
    raise _nothing(folder, name, seen, [])
