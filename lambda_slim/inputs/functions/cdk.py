"""What `cdk synth` wrote: cdk.out with its templates and the folders of their code."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from lambda_slim.base.files import read_loosely, read_regular_text
from lambda_slim.formats.json_text import load_json
from lambda_slim.formats.tables import as_table
from lambda_slim.inputs.functions.cdk_nothing import without_functions
from lambda_slim.inputs.functions.cdk_program import program_functions
from lambda_slim.inputs.functions.records import Asked, Declared, DeploymentKind, QuestionError
from lambda_slim.inputs.functions.sam import declared, unlike
from lambda_slim.model.layout import Placement

# Functions that CDK's own constructs add; they are deployed as CDK wrote them.
_OF_CDK = (
    "AWS679f53fac002430cb0da5b7982bd2287",
    "BucketNotificationsHandler050a0587b754",
    "CustomCDKBucketDeployment",
    "CustomS3AutoDeleteObjectsCustomResource",
    "CustomCrossRegion",
    "CustomVpcRestrictDefaultSG",
    "CustomECRAutoDeleteImages",
    "LogRetentionaae0aa3c5b4d4f87b02d85b201efdd8a",
    "SingletonLambda",
    "AWSCDK",
)
_IMPORTS = re.compile(r"^[ \t]*(?:from|import)[ \t]+aws_cdk\b", re.MULTILINE)
_DEEPEST = 4


def _find(folder: Path) -> Path | None:
    """The manifest of a cdk.out, itself or beside cdk.json; cdk.json where there is none, or only its templates."""
    own = folder / "manifest.json"
    if own.is_file() and (folder / "cdk.out").is_file() and not _lacks_code(folder):
        return own
    settings = folder / "cdk.json"
    if not settings.is_file():
        return _app(folder)
    out = _output(settings) / "manifest.json"
    return out if out.is_file() and not _lacks_code(out.parent) else settings


def _app(folder: Path) -> Path | None:
    """The program of an app beside which nothing says how it is started: `cdk --app "python app.py"` does it here."""
    file = folder / "app.py"
    started_above = any((above / "cdk.json").is_file() for above in folder.resolve().parents[:3])
    text = read_loosely(file) if file.is_file() and not started_above else ""
    return file if _IMPORTS.search(text) and re.search(r"\bApp\(", text) and ".synth(" in text else None


def _lacks_code(out: Path) -> bool:
    """Whether a cdk.out has templates of functions and none of their code, as where git keeps only the templates."""
    zipped = any('"zip"' in read_loosely(file) for file in out.glob("*.assets.json"))
    return zipped and next(out.glob("asset.*"), None) is None


def _output(settings: Path) -> Path:
    try:
        name = load_json(read_regular_text(settings)).get("output")
    except (ValueError, AttributeError):
        name = None
    return settings.parent / (name if isinstance(name, str) else "cdk.out")


def _reads(path: Path, text: str) -> bool:
    return path.name == "cdk.json" or (path.name == "manifest.json" and "cloudformation:stack" in text)


def _read(path: Path, _: Asked) -> tuple[Declared, ...]:
    return unlike(_said(path) if path.name in ("cdk.json", "app.py") else list(_assembly(path, 0)))


def _said(file: Path) -> tuple[tuple[str, Declared], ...]:
    """(file, function) of an app that was not synthesised, by its program.

    Raises:
        QuestionError: no function of it is known.
    """
    functions = program_functions(file.parent) or without_functions(file.parent)
    of_others = bool(functions) and all(row.skipped for _, row in functions)
    if of_others or any(not row.skipped and not row.problem for _, row in functions):
        return functions
    seen = "".join(f"; {row.where}: {row.problem or row.skipped}" for _, row in functions[:6])
    raise QuestionError(
        f"`{file.name}` is a CDK app, and there is no cdk.out with the code of its functions",
        f"its functions are only known when the app runs, which lambda-slim does not do{seen}",
        "run `cdk synth`, and build again; or name the functions in [functions] of lambda-slim.toml",
    )


def _assembly(manifest: Path, depth: int) -> Iterator[tuple[str, Declared]]:
    """(stack, function) of a cloud assembly and those nested in it."""
    artifacts = as_table(_document(manifest).get("artifacts"))
    for name, value in sorted(artifacts.items()):
        row = as_table(value)
        properties = as_table(row.get("properties"))
        if row.get("type") == "aws:cloudformation:stack":
            template = manifest.parent / str(properties.get("templateFile", ""))
            if template.is_file():
                for function in _template(template):
                    yield name, function
        elif row.get("type") == "cdk:cloud-assembly" and depth < _DEEPEST:
            inner = manifest.parent / str(properties.get("directoryName", "")) / "manifest.json"
            if inner.is_file():
                yield from _assembly(inner, depth + 1)


def _template(template: Path) -> Iterator[Declared]:
    """The functions of a stack, and of the stacks nested in it."""
    from lambda_slim.formats.template import parse_template

    assets = _assets(template)
    for row in parse_template(read_regular_text(template)):
        where = f"{template.name}:{row.line}"
        if row.name.startswith(_OF_CDK):
            yield Declared(row.name, where, skipped="CDK itself adds it")
            continue
        asset = assets.get(row.asset)
        said = declared(replace(row, skipped="") if asset and "S3" in row.skipped else row, template, where)
        yield said if said.skipped or asset is None else _placed(said, asset, template)
    for nested in _nested(template, assets):
        yield from _template(nested)


def _assets(template: Path) -> dict[str, Path]:
    """Object keys of the stack's code to the folder or file that is uploaded."""
    file = template.with_name(template.name.removesuffix(".template.json").removesuffix(".nested") + ".assets.json")
    files = [file] if file.is_file() else sorted(template.parent.glob("*.assets.json"))
    assets: dict[str, Path] = {}
    for manifest in files:
        for row in map(as_table, as_table(_document(manifest).get("files")).values()):
            place = template.parent / str(as_table(row.get("source")).get("path", ""))
            for destination in as_table(row.get("destinations")).values():
                assets[str(as_table(destination).get("objectKey"))] = place
    return assets


def _document(file: Path) -> dict[str, Any]:
    """A JSON document of the assembly.

    Raises:
        ValueError: it is no table.
    """
    document = load_json(read_regular_text(file))
    if not isinstance(document, dict):
        raise ValueError(f"{file.name} is no table")
    return document


def _nested(template: Path, assets: dict[str, Path]) -> Iterator[Path]:
    """Templates of nested stacks, which are assets of their own."""
    stem = template.name.removesuffix(".template.json")
    for place in sorted(set(assets.values())):
        if place.name.endswith(".nested.template.json") and place.name.startswith(stem) and place != template:
            yield place


def _placed(said: Declared, asset: Path, template: Path) -> Declared:
    said = replace(said, problem="", hint="", above=False)
    if not asset.exists():
        problem = f"the code of {said.name} is not there: no `{asset.name}` in {template.parent.name}"
        return replace(said, problem=problem, hint="run `cdk synth` again")
    return replace(said, package=asset) if asset.is_file() else replace(said, parts=(Placement(asset),))


KIND = DeploymentKind("CDK app", _find, _reads, _read)
