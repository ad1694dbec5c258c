"""One file of Terragrunt: its module, and the values that it and the files it includes give to it."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from lambda_slim.base.files import read_regular_text
from lambda_slim.formats.hcl import HclBlock, parse_hcl
from lambda_slim.formats.hcl_calls import call
from lambda_slim.formats.hcl_value import Expressions
from lambda_slim.formats.tables import UNKNOWN

NAMES = ("terragrunt.hcl",)
_DEEPEST = 6  # files that include each other


class TerragruntFile:
    """A file, and the unit that it is read for.

    Args:
        path: The file.
        unit: The folder of the unit; None where the file is the unit's own.
        depth: How many files led to it.

    Raises:
        ValueError: it is not Terraform's language.
        OSError: it cannot be read.
    """

    def __init__(self, path: Path, unit: Path | None = None, depth: int = 0) -> None:
        self._path = path
        self._unit = unit or path.parent
        self._depth = depth
        self._known: dict[str, Any] = {}
        # Top-level attributes are in no block.
        (whole,) = parse_hcl(f"locals {{\n{read_regular_text(path)}\n}}\n")
        self._whole = whole
        self._locals = {name: node for block in whole.inner("locals") for name, node in block.attributes.items()}
        self._expressions = Expressions(self._lookup, self._call)

    @property
    def source(self) -> str:
        """Where the module comes from, as it is written; "" where that is not known."""
        blocks = self._whole.inner("terraform")
        said = [self._value(block, "source") for block in blocks if "source" in block.attributes]
        text = said[0] if said and isinstance(said[0], str) and said[0] != UNKNOWN else ""
        return text or next((included.source for _, included in self._included() if included.source), "")

    def module(self) -> Path | None:
        """The folder of its module; None where it is not here."""
        source = self.source
        if not source or "::" in source or source.startswith(("tfr:", "git@", "github.com")):
            return None
        place = Path(os.path.normpath(self._unit / source.partition("?")[0].replace("//", "/")))
        return place if place.is_dir() and place != self._unit else None

    def inputs(self) -> dict[str, Any]:
        """The values of the module's variables: its own over those of the files it includes."""
        given: dict[str, Any] = {}
        for _, included in self._included():
            given.update(included.inputs())
        own = self._attribute("inputs")
        return {**given, **own} if isinstance(own, dict) else given

    def exposed(self) -> dict[str, Any]:
        """What `read_terragrunt_config` gives of it, and `include` where it is exposed."""
        values = {name: self._local(name) for name in self._locals}
        return {"locals": values, "inputs": self.inputs(), "terraform": {"source": self.source}}

    def _attribute(self, name: str) -> Any:
        return self._value(self._whole, name)

    def _value(self, block: HclBlock, name: str) -> Any:
        node = block.attributes.get(name)
        return None if node is None else self._expressions.value(node)

    def _included(self) -> list[tuple[str, "TerragruntFile"]]:
        """(label, file) of its `include` blocks."""
        files = []
        for block in self._whole.inner("include"):
            path = self._value(block, "path")
            place = Path(os.path.normpath(self._path.parent / path)) if isinstance(path, str) else None
            if place and place.is_file() and place != self._path and self._depth < _DEEPEST:
                label = block.labels[0] if block.labels else ""
                files.append((label, TerragruntFile(place, self._unit, self._depth + 1)))
        return files

    def _lookup(self, path: tuple[str, ...]) -> Any:
        kind, rest = path[0], path[1:]
        if kind == "local" and rest:
            return _dig(self._local(rest[0]), rest[1:])
        if kind == "include" and rest:
            exposed = [(label, file) for label, file in self._included() if label in ("", rest[0])]
            label, file = exposed[0] if exposed else ("", None)
            return _dig(file.exposed(), rest[1:] if label else rest) if file else UNKNOWN
        return UNKNOWN  # what others give is only known at deployment

    def _local(self, name: str) -> Any:
        if name not in self._known:
            self._known[name] = UNKNOWN  # of a circle nothing is known
            node = self._locals.get(name)
            self._known[name] = self._expressions.value(node) if node is not None else UNKNOWN
        return self._known[name]

    def _call(self, name: str, values: list[Any]) -> Any:
        places = {
            "get_terragrunt_dir": self._unit,
            "get_original_terragrunt_dir": self._unit,
            "get_parent_terragrunt_dir": self._path.parent,
        }
        if name in places:
            return str(places[name])
        reader = _READERS.get(name)
        return reader(self, values) if reader else call(name, values)

    def parent(self, values: list[Any]) -> Any:
        """`find_in_parent_folders(NAME, OTHERWISE)`."""
        name = values[0] if values else "terragrunt.hcl"
        if name == UNKNOWN or not isinstance(name, str):
            return UNKNOWN
        for folder in self._unit.parents:
            if (folder / name).exists():
                return str(folder / name)
        return values[1] if len(values) > 1 else UNKNOWN

    def config(self, values: list[Any]) -> Any:
        """`read_terragrunt_config(PATH, OTHERWISE)`."""
        place = self._unit / values[0] if values and isinstance(values[0], str) else None
        if place is None or not place.is_file() or self._depth >= _DEEPEST:
            return values[1] if len(values) > 1 else UNKNOWN
        return TerragruntFile(Path(os.path.normpath(place)), self._unit, self._depth + 1).exposed()

    def top(self, _: list[Any]) -> Any:
        """`get_repo_root()`."""
        return str(next((above for above in self._unit.parents if (above / ".git").exists()), UNKNOWN))

    def to_top(self, values: list[Any]) -> Any:
        """`get_path_to_repo_root()`."""
        top = self.top(values)
        return top if top == UNKNOWN else os.path.relpath(top, self._unit)

    def below(self, _: list[Any]) -> Any:
        """`path_relative_to_include()`."""
        return os.path.relpath(self._unit, self._path.parent)

    def above(self, _: list[Any]) -> Any:
        """`path_relative_from_include()`."""
        return os.path.relpath(self._path.parent, self._unit)


def _environment(_: TerragruntFile, values: list[Any]) -> Any:
    """`get_env(NAME, OTHERWISE)`."""
    return os.environ.get(str(values[0]), values[1] if len(values) > 1 else UNKNOWN) if values else UNKNOWN


_READERS = {
    "find_in_parent_folders": TerragruntFile.parent,
    "read_terragrunt_config": TerragruntFile.config,
    "get_repo_root": TerragruntFile.top,
    "get_path_to_repo_root": TerragruntFile.to_top,
    "path_relative_to_include": TerragruntFile.below,
    "path_relative_from_include": TerragruntFile.above,
    "get_env": _environment,
}


def _dig(value: Any, keys: tuple[str, ...]) -> Any:
    for key in keys:
        if value == UNKNOWN or not isinstance(value, Mapping | list):
            return UNKNOWN
        name = key[1:-1] if key.startswith("[") else key
        value = value[int(name)] if isinstance(value, list) else value[name]
    return value
