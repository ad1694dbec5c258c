"""SST: its file is a program; the Python functions that it says in literals are read from it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from lambda_slim.base.files import first_file, read_loosely
from lambda_slim.base.text import snake_case
from lambda_slim.formats.tables import UNKNOWN, as_given, as_list, as_table, sure_text, texts_among
from lambda_slim.inputs.functions.cdk_layers import layers_of
from lambda_slim.inputs.functions.code_roots import root_of
from lambda_slim.inputs.functions.declared_images import image_extras
from lambda_slim.inputs.functions.program import ProgramFile, sources, variables
from lambda_slim.inputs.functions.records import Asked, Declared, DeploymentKind, QuestionError, named_layers
from lambda_slim.model.layer import Layer
from lambda_slim.model.layout import Placement
from lambda_slim.model.program import UNPACKED, ProgramCall

_NAMES = ("sst.config.ts", "sst.config.js", "sst.config.mts", "sst.json")
_DECLARING = ("requirements.txt", "pyproject.toml", "Pipfile", "poetry.lock")
_HANDLER = re.compile(r"[\w./-]+\.\w+")
_HINT = "name each function in [functions] of lambda-slim.toml, with handler and source, or say --handler"
_APP_DEFAULTS = ("setDefaultFunctionProps", "default_function_props")
_DEFAULTS = (*_APP_DEFAULTS, "defaults")


@dataclass(frozen=True, slots=True)
class _Seen:
    """Options that name a handler, with what they are called."""

    name: str
    options: dict[str, Any]
    call: ProgramCall
    source: ProgramFile


def _find(folder: Path) -> Path | None:
    """The app's file, where Python is spoken of in it or in the files that it is split into."""
    path = first_file(folder, _NAMES)
    if path is None:
        return None
    texts = [read_loosely(path), *(read_loosely(source.path) for source in sources(folder))]
    return path if any("python" in text for text in texts) else None


def _reads(path: Path, _: str) -> bool:
    return path.name in _NAMES


def _read(path: Path, _: Asked) -> tuple[Declared, ...]:
    read = tuple(sources(path.parent))
    default = _default_options(read)
    seen = [row for source in read for row in _options(source, default)]
    rows = _unlike([_function(row, row.options) for row in seen])
    if any(not row.skipped and not row.problem for row in rows):
        return rows
    why = "".join(f"; {row.where}: {row.handler}: {row.problem or row.skipped}" for row in rows[:6])
    raise QuestionError(
        f"`{path.name}` is an SST app, which was not run",
        f"what it puts where is only known when it runs{why}",
        _HINT,
    )


def _unlike(rows: list[Declared]) -> tuple[Declared, ...]:
    """Functions with names of their own; routes that have one handler are one function here."""
    kept: dict[str, Declared] = {}
    for row in rows:
        name, number = row.name, 2
        while name in kept and kept[name].handler != row.handler:
            name, number = f"{row.name}-{number}", number + 1
        kept.setdefault(name, replace(row, name=name))
    return tuple(kept.values())


def _default_options(read: tuple[ProgramFile, ...]) -> dict[str, Any]:
    """Settings for all functions of the app."""
    calls = [source.program.known(raw) for source in read for raw in source.program.calls]
    tables = [dict(call.named) for call in calls if call.name in _APP_DEFAULTS]
    tables += [
        _inner(call.named[key]) for call in calls for key in _APP_DEFAULTS if isinstance(call.named.get(key), dict)
    ]
    return tables[0] if len(tables) == 1 else {}


def _own_defaults(call: ProgramCall, default: dict[str, Any]) -> dict[str, Any]:
    """Settings for the functions of one construct: its own `defaults` win over the app's."""
    return {**default, **_inner(call.named.get("defaults"))}


def _inner(table: Any) -> dict[str, Any]:
    """The settings in `{function: …}`, or in the table itself."""
    inner = table.get("function", table) if isinstance(table, dict) else {}
    return _snaked(as_table(inner))


def _snaked(table: dict[str, Any]) -> dict[str, Any]:
    return {snake_case(key): value for key, value in table.items() if key != UNPACKED}


def _options(source: ProgramFile, default: dict[str, Any]) -> Iterator[_Seen]:
    """What names a handler: the options of a call, tables in them, and texts in routes."""
    for raw in source.program.calls:
        call = source.program.known(raw)
        own = _own_defaults(call, default)
        python = str(own.get("runtime", "")).startswith("python")
        name = next(iter(texts_among(call.positional)), "")
        if isinstance(call.named.get("handler"), str):
            yield _Seen(name, {**own, **call.named}, call, source)
            continue
        for key, table in call.named.items():
            for seen in _in_tables(key if python else "", table, call, source) if key not in _DEFAULTS else ():
                yield replace(seen, options={**own, **seen.options})


