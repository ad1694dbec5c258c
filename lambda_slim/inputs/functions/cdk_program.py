"""Functions of a CDK app that its program says in literals, where `cdk synth` has not been run."""

import os
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from lambda_slim.formats.tables import UNKNOWN, sure_text, texts_among
from lambda_slim.inputs.functions.cdk_bundling import bundled, followed
from lambda_slim.inputs.functions.cdk_images import docker_build, image_asset, is_docker_build
from lambda_slim.inputs.functions.cdk_layers import added_layers, layers_of
from lambda_slim.inputs.functions.globs import glob_regex
from lambda_slim.inputs.functions.program import (
    ProgramFile,
    options_of,
    place_of,
    said,
    sources,
    variables,
    written_text,
)
from lambda_slim.inputs.functions.records import Declared, number, python_runtime
from lambda_slim.inputs.functions.scripts import ScriptPackage, package_by_scripts, scripted
from lambda_slim.inputs.functions.staged import staged
from lambda_slim.model.layout import Placement
from lambda_slim.model.program import UNPACKED, Dotted, Opaque, ProgramCall

_FUNCTIONS = ("Function", "PythonFunction", "SingletonFunction", "EdgeFunction", "FunctionProps", "TriggerFunction")
_OTHERS = {
    "DockerImageFunction": "it is a container image",
    "NodejsFunction": "its runtime is Node.js",
    "GoFunction": "its runtime is Go",
}
_ASSETS = ("from_asset", "fromAsset", "asset", "AssetCode")
_INLINE = ("from_inline", "fromInline", "inline", "InlineCode")
_HINT = "run `cdk synth`, and build again; or name the function in [functions] of lambda-slim.toml"
_STORED = ("from_bucket", "fromBucket", "S3Code", "bucket")
_SECONDS = {"seconds": 1, "minutes": 60, "hours": 3600, "millis": 0.001}


def program_functions(folder: Path) -> tuple[tuple[str, Declared], ...]:
    """(file, function) of the calls that make functions, in an app's folder.

    What is no literal is `UNKNOWN` or a problem of its function.
    """
    rows: list[tuple[str, Declared]] = []
    for source in sources(folder):
        module = "-".join(source.path.relative_to(folder).with_suffix("").parts)
        rows += [(f"{module}-", row) for row in _functions(source)]
    return tuple(rows)


def _functions(source: ProgramFile) -> Iterator[Declared]:
    for name, base in source.program.derived.items():
        if base in _FUNCTIONS:
            where = os.path.relpath(source.path, source.root)
            yield Declared(name, where, problem=f"{name} is a kind of function of the app's own", hint=_HINT)
    for raw in source.program.calls:
        if raw.name not in _OTHERS and raw.name not in _FUNCTIONS:
            continue
        for _, call, inner in source.rounds(raw):
            if raw.name in _OTHERS:
                yield _other(raw, call, inner)
            elif _makes_function(call):
                yield _with_added(_function(call, inner), raw, inner)


def _other(raw: ProgramCall, call: ProgramCall, source: ProgramFile) -> Declared:
    """A function that is an image, or of another language."""
    row = Declared(_name(call, "function"), source.where(raw), skipped=_OTHERS[raw.name])
    if raw.name != "DockerImageFunction":
        return row
    row = replace(row, architecture=_architecture(said(call, "architecture")), **_sized(call))
    return image_asset(row, said(call, "code"), source)


def _sized(call: ProgramCall) -> dict[str, Any]:
    """Memory, time and variables of a function."""
    return {
        "memory_mb": number(call.named.get("memory_size"), 128),
        "timeout_s": _seconds(call.named.get("timeout")),
        "environment": variables(call.named.get("environment")),
    }


def _with_added(row: Declared, raw: ProgramCall, source: ProgramFile) -> Declared:
    """A function with the layers that the program adds to it later."""
    added = added_layers(raw, source) if not row.skipped else []
    return replace(row, layers=(*row.layers, *layers_of(added, source, row.where))) if added else row


def _makes_function(call: ProgramCall) -> bool:
    if call.name == "PythonFunction":
        return "entry" in call.named or not call.whole
    if call.name not in _FUNCTIONS:
        return False
    props = call.named.keys() & {"handler", "code"}
    known = "runtime" in call.named and bool(props)
    return known or ((_is_of_lambda(call) or "handler" in props) and not _is_told(call))


