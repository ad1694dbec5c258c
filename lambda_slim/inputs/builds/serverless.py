"""`.serverless`, as Serverless 3 and osls write it: zips, and two files that hold the template."""

import base64
import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from lambda_slim.base.errors import ConfigError
from lambda_slim.base.files import read_regular, read_regular_text
from lambda_slim.formats.json_text import load_json
from lambda_slim.formats.tables import as_list, as_table, table_at
from lambda_slim.inputs.builds.gathering import gathered
from lambda_slim.inputs.builds.layers import TYPES, layers_of
from lambda_slim.inputs.builds.records import BuildOutput, Digests, Edits, ToolLayer, ToolPackage
from lambda_slim.inputs.functions.records import Declared, named_layers, number, python_runtime, texts
from lambda_slim.inputs.project.manifest import file_digest
from lambda_slim.model.layer import Layer

_STATE = "serverless-state.json"
_TEMPLATES = ("cloudformation-template-update-stack.json", _STATE)
_VERSION = re.compile(r"(?<=LambdaVersion)[0-9A-Za-z]+$")


def find(folder: Path) -> BuildOutput | None:
    """What a Serverless package folder deploys.

    Raises:
        ConfigError: it holds no template.
        ValueError: a file of it is not what it should be.
    """
    state = folder / _STATE
    if not state.is_file():
        return None
    service = table_at(load_json(read_regular_text(state)), "service")
    template = table_at(service, "provider", "compiledCloudFormationTemplate")
    resources = as_table(template.get("Resources"))
    if not resources:
        raise ConfigError(
            f"{_STATE} of `{folder.name}` holds no template",
            cause="`slim` reads service.provider.compiledCloudFormationTemplate, as Serverless 3 and osls write it",
            hint="the package was not written to its end, or is of another version: run `serverless package` again",
        )
    names = {_logical(name): name for name in as_table(service.get("functions"))}
    zips = dict(_content(folder, resources))
    said = _digests_said(resources)
    rows = tuple(
        _fitting(_function(folder, names.get(key, key), row, zips), said.get(key, ""))
        for key, row in _functions(resources)
    )
    packages, others = gathered(rows, folder, _users(folder, resources))
    return BuildOutput(
        "Serverless package",
        folder,
        packages,
        others,
        lambda changes: _edits(folder, changes),
        aside=folder,
        layers=tuple(_built_layers(folder, template, packages)),
    )


def _built_layers(folder: Path, template: Any, packages: Iterable[ToolPackage]) -> Iterator[ToolLayer]:
    """The layers of the service, and who else may use them."""
    resources = as_table(template.get("Resources"))
    python = [key for key, row in _functions(resources) if python_runtime(row.get("Runtime"))]

    def place_of(_: str, resource: Mapping[str, Any]) -> Path | None:
        return _zip(folder, as_table(resource.get("Properties")))

    return layers_of(template, folder, place_of, python, (package.place for package in packages))


def _logical(name: str) -> str:
    """A function's logical id, as Serverless makes it."""
    plain = name.replace("-", "Dash").replace("_", "Underscore")
    return f"{plain[:1].upper()}{plain[1:]}LambdaFunction"