def _in_tables(key: str, value: Any, call: ProgramCall, source: ProgramFile, depth: int = 0) -> Iterator[_Seen]:
    if isinstance(value, str) and key and depth and _HANDLER.fullmatch(value):
        yield _Seen(_called(value), {"handler": value}, call, source)
    if not isinstance(value, dict) or depth > 4:
        return
    if isinstance(value.get("handler"), str):
        yield _Seen(_called(value["handler"]), _snaked(value), call, source)
        return
    for inner in value.values():
        yield from _in_tables(key, inner, call, source, depth + 1)


def _called(handler: str) -> str:
    return handler.rpartition("/")[2].replace(".", "-")


def _function(seen: _Seen, options: dict[str, Any]) -> Declared:
    handler = sure_text(options.get("handler"))
    name = seen.name if re.fullmatch(r"[\w.-]+", seen.name) else _called(handler)
    where = seen.source.where(seen.call)
    row = Declared(
        name,
        where,
        handler=handler,
        runtime=sure_text(options["runtime"]) if "runtime" in options else None,
        architecture=_architecture(options.get("architecture")),
        environment=variables(options.get("environment")),
        layers=tuple(_layers(options.get("layers"), seen.source, where)),
    )
    if not str(row.runtime or "nodejs").startswith("python"):
        return _other(row, seen.source.root / sure_text(options.get("src_path", "")))
    placed = _placed(row, seen.source, sure_text(options.get("src_path", "")))
    if as_table(options.get("python")).get("container") and not placed.problem:
        placed = _in_container(placed)
    return placed if placed.problem else _copied(placed, seen.source, as_list(options.get("copy_files")))


def _other(row: Declared, base: Path) -> Declared:
    """A function that is not said to be Python's."""
    if row.runtime is None and _is_python(str(row.handler), base):
        why = "no runtime stands there, and its file is Python's"
        return replace(row, problem=f"{row.name}: {why}", hint=_HINT)
    return replace(row, skipped=f"its runtime is {row.runtime or 'Node.js'}")


def _is_python(handler: str, base: Path) -> bool:
    """Whether a handler is a file of Python alone; a run of the app may then set the runtime of many functions."""
    stem = handler.rpartition(".")[0]
    scripts = any((base / f"{stem}.{suffix}").is_file() for suffix in ("ts", "tsx", "js", "jsx", "mts", "mjs", "cjs"))
    return bool(stem) and (base / f"{stem}.py").is_file() and not scripts


def _layers(value: Any, source: ProgramFile, where: str) -> Iterator[Layer]:
    """Layers by ARN, and those that CDK makes; of what only a run of the app knows there is one that is not known."""
    for layer in as_given(value):
        made = isinstance(layer, ProgramCall)
        yield from layers_of([layer], source, where) if made else named_layers([sure_text(layer)], where)


def _architecture(value: Any) -> str | None:
    return None if value is None else {"arm_64": "arm64"}.get(sure_text(value), sure_text(value))


def _placed(row: Declared, source: ProgramFile, folder: str) -> Declared:
    """A function with the folder that declares what it depends on as its root."""
    handler = str(row.handler)
    base = source.root / folder
    file = base / f"{handler.rpartition('.')[0]}.py"
    if UNKNOWN in (folder, handler) or not file.is_file():
        return replace(row, problem=f"{row.name}: its handler `{handler}` is not a file here", hint=_HINT)
    root = _root(file, base)
    inside = file.relative_to(root).with_suffix("").as_posix()
    return replace(row, handler=f"{inside}.{handler.rpartition('.')[2]}", parts=(Placement(root),))


def _in_container(row: Declared) -> Declared:
    """A function in an image: SST copies into it, and installs, what it packs for a zip.

    A Dockerfile of the project's own may have more in the image.
    """
    (part,) = row.parts
    folder = part.source.parent if part.source.name == "src" else part.source
    file = first_file(folder, ("Dockerfile",))
    try:
        extras = image_extras(file, row.runtime or "") if file else ""
    except ValueError as error:
        extras = str(error)
    return replace(row, problem=f"{row.name}: {extras}", hint=_HINT) if extras else row


def _copied(row: Declared, source: ProgramFile, rows: list[Any]) -> Declared:
    """A function with what `copyFiles` puts beside its code: `{ from: "core", to: "lib/core" }`."""
    more = []
    for table in rows:
        said = table if isinstance(table, dict) else {}
        place, to = sure_text(said.get("from")), sure_text(said.get("to", said.get("from")))
        if UNKNOWN in (place, to) or not (source.root / place).exists():
            return replace(
                row, problem=f"{row.name}: what `copyFiles` copies is not here, or not understood", hint=_HINT
            )
        more.append(Placement(source.root / place, to.strip("/").removeprefix("./")))
    return replace(row, parts=(*row.parts, *more))


def _root(file: Path, base: Path) -> Path:
    """The project that a module is of; of one with a `src` layout its `src`."""
    above = [folder for folder in file.parents if folder == base or base in folder.parents]
    for folder in above:
        if any((folder / name).is_file() for name in _DECLARING):
            source = folder / "src"
            return source if source in file.parents and (folder / "pyproject.toml").is_file() else folder
    return root_of(file, base)


KIND = DeploymentKind("SST app", _find, _reads, _read)