def _is_of_lambda(call: ProgramCall) -> bool:
    """Whether the name says that it is a function of Lambda: `lambda_.Function`, and not one of CloudFront."""
    return isinstance(call.function, Dotted) and "lambda" in call.function.text.rpartition(".")[0].lower()


def _is_told(call: ProgramCall) -> bool:
    """Whether all that a function is made from stands there; in TypeScript the last argument may be a name."""
    last = call.positional[-1] if call.positional else None
    return call.whole and not isinstance(last, Opaque) and not (isinstance(last, Dotted) and not call.named)


def _name(call: ProgramCall, default: str) -> str:
    """The construct's id, as a file can be called."""
    texts = texts_among((*call.positional, call.named.get("id")))
    return re.sub(r"[^\w.-]+", "-", texts[0]).strip("-.") if texts else default


def _function(call: ProgramCall, source: ProgramFile) -> Declared:
    runtime = _runtime(said(call, "runtime"))
    of_python = call.name == "PythonFunction"
    handler = _python_handler(call) if of_python else sure_text(said(call, "handler"))
    row = Declared(
        _name(call, handler.replace("/", ".").partition(".")[0].strip("()") or "function"),
        source.where(call),
        handler=handler,
        runtime=runtime,
        architecture=_architecture(said(call, "architecture")),
        above=False,
        **_sized(call),
    )
    if runtime == "from_image":
        image = replace(row, handler=None, skipped=_OTHERS["DockerImageFunction"])
        return image_asset(image, said(call, "code"), source)
    if not python_runtime(runtime):
        return replace(row, skipped=f"its runtime is {runtime}")
    row = replace(row, layers=tuple(layers_of(said(call, "layers"), source, row.where)))
    return _entered(row, call, source) if of_python else _coded(row, said(call, "code"), source)


def _runtime(value: Any) -> str:
    """`Runtime.PYTHON_3_12` and `Runtime("python3.12")`."""
    if isinstance(value, ProgramCall) and value.positional:
        return sure_text(value.positional[0])
    text = value.name if isinstance(value, Dotted) else ""
    if python := re.fullmatch(r"PYTHON_?(\d)_?(\d+)", text):
        return f"python{python[1]}.{python[2]}"
    other = re.match(r"(?i)(FROM_IMAGE$|NODEJS|JAVA|GO|DOTNET|RUBY|PROVIDED|JS)", text)
    return text.lower() if other else UNKNOWN


def _architecture(value: Any) -> str | None:
    if value is None:
        return None
    text = value.name if isinstance(value, Dotted) else ""
    return {"ARM_64": "arm64", "X86_64": "x86_64"}.get(text, UNKNOWN)


def _seconds(value: Any) -> int:
    if not isinstance(value, ProgramCall) or not value.positional or value.name not in _SECONDS:
        return 3
    amount = value.positional[0]
    return max(1, round(amount * _SECONDS[value.name])) if isinstance(amount, int | float) else 3


def _python_handler(call: ProgramCall) -> str:
    index, handler = said(call, "index"), said(call, "handler")
    index = "index.py" if index is None else index
    handler = "handler" if handler is None else handler
    if not isinstance(index, str) or not isinstance(handler, str):
        return UNKNOWN
    return f"{index.removesuffix('.py').removeprefix('./')}.{handler}"


def _entered(row: Declared, call: ProgramCall, source: ProgramFile) -> Declared:
    """`PythonFunction`: all of its entry, with what is declared there installed."""
    bundling = said(call, "bundling")
    options = options_of(bundling)
    if options is not None and not isinstance(options, dict):
        return _not_understood(row, "its bundling")
    rules = _rules((options or {}).get("asset_excludes", (options or {}).get("assetExcludes")))
    if rules is None or _commands(options or {}):
        return _not_understood(row, "its bundling")
    return _in_folder(row, place_of(said(call, "entry"), source), source.root, rules)


def _commands(options: dict[str, Any]) -> bool:
    """Whether bundling runs commands of its own, or puts the package elsewhere."""
    known = {"command_hooks", "commandHooks", "output_path_suffix", "outputPathSuffix", UNPACKED}
    return bool(options.keys() & known)


