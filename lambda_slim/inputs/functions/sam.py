"""SAM and CloudFormation templates, with the templates that are nested in them."""

import os
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lambda_slim.base.files import read_regular_text
from lambda_slim.formats.tables import UNKNOWN
from lambda_slim.inputs.functions.declared_images import image_function
from lambda_slim.inputs.functions.records import Asked, Declared, DeploymentKind, find_by_name
from lambda_slim.inputs.functions.scripts import package_by_scripts, scripted
from lambda_slim.inputs.functions.staged import staged
from lambda_slim.inputs.project.layers import template_layers
from lambda_slim.model.layout import Placement

if TYPE_CHECKING:
    from lambda_slim.formats.template import TemplateFunction

NAMES = ("template.yaml", "template.yml", "template.json")
_SUFFIXES = (".yaml", ".yml", ".json", ".template")
_DEEPEST = 8  # templates in templates


def _reads(path: Path, text: str) -> bool:
    return path.suffix in _SUFFIXES and ("Resources" in text or path.name in NAMES)


def _read(path: Path, _: Asked) -> tuple[Declared, ...]:
    return unlike(_functions((path,), {}, path.parent))


def _functions(above: tuple[Path, ...], given: Mapping[str, Any], root: Path) -> Iterator[tuple[str, Declared]]:
    """(the template that it is in, function) of a template, the last of those that lead to it, and those below it."""
    path = above[-1]
    from lambda_slim.formats.template import parse_template

    for row in parse_template(read_regular_text(path), given):
        where = f"{os.path.relpath(path, root)}:{row.line}"
        child = Path(os.path.normpath(path.parent / row.nested)) if row.nested else None
        if child is None:
            yield "", declared(row, path, where)
        elif why := _not_followed(child, row.nested, above):
            yield "", Declared(row.name, where, skipped=why)
        else:
            for names, function in _functions((*above, child), row.parameters, root):
                yield row.name + names, function


def _not_followed(child: Path, named: str, above: tuple[Path, ...]) -> str:
    """Why a nested template is not looked at; "" where it is."""
    if child in above:
        return f"it is the template `{named}` again, which leads to itself"
    if len(above) > _DEEPEST or not child.is_file():
        return f"it is a template of its own, and `{named}` is not there"
    return ""


def unlike(rows: Iterable[tuple[str, Declared]]) -> tuple[Declared, ...]:
    """Functions with names of their own: of two that share a name, each is called after its template too.

    Where that is the same as well, the second is called `NAME-2`.
    """
    listed = list(rows)
    names = Counter(row.name for _, row in listed)
    seen: Counter[str] = Counter()
    named = []
    for above, row in listed:
        name = above + row.name if names[row.name] > 1 else row.name
        seen[name] += 1
        named.append(replace(row, name=name if seen[name] == 1 else f"{name}-{seen[name]}"))
    return tuple(named)


def declared(row: "TemplateFunction", template: Path, where: str) -> Declared:
    """What a template says of one function.

    Args:
        row: As it was parsed.
        template: Where it was parsed from.
        where: For messages.
    """
    said = Declared(
        row.name,
        where,
        handler=row.handler,
        runtime=row.runtime,
        architecture=row.architecture,
        memory_mb=row.memory_mb,
        timeout_s=row.timeout_s,
        environment=row.environment,
        environment_known=row.environment_known,
        layers=template_layers(row.layers, template),
        snap_start=row.snap_start,
        skipped=row.skipped,
        make=row.build_method == "makefile",
    )
    if said.skipped:
        return _image(said, row, template.parent) if row.dockerfile else said
    if row.inline is not None:
        return _inline(said, row.inline)
    if not row.code:
        return replace(said, problem="its code is not named", hint="write the place of its code out")
    return _with_code(said, row.code, template)


def _with_code(said: Declared, named: str, template: Path) -> Declared:
    """A function with its code: a folder, a module, or a package that was built, or that a script makes."""
    code = Path(os.path.normpath(template.parent / named))
    if UNKNOWN in named and not code.exists():
        problem = f"the code of {said.name} is only known at deployment"
        return replace(said, problem=problem, hint="give the parameter a default, or choose other functions with -F")
    if not code.exists():
        packed = package_by_scripts(code, template.parent)
        if packed:
            return scripted(said, packed, f"`{named}`")
        problem = f"the code of {said.name} is not there: no `{named}` beside {said.where.rpartition(':')[0]}"
        return replace(said, problem=problem, hint="check CodeUri, or choose other functions with -F")
    if code.suffix == ".py" and code.is_file():
        return replace(said, parts=(Placement(code, code.name),))
    if code.is_file():
        return replace(said, package=code)
    make = said.make and (code / "Makefile").is_file()  # what sam has built has none any more
    return replace(said, parts=(Placement(code),), make=make)


def _image(said: Declared, row: "TemplateFunction", folder: Path) -> Declared:
    """A function whose image `sam build` makes here; its Handler and Runtime are the image's."""
    context = Path(os.path.normpath(folder / row.context))
    return image_function(said, Path(os.path.normpath(context / row.dockerfile)), context, row.command)


def _inline(said: Declared, code: str) -> Declared:
    """CloudFormation puts inline code into index.py, with its own cfnresponse beside it."""
    if "cfnresponse" in code:
        why = "its code is inline and imports cfnresponse, which only inline code has"
        return replace(said, skipped=why)
    return replace(said, parts=(Placement(staged({"index.py": code})),), installs=False)


KIND = DeploymentKind("SAM or CloudFormation template", find_by_name(*NAMES), _reads, _read)
