"""`cdk.out`: code lies in folders called after their hash, and templates and manifests name the hash."""

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from lambda_slim.base.files import read_regular, read_regular_text
from lambda_slim.formats.json_text import load_json
from lambda_slim.inputs.builds.gathering import gathered
from lambda_slim.inputs.builds.records import BuildOutput, Digests, Edits, ToolPackage
from lambda_slim.inputs.functions import cdk
from lambda_slim.inputs.functions.records import Asked

_HASH = re.compile(r"(?:asset\.)?([0-9a-f]{64})(?=\.|$)")
_VERSION = re.compile(r"[0-9a-f]{32}$")  # CDK ends the id of a version with a hash of its function
_TEMPLATES = 6  # stacks nested in each other


def find(folder: Path) -> BuildOutput | None:
    """What a cloud assembly deploys.

    Raises:
        ConfigError: a file of it cannot be read.
    """
    manifest = folder / "manifest.json"
    if not ((folder / "cdk.out").is_file() and manifest.is_file()):
        return None
    packages, others = gathered(cdk.KIND.read(manifest, Asked()), folder, _users(folder))
    packages = tuple(_hashed(package) for package in packages)
    python = {package.place: [row.name for row in package.functions] for package in packages}
    return BuildOutput(
        "CDK assembly", folder, packages, others, lambda changes: _edits(folder, changes, python), aside=folder
    )


def _hashed(package: ToolPackage) -> ToolPackage:
    if package.why or package.functions[0].problem or _HASH.match(package.place.name):
        return package
    return ToolPackage(package.place, package.functions, "its name has no hash, so nothing can follow its change")


def texts_of(folder: Path) -> list[Path]:
    """The JSON files of an assembly and those nested in it, without what lies in assets."""
    own = sorted(path for path in folder.glob("*.json") if path.is_file())
    nested = [texts_of(path) for path in sorted(folder.glob("assembly-*")) if path.is_dir()]
    return [*own, *(path for paths in nested for path in paths)]


def _users(folder: Path) -> dict[Path, set[str]]:
    """Assets with the resources that name them and are no Python functions."""
    places = {named[1]: path.resolve() for path in folder.glob("asset.*") if (named := _HASH.match(path.name))}
    found: dict[Path, set[str]] = defaultdict(set)
    for template in (path for path in texts_of(folder) if path.name.endswith(".template.json")):
        resources = load_json(read_regular_text(template)).get("Resources") or {}
        for name, resource in resources.items():
            for key in () if _is_python(resource) else _hashes(resource):
                if key in places:
                    found[places[key]].add(name)
    return found


def _is_python(resource: Mapping[str, Any]) -> bool:
    runtime = (resource.get("Properties") or {}).get("Runtime")
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
    hashes = {place: found[1] for place in changes if (found := _HASH.match(place.name))}
    renamed = {
        old.encode(): hashlib.sha256(f"{old} {changes[place].zip}".encode()).hexdigest().encode()
        for place, old in hashes.items()
    }
    places = {
        place: place.with_name(place.name.replace(old, renamed[old.encode()].decode())) for place, old in hashes.items()
    }
    before = {path: read_regular(path) for path in texts_of(folder)}
    names = {name for place in changes for name in python.get(place, ())}
    swaps = {**renamed, **_versions(before, names, renamed)}
    after = {path: _swapped(data, swaps) for path, data in before.items()}
    for _ in range(_TEMPLATES):
        moved = _templates(before, after)
        if not moved:
            break
        after = {path: _swapped(data, moved) for path, data in after.items()}
    order = sorted(after, key=lambda path: (not path.name.endswith(".assets.json"), path.name == "manifest.json"))
    return Edits({path: after[path] for path in order if after[path] != before[path]}, places)


def _swapped(data: bytes, swaps: Mapping[bytes, bytes]) -> bytes:
    if not swaps:
        return data
    return re.sub(b"|".join(map(re.escape, swaps)), lambda found: swaps[found[0]], data)


def _versions(texts: Mapping[Path, bytes], names: set[str], salt: Mapping[bytes, bytes]) -> dict[bytes, bytes]:
    """New ids for the versions of functions, so that CloudFormation publishes one of the new code."""
    found = {}
    for path, data in texts.items():
        if not path.name.endswith(".template.json"):
            continue
        for name, resource in (load_json(data.decode("utf-8", "replace")).get("Resources") or {}).items():
            of = ((resource.get("Properties") or {}).get("FunctionName") or {}) if isinstance(resource, dict) else {}
            is_version = isinstance(of, dict) and resource.get("Type") == "AWS::Lambda::Version"
            if is_version and of.get("Ref") in names and _VERSION.search(name):
                fresh = hashlib.sha256(f"{name} {sorted(salt.values())}".encode()).hexdigest()[:32]
                found[name.encode()] = (name[:-32] + fresh).encode()
    return found


def _templates(before: Mapping[Path, bytes], after: Mapping[Path, bytes]) -> dict[bytes, bytes]:
    """New hashes of templates that have changed, where the manifests of assets still have the former ones."""
    moved: dict[bytes, bytes] = {}
    for path, data in after.items():
        if not path.name.endswith(".assets.json"):
            continue
        for key, row in (load_json(data.decode("utf-8", "replace")).get("files") or {}).items():
            place = path.parent / str((row.get("source") or {}).get("path", ""))
            if place in after and after[place] != before[place]:
                fresh = hashlib.sha256(after[place]).hexdigest()
                moved |= {key.encode(): fresh.encode()} if fresh != key else {}
    return moved
