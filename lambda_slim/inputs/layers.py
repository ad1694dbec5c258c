"""What the layers of a function put into /opt."""

import atexit
import functools
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from lambda_slim.base.cache import digest, entry
from lambda_slim.base.errors import ConfigError
from lambda_slim.base.files import write_text
from lambda_slim.base.progress import Progress, silent
from lambda_slim.inputs.inventory import folder_files, tree_files
from lambda_slim.inputs.prebuilt import unpacked
from lambda_slim.inputs.project.declared import declared_at, declared_in
from lambda_slim.inputs.resolve import resolve
from lambda_slim.model.file import File
from lambda_slim.model.function import Function, Requirements, RequirementsKind
from lambda_slim.model.layer import Layer, LayerContents
from lambda_slim.model.settings import Settings

CARRIED = "(shared layer)"  # the owner of files in a layer that `build --layer` made
MOST = 5  # layers of one function; source: docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html


def read_layers(function: Function, settings: Settings, progress: Progress = silent) -> LayerContents:
    """The files at /opt: a later layer's file replaces an earlier one's, in the order in which Lambda unpacks them.

    Raises:
        ConfigError: a layer's folder or zip is not there, or holds nothing that Lambda would find.
        ResolveError: the requirements of a layer cannot be installed.
        PackageError: a layer's zip cannot be read.
    """
    files: dict[str, File] = {}
    layer_of: dict[str, str] = {}
    for layer in function.layers:
        for file in _files_of(layer, function, settings, progress):
            files[file.path] = file
            layer_of[file.path] = layer.name
    ordered = tuple(files[path] for path in sorted(files))
    importable = tuple(_importable(ordered, function))
    unread = tuple(layer for layer in function.layers if not layer.readable)
    return LayerContents(ordered, importable, layer_of, unread)


def _files_of(layer: Layer, function: Function, settings: Settings, progress: Progress) -> Iterator[File]:
    """The files of one layer, by their path below /opt."""
    for requirements in _required(layer):
        yield from _installed(requirements, function, settings, progress)
    if layer.content is None:
        return
    if not layer.content.exists():
        raise ConfigError(
            f"{layer.where or function.name}: the layer `{layer.name}` is not there",
            cause=f"no `{layer.content}`",
            hint="check ContentUri, or `layers` in the settings; paths are relative to their file",
        )
    folder = unpacked(layer.content)
    declared = declared_in(folder) if layer.built else None
    yield from _installed(declared, function, settings, progress) if declared else ()
    own = _placed(folder_files(folder), layer)
    yield from _carried(own) if layer.carries else own


def _placed(own: Sequence[File], layer: Layer) -> Sequence[File]:
    """A layer's own files where they lie below /opt; `sam build` copies them below `python/`."""
    if layer.built:
        return [file if file.path.startswith("python/") else _below("python/", file) for file in own]
    return [_below(layer.prefix, file) for file in own] if layer.prefix else own


def _required(layer: Layer) -> Iterator[Requirements]:
    """What is installed into a layer's `python/` beside its content."""
    if layer.requirement:
        yield _written(layer.requirement)
    if layer.requirements is not None:
        yield declared_at(layer.requirements)


def _carried(files: Sequence[File]) -> Iterator[File]:
    """What a layer of ours has was chosen by its functions: its imports are no roots of them."""
    yield from (replace(file, owner=CARRIED) for file in files)


def _installed(
    requirements: Requirements, function: Function, settings: Settings, progress: Progress
) -> Iterator[File]:
    alone = replace(function, requirements=requirements, artifact=None, layers=())
    resolution = resolve(alone, settings, progress)
    if resolution.tree is not None:
        for file in tree_files(resolution.tree, resolution.key):
            yield _below("python/", file)


def _below(prefix: str, file: File) -> File:
    return replace(file, path=prefix + file.path, site=prefix + file.site if file.site else "")


def _written(requirement: str) -> Requirements:
    """A requirements file with one line, kept in the cache."""
    text = f"{requirement}\n"
    place = entry("layers", digest(text)) / "requirements.txt"
    if not place.is_file():
        write_text(place, text)
    return Requirements(RequirementsKind.REQUIREMENTS, place)


def search_folders(function: Function) -> tuple[str, ...]:
    """The folders below /opt that are on `sys.path`, in its order.

    A function that sets PYTHONPATH has only those that it names: the runtime then adds none of its own.
    Source: the runtime's bootstrap, as docs.aws.amazon.com/lambda/latest/dg/python-layers.html shows its result.
    """
    own = function.environment.get("PYTHONPATH")
    if own is not None:
        places = [place.rstrip("/").removeprefix("/opt/") for place in own.split(":") if place.startswith("/opt/")]
        return tuple(dict.fromkeys(places))
    return (f"python/lib/{function.target.runtime.name}/site-packages", "python")


def _importable(files: Sequence[File], function: Function) -> Iterator[File]:
    """Files that an import finds, by their path below a folder of `sys.path`; the first folder wins."""
    seen: set[str] = set()
    for folder in search_folders(function):
        prefix = f"{folder}/"
        for file in files:
            path = file.path.removeprefix(prefix)
            if file.path.startswith(prefix) and path not in seen and not path.startswith("lib/python3"):
                seen.add(path)
                yield replace(file, path=path, site=file.site.removeprefix(folder).removeprefix("/"))


def with_opt(function: Function, settings: Settings) -> Function:
    """The function with its layers laid out for runs on this machine."""
    if function.opt is not None or not function.layers:
        return function
    return replace(function, opt=lay_opt(read_layers(function, settings)))


@functools.cache
def _scratch() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="lambda-slim-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def lay_opt(contents: LayerContents) -> Path | None:
    """A folder with what lies at /opt, for runs on this machine; None without any file. It is gone when we end."""
    if not contents.files:
        return None
    key = digest(*(f"{file.path}\0{file.source}\0{file.size}" for file in contents.files))
    place = _scratch() / key[:16]
    if not place.exists():
        for file in contents.files:
            target = place / file.path
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(file.source, target)
    return place
