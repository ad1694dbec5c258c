"""One module of Terraform: its blocks, and what its names stand for."""

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lambda_slim.base.files import read_loosely, read_regular_text
from lambda_slim.base.text import clause
from lambda_slim.formats.hcl import HclBlock, parse_hcl
from lambda_slim.formats.hcl_calls import call
from lambda_slim.formats.hcl_value import REFERENCE, Expressions
from lambda_slim.formats.shell_idioms import NOT_KNOWN
from lambda_slim.formats.tables import UNKNOWN, known_text

LOCAL = re.compile(r"""\bsource\s*=\s*"(\.{1,2}/[^"]*)\"""")
_LAYER = "lambda_layer_arn"  # the output of terraform-aws-modules/lambda that names a layer
_DEEPEST = 6  # modules in modules
_SPLIT = re.compile(r"^\[.*\]$")


@dataclass(frozen=True, slots=True)
class Instance:
    """A block with the variables of one of its rounds: `each`, `count`.

    Attributes:
        key: "" where there is only one.
        path: Labels of the modules around it, outermost first.
    """

    block: HclBlock
    scope: Mapping[str, Any]
    key: str
    module: "TerraformModule"


@dataclass(slots=True)
class TerraformModule:
    """A folder with *.tf files.

    Attributes:
        folder: Where it lies.
        root: Where the root module lies.
        given: Values of its variables.
        path: Labels of the modules around it, outermost first.
        files: HclBlock to the name of its file.
        asked: Variables without a value that somebody asked for, with where each is declared.
    """

    folder: Path
    root: Path
    given: Mapping[str, Any] = field(default_factory=dict)
    path: tuple[str, ...] = ()
    blocks: list[HclBlock] = field(default_factory=list)
    files: dict[int, str] = field(default_factory=dict)
    children: dict[str, "TerraformModule"] = field(default_factory=dict)
    asked: dict[str, str] = field(default_factory=dict)
    _locals: dict[str, Any] = field(default_factory=dict)
    _known: dict[str, Any] = field(default_factory=dict)
    expressions: Expressions = field(init=False)

    def __post_init__(self) -> None:
        self.expressions = Expressions(self.lookup, self._call)
        for file in sorted(self.folder.glob("*.tf")):
            if not file.is_file():
                continue
            for block in _parsed(file):
                self.blocks.append(block)
                self.files[id(block)] = file.name
        for block in self.of("locals"):
            self._locals.update(block.attributes)

    def of(self, kind: str, *types: str) -> Iterator[HclBlock]:
        """Its blocks of a kind, with one of some first labels."""
        for block in self.blocks:
            if block.kind == kind and (not types or (block.labels and block.labels[0] in types)):
                yield block

    def where(self, block: HclBlock) -> str:
        """`main.tf:12`, for messages."""
        name = os.path.relpath(self.folder / self.files.get(id(block), ""), self.root)
        return f"{name}:{block.line}"

    def instances(self, block: HclBlock) -> list[Instance]:
        """A block's rounds: one of a plain block, one a key of `for_each`, none where `count` is 0."""
        if "for_each" in block.attributes:
            rows = self.expressions.value(block.attributes["for_each"])
            if isinstance(rows, dict):
                return [self._round(block, str(key), value) for key, value in rows.items()]
            if isinstance(rows, list):
                return [self._round(block, str(key), key) for key in rows]
            return [Instance(block, {"each": UNKNOWN}, "", self)]
        count = self.expressions.value(block.attributes["count"]) if "count" in block.attributes else 1
        return [] if count == 0 else [Instance(block, {"count": {"index": 0}}, "", self)]

    def _round(self, block: HclBlock, key: str, value: Any) -> Instance:
        return Instance(block, {"each": {"key": key, "value": value}}, key, self)

    def value(self, block: HclBlock, name: str, scope: Mapping[str, Any] | None = None) -> Any:
        """What an attribute of a block stands for; None where it is not there."""
        if name not in block.attributes:
            return None
        return self.expressions.value(block.attributes[name], scope)

    def command(self, block: HclBlock, name: str, scope: Mapping[str, Any] | None = None) -> str | None:
        """A shell command; what only a run gives is a variable in it. None where nothing of it is known."""
        if name not in block.attributes:
            return None
        return known_text(self.expressions.text(block.attributes[name], scope or {}, f"${{{NOT_KNOWN}}}"))

    def names_in(self, block: HclBlock, name: str) -> str:
        """The names in an attribute as they are written: `null_resource.pack` of `depends_on`."""
        node = block.attributes.get(name)
        return "".join(str(token) for token in node.scan_values(lambda _: True)) if node is not None else ""

    def why_unknown(self, block: HclBlock, name: str) -> str:
        """Which variables without a value leave an attribute open, "" where there are none."""
        before = dict(self.asked)
        self.asked.clear()
        self._known.clear()
        self.value(block, name)
        names = [f"var.{variable} ({where})" if where else f"var.{variable}" for variable, where in self.asked.items()]
        self.asked.update(before)
        return f"nothing here gives {', '.join(names)} a value" if names else ""

    def lookup(self, path: tuple[str, ...]) -> Any:
        """What a dotted name stands for."""
        kind, rest = path[0], path[1:]
        if kind == "path":
            return self._place(rest)
        if kind == "terraform":
            return "default"
        if kind == "local" and rest:
            return _dig(self._local(rest[0]), rest[1:])
        if kind == "var" and rest:
            return _dig(self._variable(rest[0]), rest[1:])
        if kind == "module" and len(rest) > 1:
            return self._output(rest)
        return self._reference(path)

    def _place(self, rest: tuple[str, ...]) -> str:
        """`path.cwd`, and `path.module` and `path.root` as they count from the root module."""
        place = self.folder if rest == ("module",) else self.root
        return str(self.root) if rest == ("cwd",) else os.path.relpath(place, self.root)

    def _call(self, name: str, values: list[Any]) -> Any:
        """What a function gives; those that know where the root module lies are told."""
        if name == "abspath" and len(values) == 1 and isinstance(values[0], str) and values[0] != UNKNOWN:
            return os.path.normpath(self.root / values[0])
        return call(name, values)

    def _local(self, name: str) -> Any:
        if name not in self._known:
            self._known[name] = UNKNOWN  # of a circle nothing is known
            node = self._locals.get(name)
            self._known[name] = self.expressions.value(node) if node is not None else UNKNOWN
        return self._known[name]

    def _variable(self, name: str) -> Any:
        if name in self.given:
            return self.given[name]
        block = next((block for block in self.of("variable") if block.labels == (name,)), None)
        if block is None or "default" not in block.attributes:
            self.asked[name] = self.where(block) if block else ""
            return UNKNOWN
        return self.value(block, "default")

    def _output(self, rest: tuple[str, ...]) -> Any:
        names = [name for name in rest if not _SPLIT.match(name)]
        child = self.children.get(names[0])
        block = next((output for output in child.of("output") if output.labels == (names[1],)), None) if child else None
        if child is None and names[1:] == [_LAYER]:
            return self._of_block("module", (names[0], ""), rest, _LAYER)
        return _dig(child.value(block, "value"), tuple(names[2:])) if child and block else UNKNOWN

    def _reference(self, path: tuple[str, ...]) -> Any:
        """`reference:FOLDER|KIND|TYPE|NAME|KEY|ATTRIBUTE` of a block of this module, to be followed by its user."""
        kind, rest = ("data", path[1:]) if path[0] == "data" else ("resource", path)
        if len(rest) < 3:
            return UNKNOWN
        names = [name for name in rest if not _SPLIT.match(name)]
        if not any(block.labels == tuple(names[:2]) for block in self.of(kind)):
            return UNKNOWN
        return self._of_block(kind, (names[0], names[1]), rest, names[2])

    def _of_block(self, kind: str, labels: tuple[str, str], path: tuple[str, ...], attribute: str) -> str:
        keys = [name[1:-1] for name in path if _SPLIT.match(name)]
        return "|".join((f"{REFERENCE}{'/'.join(self.path)}", kind, *labels, keys[0] if keys else "", attribute))