def _coded(row: Declared, code: Any, source: ProgramFile) -> Declared:
    """The code of a `Function`."""
    if not isinstance(code, ProgramCall):
        return _not_understood(row, "its code")
    first = next((value for value in (*code.positional, code.named.get("path")) if value is not None), Opaque())
    if code.name in _INLINE:
        return _inline(row, written_text(first, source))
    if is_docker_build(code):
        return docker_build(row, code, source) or _not_understood(row, "how its code is bundled")
    if code.name in _STORED:
        return replace(row, skipped="its code is in S3")
    if code.name not in _ASSETS:
        return _not_understood(row, "its code")
    return _in_asset(row, code, first, source)


def _in_asset(row: Declared, code: ProgramCall, first: Any, source: ProgramFile) -> Declared:
    """The code of a folder or file that is uploaded."""
    rules = _rules(code.named.get("exclude"))
    pieces, place = bundled(code, source), place_of(first, source)
    if rules is None or not code.whole:
        return _not_understood(row, "how its code is bundled")
    if pieces is None:
        return _followed(row, followed(code, source, place) if place else None, rules)
    whole = _in_folder(row, place, source.root, rules)
    return _in_pieces(whole, place, pieces, rules) if place and whole.parts and pieces != (("", ""),) else whole


def _followed(row: Declared, packed: ScriptPackage | None, rules: tuple[tuple[bool, str], ...]) -> Declared:
    """A function with what the commands of its bundling put into the package, but for what the asset leaves out."""
    if packed and not packed.problem:
        parts = tuple(replace(part, rules=(*part.rules, *rules)) for part in packed.parts)
        return scripted(row, replace(packed, parts=parts), "its bundle")
    return _not_understood(row, "how its code is bundled", packed.problem if packed else "")


def _inline(row: Declared, text: str | None) -> Declared:
    if text is None:
        return _not_understood(row, "its inline code")
    place = staged({"index.py": text})
    return replace(row, parts=(Placement(place / "index.py", "index.py"),), installs=False)


def _rules(exclude: Any) -> tuple[tuple[bool, str], ...] | None:
    """Rules (see `Placement`) of patterns that leave files out; None where they are not understood."""
    if exclude is None:
        return ()
    if not isinstance(exclude, list) or not all(isinstance(glob, str) for glob in exclude):
        return None
    rules: list[tuple[bool, str]] = []
    for glob in exclude:
        inner = glob_regex(glob.removeprefix("!").rstrip("/"))
        rules.append((glob.startswith("!"), rf"(?:.*/)?{inner}(?:/.*)?"))
    return tuple(rules)


def _in_folder(row: Declared, place: Path | None, root: Path, rules: tuple[tuple[bool, str], ...]) -> Declared:
    if place is None:
        return _not_understood(row, "where its code lies")
    packed = package_by_scripts(place, root) if not place.exists() else None
    if packed:
        return scripted(row, packed, f"`{os.path.relpath(place, root)}`")
    if not place.exists():
        return replace(row, problem=f"{row.name}: its code is not there: no `{place}`", hint=_HINT)
    return replace(row, package=place) if place.is_file() else replace(row, parts=(Placement(place, "", rules),))


def _in_pieces(
    row: Declared, place: Path, pieces: tuple[tuple[str, str], ...], rules: tuple[tuple[bool, str], ...]
) -> Declared:
    """A function whose bundling copies parts of the folder, and installs what the folder requires."""
    missing = [name for name, _ in pieces if not (place / name).exists()]
    if missing:
        return replace(
            row, parts=(), problem=f"{row.name}: its code is not there: no `{place / missing[0]}`", hint=_HINT
        )
    parts = tuple(Placement(place / name, prefix, rules) for name, prefix in pieces)
    listed = place / "requirements.txt"
    return replace(row, parts=parts, requirements=listed if listed.is_file() else None)


def _not_understood(row: Declared, what: str, why: str = "") -> Declared:
    reason = f" ({why})" if why else ""
    return replace(row, problem=f"{row.name}: {what} is only known when the app runs{reason}", hint=_HINT)
