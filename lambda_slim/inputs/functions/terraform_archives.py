"""The files of Terraform's `archive_file`, and the archive that is a function's package."""

import os
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

from lambda_slim.base.text import clause
from lambda_slim.formats.hcl import HclBlock
from lambda_slim.formats.hcl_value import REFERENCE
from lambda_slim.formats.tables import UNKNOWN, as_list, known_text
from lambda_slim.inputs.functions.globs import glob_rules
from lambda_slim.inputs.functions.records import Declared
from lambda_slim.inputs.functions.scripts import NOT_PACKED, scripted
from lambda_slim.inputs.functions.staged import staged
from lambda_slim.inputs.functions.terraform_module import Instance, TerraformModule
from lambda_slim.inputs.functions.terraform_scripts import TerraformScripts
from lambda_slim.model.layout import Placement
from lambda_slim.model.packing import FUNCTION_SITE

_OBJECTS = ("aws_s3_object", "aws_s3_bucket_object")


class Archives:
    """The archives and uploaded objects of some modules.

    Args:
        modules: The root module and those below it.
        site: Where Python looks for distributions in them; see `FUNCTION_SITE`.
    """

    def __init__(self, modules: Iterable[TerraformModule], site: str = FUNCTION_SITE) -> None:
        self._modules = {"/".join(module.path): module for module in modules}
        self.site = site
        self._scripts = TerraformScripts(self._modules.values(), site)

    def placed(self, row: Declared, instance: Instance) -> Declared:
        """A function with the files of its package, or with what is not understood about them."""
        module, block = instance.module, instance.block
        said = module.value(block, "filename", instance.scope)
        key = module.value(block, "s3_key", instance.scope)
        if said is None and key is not None:
            said = self._uploaded(key, module)
            if said is None:
                shown = f" ({_shown(key)})" if key != UNKNOWN else ""
                return replace(row, skipped=f"its code is in S3{shown}")
        if not _is_text(said):
            why = module.why_unknown(block, "filename") or _shown(said)
            return replace(row, problem=f"{row.name}: its package is not known: {why}", hint=_HINT)
        return self.packaged(row, said, instance)

    def packaged(self, row: Declared, said: str, instance: Instance) -> Declared:
        """A function with the files of its package: an archive of the configuration, or what lies there."""
        module, block = instance.module, instance.block
        archive = self._archive(said, module)
        if archive:
            return self._archived(row, archive)
        place = Path(_normal(module, said))
        if not said.startswith(REFERENCE) and place.exists():
            return replace(row, package=place) if place.is_file() else replace(row, parts=(Placement(place),))
        packed = self._scripts.making(place) if not said.startswith(REFERENCE) else None
        if packed:
            return scripted(row, packed, f"`{os.path.relpath(place, module.root)}`")
        built = self._builders(module, module.names_in(block, "depends_on"))
        return replace(row, problem=f"{row.name}: its package {_shown(said)} is not there{built}", hint=_HINT)

    def _archived(self, row: Declared, archive: Instance) -> Declared:
        """A function whose archive Terraform makes, of a folder that scripts may fill."""
        folder = archive.module.value(archive.block, "source_dir", archive.scope)
        if _is_text(folder) and not folder.startswith(REFERENCE):
            place = Path(_normal(archive.module, folder))
            packed = self._scripts.touching(place) if place.is_dir() else self._scripts.making(place)
            if packed:
                return scripted(row, packed, f"`{folder}`")
        return _of_archive(row, archive)

    def followed(self, reference: str) -> Instance | None:
        """The block that a reference is about."""
        place, kind, first, second, key, _ = reference.removeprefix(REFERENCE).split("|")
        labels = tuple(filter(None, (first, second)))
        module = self._modules.get(place)
        for block in module.of(kind, first) if module else ():
            if module and block.labels == labels:
                rounds = module.instances(block)
                chosen = [instance for instance in rounds if instance.key == key] or rounds
                return chosen[0] if chosen else None
        return None

    def _uploaded(self, key: Any, module: TerraformModule) -> Any:
        """The file that is uploaded as an object, by a reference to it or by its key."""
        if isinstance(key, str) and key.startswith(REFERENCE):
            uploaded = self.followed(key)
            return uploaded.module.value(uploaded.block, "source", uploaded.scope) if uploaded else None
        for block in module.of("resource", *_OBJECTS):
            for instance in module.instances(block):
                if module.value(block, "key", instance.scope) == key != UNKNOWN:
                    return module.value(block, "source", instance.scope)
        return None

    def _archive(self, said: str, module: TerraformModule) -> Instance | None:
        if said.startswith(REFERENCE):
            block_of = self.followed(said)
            return block_of if block_of and block_of.block.labels[0] == "archive_file" else None
        for searched in [module, *self._modules.values()]:
            for block in (*searched.of("data", "archive_file"), *searched.of("resource", "archive_file")):
                for instance in searched.instances(block):
                    out = searched.value(block, "output_path", instance.scope)
                    if isinstance(out, str) and _normal(searched, out) == _normal(module, said):
                        return instance
        return None

    def _builders(self, module: TerraformModule, awaited: str) -> str:
        """What may make a package that is not there."""
        names = [
            f"{block.labels[0]}.{block.labels[1]}"
            for block in module.of("resource", "null_resource", "terraform_data")
            if block.inner("provisioner")
        ]
        seen = self._scripts.seen(awaited)
        return f"; is it made by {', '.join(names)}{clause(' ({})', seen)}?" if names else ""


