"""`.aws-sam/build`, the output of `chalice package`, and other folders with a template and what it points to."""

import os
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from lambda_slim.base.errors import UsageError
from lambda_slim.base.files import read_regular_text
from lambda_slim.formats.yaml_text import load_yaml
from lambda_slim.inputs.builds.gathering import code_of, gathered
from lambda_slim.inputs.builds.records import BuildOutput
from lambda_slim.inputs.functions import sam
from lambda_slim.inputs.functions.records import Asked, Declared

_NAMES = ("template.yaml", "template.yml", "template.json", "sam.json", "sam.yaml")
_FUNCTIONS = ("AWS::Serverless::Function", "AWS::Lambda::Function")
_CODE = ("CodeUri", "Code", "ContentUri", "Content")


def find(folder: Path) -> BuildOutput | None:
    """What a folder's template deploys.

    Raises:
        UsageError: the template is of a source project, in which nothing may be changed.
        ConfigError: it cannot be read.
    """
    template = next((folder / name for name in _NAMES if (folder / name).is_file()), None)
    if template is None:
        return None
    text = read_regular_text(template)
    rows = sam.KIND.read(template, Asked())
    _check_built(template, text, rows)
    packages, others = gathered(rows, folder, dict(_users(template, text)))
    kind = "Chalice package" if template.name.startswith("sam.") else "SAM build"
    return BuildOutput(kind, folder, packages, others, aside=folder)


def _check_built(template: Path, text: str, rows: tuple[Declared, ...]) -> None:
    """Refuses templates that lie beside source code.

    `sam build` notes the logical ids of resources, and writes build.toml beside the folder.
    """
    built = "SamResourceId" in text or (template.parent.parent / "build.toml").is_file()
    if built or _all_zips(rows):
        return
    raise UsageError(
        f"`{template.parent.name or template.parent}` is a project, not what a tool has built of it",
        cause="`slim` changes packages where they lie, and these folders are your source code",
        hint="run `sam build` and name .aws-sam/build, or use `lambda-slim build`",
    )


def _all_zips(rows: tuple[Declared, ...]) -> bool:
    codes = [code for row in rows if not row.skipped and (code := code_of(row))]
    return bool(codes) and all(code.is_file() and code.suffix == ".zip" for code in codes)


def _users(template: Path, text: str) -> Iterator[tuple[Path, set[str]]]:
    """Folders and zips with what is made of them that is no Python function."""
    _, document = load_yaml(text)
    resources = document.get("Resources") if isinstance(document, dict) else None
    found: dict[Path, set[str]] = defaultdict(set)
    for name, resource in resources.items() if isinstance(resources, dict) else ():
        properties = resource.get("Properties") if isinstance(resource, dict) else None
        if not isinstance(properties, dict) or _is_python(resource, properties):
            continue
        for key in _CODE:
            if isinstance(code := properties.get(key), str):
                found[Path(os.path.normpath(template.parent / code)).resolve()].add(str(name))
    yield from found.items()


def _is_python(resource: Mapping[str, Any], properties: Mapping[str, Any]) -> bool:
    runtime = properties.get("Runtime", "python")
    return resource.get("Type") in _FUNCTIONS and (not isinstance(runtime, str) or runtime.startswith("python"))