def _functions(resources: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for key, row in resources.items():
        if isinstance(row, dict) and row.get("Type") == "AWS::Lambda::Function":
            yield key, as_table(row.get("Properties"))


def _zip(folder: Path, row: Mapping[str, Any]) -> Path | None:
    """The zip of a function or layer: its key ends with the zip's name."""
    code = as_table(row.get("Code") or row.get("Content"))
    key = code.get("S3Key")
    return folder / key.rpartition("/")[2] if isinstance(key, str) else None


def _content(folder: Path, resources: Mapping[str, Any]) -> Iterator[tuple[str, Path]]:
    """Logical ids of the layers of this service, with their zips."""
    for key, row in resources.items():
        if isinstance(row, dict) and row.get("Type") in TYPES:
            place = _zip(folder, as_table(row.get("Properties")))
            if place and place.is_file():
                yield key, place


def _layers(values: Any, layers: Mapping[str, Path]) -> Iterator[Layer]:
    """The layers of a function: those of this service with their zips."""
    for value in as_list(values):
        name = value.get("Ref") if isinstance(value, dict) else value
        if place := layers.get(str(name)):
            yield Layer(str(name), place, where=_STATE)
        else:
            yield from named_layers([value], _STATE)


def _function(folder: Path, name: str, row: Mapping[str, Any], layers: Mapping[str, Path]) -> Declared:
    runtime, place = row.get("Runtime"), _zip(folder, row)
    said = Declared(
        name,
        _STATE,
        handler=row.get("Handler"),
        runtime=runtime,
        architecture=next(iter(row.get("Architectures") or ["x86_64"])),
        memory_mb=number(row.get("MemorySize"), 1024),
        timeout_s=number(row.get("Timeout"), 6),
        environment=texts(as_table(row.get("Environment")).get("Variables")),
        layers=tuple(_layers(row.get("Layers"), layers)),
        snap_start=bool(row.get("SnapStart")),
        package=place,
    )
    return _judged(said, runtime, place)


def _judged(said: Declared, runtime: Any, place: Path | None) -> Declared:
    if runtime is None or not python_runtime(runtime):
        return replace(said, skipped=f"its runtime is {runtime}" if runtime else "it is a container image")
    if place is None:
        return replace(said, skipped="its code is not in this folder")
    if not place.is_file():
        problem = f"the code of {said.name} is not there: no `{place.name}` in {place.parent.name}"
        return replace(said, problem=problem, hint="run `serverless package` again")
    return said


def _digests_said(resources: Mapping[str, Any]) -> dict[str, str]:
    """Logical ids of functions to the digest of their code that a version of each names."""
    rows = (as_table(as_table(row).get("Properties")) for row in resources.values())
    named = ((as_table(row.get("FunctionName")).get("Ref"), row.get("CodeSha256")) for row in rows)
    return {name: digest for name, digest in named if isinstance(name, str) and isinstance(digest, str)}


def _fitting(said: Declared, digest: str) -> Declared:
    """A function whose zip is the one that the template means: Lambda refuses a version of any other."""
    place = said.package
    if not digest or said.problem or said.skipped or place is None or _base64(file_digest(place)) == digest:
        return said
    problem = f"CodeSha256 of its version is that of another zip than `{place.name}`"
    return replace(said, problem=problem, hint="run `serverless package` again, and `slim` after it")


def _users(folder: Path, resources: Mapping[str, Any]) -> dict[Path, set[str]]:
    owners: dict[Path, set[str]] = defaultdict(set)
    for name, resource in resources.items():
        row = table_at(resource, "Properties")
        place = _zip(folder, row)
        if place and not str(row.get("Runtime", "")).startswith("python"):
            owners[place.resolve()].add(name)
    return owners


def _edits(folder: Path, changes: Mapping[Path, Digests]) -> Edits:
    """Digests of code get the new value, and versions new ids, so that CloudFormation publishes the new code."""
    digests = {_base64(change.before): _base64(change.zip) for change in changes.values() if change.before}
    before = _texts(folder)
    swaps = {old.encode(): new.encode() for old, new in digests.items()}
    for data in before.values():
        swaps |= {old.encode(): new.encode() for old, new in _versions(data, digests)}
    after = {path: _swapped(data, swaps) for path, data in before.items()}
    return Edits({path: data for path, data in after.items() if data != before[path]})


def _texts(folder: Path) -> dict[Path, bytes]:
    paths = (folder / name for name in _TEMPLATES)
    return {path: read_regular(path) for path in paths if path.is_file()}


def _swapped(data: bytes, swaps: Mapping[bytes, bytes]) -> bytes:
    pattern = b"|".join(map(re.escape, swaps))
    return re.sub(pattern, lambda match: swaps[match[0]], data) if swaps else data


def _base64(digest: str) -> str:
    return base64.b64encode(bytes.fromhex(digest)).decode()


def _versions(data: bytes, digests: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """(id, new id) of the versions that name one of the digests."""
    document = as_table(load_json(data.decode("utf-8", "replace")))
    provider = table_at(document, "service", "provider")
    template = as_table(provider.get("compiledCloudFormationTemplate")) or document
    for name, resource in as_table(template.get("Resources")).items():
        said = str(table_at(resource, "Properties").get("CodeSha256", ""))
        if said in digests and _VERSION.search(name):
            fresh = base64.b64encode(hashlib.sha256(f"{name} {digests[said]}".encode()).digest()).decode()
            yield name, _VERSION.sub(re.sub(r"[^0-9A-Za-z]", "", fresh), name)
