"""`cdk.out`: code lies in folders called after their hash, and templates and manifests name the hash."""

import hashlib
import os
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from lambda_slim.base.errors import ConfigError
from lambda_slim.base.files import read_regular
from lambda_slim.formats.json_text import load_json
from lambda_slim.formats.tables import as_table, table_at
from lambda_slim.inputs.builds.gathering import gathered
from lambda_slim.inputs.builds.layers import layers_of
from lambda_slim.inputs.builds.records import BuildOutput, Digests, Edits, ToolLayer, ToolPackage
from lambda_slim.inputs.functions import cdk
from lambda_slim.inputs.functions.records import Asked

_HASH = re.compile(r"(?:asset\.)?([0-9a-f]{64})(?=\.|$)")
_VERSION = re.compile(r"[0-9a-f]{32}$")  # CDK ends the id of a version with a hash of its function
_TEMPLATES = 6  # stacks nested in each other


def find(folder: Path) -> BuildOutput | None:
    """What a cloud assembly deploys.

    Raises:
        ConfigError: a file of it cannot be read, or a template that it names is not there.
    """
    manifest = folder / "manifest.json"
    if not ((folder / "cdk.out").is_file() and manifest.is_file()):
        return None
    packages, others = gathered(cdk.KIND.read(manifest, Asked()), folder, _users(folder))
    _check_whole(manifest)
    packages = tuple(_hashed(package) for package in packages)
    python = {package.place: [row.name for row in package.functions] for package in packages}
    return BuildOutput(
        "CDK assembly",
        folder,
        packages,
        others,
        lambda changes: _edits(folder, changes, python),
        aside=folder,
        layers=tuple(_layers(folder, packages)),
    )


def _check_whole(manifest: Path) -> None:
    artifacts = table_at(load_json(read_regular(manifest).decode("utf-8", "replace")), "artifacts")
    for row in map(as_table, artifacts.values()):
        properties = as_table(row.get("properties"))
        name = properties.get("templateFile", properties.get("file"))
        if isinstance(name, str) and not (manifest.parent / name).is_file():
            raise ConfigError(
                f"`{name}` is not there, and manifest.json of `{manifest.parent.name}` names it",
                cause="the assembly was not written to its end, or a file was removed",
                hint="run `cdk synth` again",
            )


def _layers(folder: Path, packages: Sequence[ToolPackage]) -> Iterator[ToolLayer]:
    """The layers of all stacks; one that two stacks have is left to both."""
    codes = [package.place for package in packages]
    rows: dict[Path, list[ToolLayer]] = defaultdict(list)
    for path in texts_of(folder):
        for row in _layers_of(path, folder, codes) if path.name.endswith(".template.json") else ():
            rows[row.place].append(row)
    yield from (_layer(place, users) for place, users in rows.items())


def _layer(place: Path, users: Sequence[ToolLayer]) -> ToolLayer:
    why = next((row.why for row in users if row.why), "")
    unnamed = "" if _HASH.match(place.name) else "its name has no hash, so nothing can follow its change"
    shared = "several layers are made of it" if len(users) > 1 else users[0].shared
    return ToolLayer(", ".join(row.name for row in users), place, why or unnamed, shared)


def _layers_of(template: Path, folder: Path, codes: list[Path]) -> Iterator[ToolLayer]:
    document = load_json(read_regular(template).decode("utf-8", "replace"))
    python = [name for name, row in _resources(read_regular(template)).items() if _is_python(row)]

    def place_of(_: str, resource: Mapping[str, Any]) -> Path | None:
        named = as_table(resource.get("Metadata")).get("aws:asset:path")
        return Path(os.path.normpath(template.parent / named)) if isinstance(named, str) else None

    yield from layers_of(document, folder, place_of, python, codes)


def _hashed(package: ToolPackage) -> ToolPackage:
    if package.why or package.functions[0].problem or _HASH.match(package.place.name):
        return package
    return ToolPackage(package.place, package.functions, "its name has no hash, so nothing can follow its change")


def texts_of(folder: Path) -> list[Path]:
    """The JSON files of an assembly and those nested in it, without what lies in assets."""
    own = sorted(path for path in folder.glob("*.json") if path.is_file())
    nested = [texts_of(path) for path in sorted(folder.glob("assembly-*")) if path.is_dir()]
    return [*own, *(path for paths in nested for path in paths)]


def _resources(data: bytes) -> dict[str, dict[str, Any]]:
    """The resources of a template."""
    rows = _document(data).get("Resources")
    return {name: row for name, row in as_table(rows).items() if isinstance(row, dict)}


def _document(data: bytes) -> dict[str, Any]:
    return as_table(load_json(data.decode("utf-8", "replace")))