def _parsed(file: Path) -> tuple[HclBlock, ...]:
    try:
        return parse_hcl(read_regular_text(file))
    except ValueError as error:
        message = f"{file.name}: {error}"
        raise ValueError(message) from error


def _dig(value: Any, keys: tuple[str, ...]) -> Any:
    for key in keys:
        if value == UNKNOWN:
            return UNKNOWN
        name = key[1:-1] if _SPLIT.match(key) else key
        value = value[int(name)] if isinstance(value, list) else value[name]
    return value


def local_modules(folder: Path) -> set[Path]:
    """The folders that a folder's *.tf files take as modules."""
    files = [file for file in folder.glob("*.tf") if file.is_file()]
    return {Path(os.path.normpath(folder / source)) for file in files for source in LOCAL.findall(read_loosely(file))}


def with_children(module: TerraformModule, depth: int = 0) -> list[TerraformModule]:
    """A module and all local ones below it, each given what its caller says."""
    modules = [module]
    for block in module.of("module") if depth < _DEEPEST else ():
        source = module.value(block, "source")
        folder = Path(os.path.normpath(module.folder / source)) if isinstance(source, str) else None
        if folder is None or not str(source).startswith(".") or not folder.is_dir():
            continue
        for instance in module.instances(block):
            given = {name: module.value(block, name, instance.scope) for name in block.attributes}
            label = block.labels[0] + clause("-{}", instance.key)
            child = TerraformModule(folder, module.root, given, (*module.path, label))
            module.children[label] = child
            modules += with_children(child, depth + 1)
    return modules


def variables_of(folder: Path) -> dict[str, Any]:
    """What terraform.tfvars and *.auto.tfvars say; else what all other *.tfvars at and below the folder agree on."""
    variables = _agreed([_values(file) for file in sorted(_named_tables(folder))])
    for file in [*folder.glob("terraform.tfvars"), *sorted(folder.glob("*.auto.tfvars"))]:
        variables.update(_values(file))
    return variables


def _named_tables(folder: Path) -> Iterator[Path]:
    """Tables of variables that are named when Terraform is run: `dev.tfvars`, `env/dev.tfvars`."""
    for pattern in ("*.tfvars", "*/*.tfvars", "*/*/*.tfvars"):
        for file in folder.glob(pattern):
            usual = file.name == "terraform.tfvars" or file.name.endswith(".auto.tfvars")
            if file.is_file() and not (usual and file.parent == folder) and ".terraform" not in file.parts:
                yield file


def _agreed(tables: list[dict[str, Any]]) -> dict[str, Any]:
    """Variables that have one value in all tables that give them one."""
    agreed: dict[str, Any] = {}
    for table in tables:
        for name, value in table.items():
            agreed[name] = value if agreed.get(name, value) == value else UNKNOWN
    return agreed


def _values(file: Path) -> dict[str, Any]:
    plain = Expressions(lambda _: UNKNOWN, call)
    blocks = parse_hcl(f"locals {{\n{read_regular_text(file)}\n}}\n")
    return {name: plain.value(node) for block in blocks for name, node in block.attributes.items()}
