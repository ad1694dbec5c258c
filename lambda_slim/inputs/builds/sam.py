"""`.aws-sam/build`, the output of `chalice package`, and other folders with a template and what it points to."""

import os
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from lambda_slim.base.errors import UsageError
from lambda_slim.base.files import first_file, read_regular_text
from lambda_slim.formats.tables import as_table, table_at
from lambda_slim.formats.yaml_text import load_yaml
from lambda_slim.inputs.builds.gathering import code_of, gathered
from lambda_slim.inputs.builds.layers import layers_of
from lambda_slim.inputs.builds.records import BuildOutput, ToolLayer
from lambda_slim.inputs.builds.unfinished import is_sam_build
from lambda_slim.inputs.functions import sam
from lambda_slim.inputs.functions.records import Asked, Declared

_NAMES = ("template.yaml", "template.yml", "template.json", "sam.json", "sam.yaml")
_FUNCTIONS = ("AWS::Serverless::Function", "AWS::Lambda::Function")
_CODE = ("CodeUri", "Code", "ContentUri", "Content")
_NESTED = {"AWS::Serverless::Application": "Location", "AWS::CloudFormation::Stack": "TemplateURL"}


def find(folder: Path) -> BuildOutput | None:
    """What a folder's template deploys.

    Raises:
        UsageError: the template is of a source project, in which nothing may be changed.
        ConfigError: it cannot be read.
    """
    template = first_file(folder, _NAMES)
    if template is None:
        return None
    text = read_regular_text(template)
    rows = sam.KIND.read(template, Asked())
    _check_built(template, text, rows)
    templates: dict[Path, Any] = {}
    _gather(template, text, templates)
    packages, others = gathered(rows, folder, _users(templates))
    kind = "Chalice package" if template.name.startswith("sam.") else "SAM build"
    codes = [package.place for package in packages]
    layers = (row for path, document in templates.items() for row in _layers(path, document, folder, codes))
    return BuildOutput(kind, folder, packages, others, aside=folder, layers=tuple(layers))


def _gather(template: Path, text: str, templates: dict[Path, Any]) -> None:
    """Adds a template and those that are nested in it, each once, with what they say."""
    _, document = load_yaml(text)
    templates[template] = document
    for _, resource in _resources(document):
        place = _properties(resource).get(_NESTED.get(str(resource.get("Type")), ""))
        child = Path(os.path.normpath(template.parent / place)) if isinstance(place, str) else None
        if child and child not in templates and child.is_file():
            _gather(child, read_regular_text(child), templates)


def _resources(document: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    for name, resource in table_at(document, "Resources").items():
        if isinstance(resource, dict):
            yield str(name), resource


def _properties(resource: Mapping[str, Any]) -> dict[str, Any]:
    return as_table(resource.get("Properties"))


def _layers(template: Path, document: Any, folder: Path, codes: list[Path]) -> Iterator[ToolLayer]:
    """The layers of one template."""
    python = [name for name, resource in _resources(document) if _is_python(resource, document)]

    def place_of(_: str, resource: Mapping[str, Any]) -> Path | None:
        properties = _properties(resource)
        content = properties.get("ContentUri", properties.get("Content"))
        return template.parent / content if isinstance(content, str) and "://" not in content else None

    yield from layers_of(document, folder, place_of, python, codes)


def _check_built(template: Path, text: str, rows: tuple[Declared, ...]) -> None:
    """Refuses templates that lie beside source code.

    `sam build` notes the logical ids of resources, and writes build.toml beside the folder; older ones did neither.
    """
    built = "SamResourceId" in text or is_sam_build(template.parent)
    if built or _all_zips(rows) or _of_chalice(template, text):
        return
    raise UsageError(
        f"`{template.parent.name or template.parent}` is a project, not what a tool has built of it",
        cause="`slim` changes packages where they lie, and these folders are your source code",
        hint="run `sam build` and name .aws-sam/build, or use `lambda-slim build`",
    )


def _of_chalice(template: Path, text: str) -> bool:
    """Whether `chalice package` wrote a template; its zip may be missing."""
    return template.stem == "sam" and "deployment.zip" in text


def _all_zips(rows: tuple[Declared, ...]) -> bool:
    codes = [code for row in rows if not row.skipped and (code := code_of(row))]
    return bool(codes) and all(code.is_file() and code.suffix == ".zip" for code in codes)


def _users(templates: Mapping[Path, Any]) -> dict[Path, set[str]]:
    """Folders and zips with what is made of them that is no Python function."""
    users: dict[Path, set[str]] = defaultdict(set)
    for template, document in templates.items():
        for name, resource in _resources(document):
            properties = _properties(resource)
            codes = (properties.get(key) for key in _CODE if not _is_python(resource, document))
            for code in codes:
                if isinstance(code, str):
                    users[Path(os.path.normpath(template.parent / code)).resolve()].add(name)
    return users


def _is_python(resource: Mapping[str, Any], document: Any) -> bool:
    shared = table_at(document, "Globals", "Function")
    rows = {**(shared if resource.get("Type") == _FUNCTIONS[0] else {}), **_properties(resource)}
    runtime = rows.get("Runtime", "python")
    return resource.get("Type") in _FUNCTIONS and (not isinstance(runtime, str) or runtime.startswith("python"))