def _templates_of(folder: Path) -> Iterator[bytes]:
    for path in texts_of(folder):
        if path.name.endswith(".template.json"):
            yield read_regular(path)


def _users(folder: Path) -> dict[Path, set[str]]:
    """Assets with the resources that name them and are no Python functions."""
    places = {named[1]: path.resolve() for path in folder.glob("asset.*") if (named := _HASH.match(path.name))}
    owners: dict[Path, set[str]] = defaultdict(set)
    for data in _templates_of(folder):
        for name, resource in _resources(data).items():
            used = set() if _is_python(resource) else places.keys() & set(_hashes(resource))
            for key in used:
                owners[places[key]].add(name)
    return owners


def _is_python(resource: Mapping[str, Any]) -> bool:
    runtime = as_table(resource.get("Properties")).get("Runtime")
    return resource.get("Type") == "AWS::Lambda::Function" and str(runtime).startswith("python")


def _hashes(value: Any) -> Iterator[str]:
    """The hashes in the texts of a value."""
    if isinstance(value, str):
        yield from re.findall(r"(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])", value)
    elif isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _hashes(item)


def _edits(folder: Path, changes: Mapping[Path, Digests], python: Mapping[Path, list[str]]) -> Edits:
    """Assets get their new hash as their name, and every file the new hashes; templates are assets too."""
    hashes = {place: _renamed(place, changes[place].zip) for place in changes}
    renamed = {old.encode(): new.encode() for old, new in hashes.values()}
    before = {path: read_regular(path) for path in texts_of(folder)}
    names = {name for place in changes for name in python.get(place, ())}
    after = _settled(before, {**renamed, **_versions(before, names, renamed)})
    order = sorted(after, key=lambda path: (not path.name.endswith(".assets.json"), path.name == "manifest.json"))
    return Edits(
        {path: after[path] for path in order if after[path] != before[path]},
        {place: place.with_name(place.name.replace(old, new)) for place, (old, new) in hashes.items()},
    )


def _renamed(place: Path, digest: str) -> tuple[str, str]:
    """(hash, new hash) in the name of an asset."""
    match = _HASH.match(place.name)
    assert match is not None  # others are left alone, see `_hashed`
    return match[1], hashlib.sha256(f"{match[1]} {digest}".encode()).hexdigest()


def _settled(before: Mapping[Path, bytes], swaps: Mapping[bytes, bytes]) -> dict[Path, bytes]:
    """Texts with other hashes, also of the templates among them, which name each other by theirs."""
    after = {path: _swapped(data, swaps) for path, data in before.items()}
    for _ in range(_TEMPLATES):
        moved = _templates(before, after)
        if not moved:
            break
        after = {path: _swapped(data, moved) for path, data in after.items()}
    return after


def _swapped(data: bytes, swaps: Mapping[bytes, bytes]) -> bytes:
    if not swaps:
        return data
    return re.sub(b"|".join(map(re.escape, swaps)), lambda match: swaps[match[0]], data)


def _versions(texts: Mapping[Path, bytes], names: set[str], salt: Mapping[bytes, bytes]) -> dict[bytes, bytes]:
    """New ids for the versions of functions, so that CloudFormation publishes one of the new code."""
    renamed = {}
    for path, data in texts.items():
        rows = _resources(data) if path.name.endswith(".template.json") else {}
        for name in (name for name, row in rows.items() if _version_of(row) in names and _VERSION.search(name)):
            fresh = hashlib.sha256(f"{name} {sorted(salt.values())}".encode()).hexdigest()[:32]
            renamed[name.encode()] = (name[:-32] + fresh).encode()
    return renamed


def _version_of(resource: Mapping[str, Any]) -> str:
    """The logical id of the function that a resource is a version of; "" where it is none."""
    named = as_table(resource.get("Properties")).get("FunctionName")
    if resource.get("Type") != "AWS::Lambda::Version" or not isinstance(named, dict):
        return ""
    return str(named.get("Ref"))


def _templates(before: Mapping[Path, bytes], after: Mapping[Path, bytes]) -> dict[bytes, bytes]:
    """New hashes of templates that have changed, where the manifests of assets still have the former ones."""
    moved: dict[bytes, bytes] = {}
    for path, data in after.items():
        if not path.name.endswith(".assets.json"):
            continue
        for key, row in as_table(_document(data).get("files")).items():
            place = path.parent / str(table_at(row, "source").get("path", ""))
            if place in after and after[place] != before[place]:
                fresh = hashlib.sha256(after[place]).hexdigest()
                moved |= {key.encode(): fresh.encode()} if fresh != key else {}
    return moved