_HINT = NOT_PACKED


def _normal(module: TerraformModule, path: str) -> str:
    return os.path.normpath(module.root / path)


def _shown(said: Any) -> str:
    if said is None or said == UNKNOWN:
        return "only known at deployment"
    text = str(said)
    return "`" + ".".join(text.removeprefix(REFERENCE).split("|")[1:4]) + "`" if REFERENCE in text else f"`{text}`"


def _of_archive(row: Declared, archive: Instance) -> Declared:
    """What an archive holds: a folder, a file, or files whose content is written out."""
    module, block, scope = archive.module, archive.block, archive.scope
    folder, file = (module.value(block, name, scope) for name in ("source_dir", "source_file"))
    written = module.value(block, "source_content", scope)
    name = module.value(block, "source_content_filename", scope)
    if UNKNOWN in (folder, file):
        return _unknown_archive(row, module)
    if isinstance(folder, str):
        return _of_folder(row, Path(os.path.normpath(module.root / folder)), _excluded(module, block, scope))
    if isinstance(file, str):
        place = Path(os.path.normpath(module.root / file))
        if not place.is_file():
            return replace(row, problem=f"{row.name}: `{file}`, which its archive holds, is not there", hint=_HINT)
        return replace(row, parts=(Placement(place, place.name),))
    if isinstance(written, str) and isinstance(name, str) and UNKNOWN not in (written, name):
        return replace(row, parts=(Placement(staged({name: written})),), installs=False)
    return _of_sources(row, archive)


def _unknown_archive(row: Declared, module: TerraformModule) -> Declared:
    """A function whose archive depends on what nobody says here."""
    problem = f"{row.name}: what its archive holds is only known at deployment"
    if not module.asked:
        return replace(row, problem=problem, hint=_HINT)
    names = ", ".join(f"var.{name} ({where})" if where else f"var.{name}" for name, where in module.asked.items())
    hint = "give them values in terraform.tfvars, or say `source` in its table of [functions]"
    return replace(row, problem=f"{problem}: nothing here says {names}"[:600], hint=hint)


def _of_folder(row: Declared, place: Path, rules: tuple[tuple[bool, str], ...]) -> Declared:
    if not place.is_dir():
        problem = f"{row.name}: the folder `{place.name}`, which its archive holds, is not there"
        return replace(row, problem=problem, hint="build it first, or say `source` in its table of [functions]")
    return replace(row, parts=(Placement(place, "", rules),))


def _excluded(module: TerraformModule, block: HclBlock, scope: Any) -> tuple[tuple[bool, str], ...]:
    rows = module.value(block, "excludes", scope)
    rules: list[tuple[bool, str]] = []
    for pattern in filter(None, map(known_text, as_list(rows))):
        rules += glob_rules(pattern, keep=False)
        rules += glob_rules(f"{pattern.rstrip('/')}/**", keep=False)
    return tuple(rules)


def _of_sources(row: Declared, archive: Instance) -> Declared:
    """An archive of `source` blocks: texts with their names, most of them read from files."""
    module, parts = archive.module, []
    texts: dict[str, str] = {}
    for inner in archive.block.inner("source"):
        name, content = (module.value(inner, key, archive.scope) for key in ("filename", "content"))
        file = _read_file(module, inner)
        if not isinstance(name, str) or name == UNKNOWN or (file is None and not _is_text(content)):
            return replace(row, problem=f"{row.name}: a file of its archive is only known at deployment", hint=_HINT)
        if file:
            parts.append(Placement(file, name))
        else:
            texts[name] = str(content)
    if texts:
        parts.insert(0, Placement(staged(texts)))
    if not parts:
        return replace(row, problem=f"{row.name}: its archive names no files that are understood", hint=_HINT)
    return replace(row, parts=tuple(parts))


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and value != UNKNOWN


def _read_file(module: TerraformModule, block: HclBlock) -> Path | None:
    """The file of `content = file("…")`."""
    node = block.attributes.get("content")
    calls = list(node.find_data("function_call")) if node is not None else []
    if len(calls) != 1 or str(calls[0].children[0].children[0]) != "file":
        return None
    arguments = next(iter(calls[0].find_data("arguments")))
    path = module.expressions.value(arguments.children[0])
    place = Path(os.path.normpath(module.root / path)) if _is_text(path) else None
    return place if place and place.is_file() else None
