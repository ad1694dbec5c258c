"""Functions of a CDK app that a Dockerfile makes: as an image, or as the files of one."""

from dataclasses import replace
from pathlib import Path
from typing import Any

from lambda_slim.formats.tables import known_text
from lambda_slim.inputs.functions.declared_images import image_function
from lambda_slim.inputs.functions.docker import read_image
from lambda_slim.inputs.functions.program import ProgramFile, options_of, place_of
from lambda_slim.inputs.functions.records import Declared, QuestionError
from lambda_slim.model.program import Dotted, ProgramCall, ProgramMember

_ASSETS = ("from_image_asset", "fromImageAsset", "from_asset_image", "fromAssetImage")
_STORED = ("from_ecr", "fromEcr", "from_ecr_image", "fromEcrImage")
_BUILDS = ("from_docker_build", "fromDockerBuild")
_CHANGES = {"build_args", "buildArgs", "target"}  # a Dockerfile does not say these by itself
_HINT = "run `cdk synth`, and build again; or name the function in [functions] of lambda-slim.toml"
_BUILT = "/asset"  # of the image, which becomes the package unless `image_path` says otherwise


def image_asset(row: Declared, code: Any, source: ProgramFile) -> Declared:
    """A `DockerImageFunction` with what its Dockerfile says; as it is where its image comes from elsewhere.

    Args:
        row: What else the program says of it.
        code: The value of `code`.
        source: The file of the program.
    """
    if not isinstance(code, ProgramCall) or code.name not in (*_ASSETS, *_STORED):
        return row
    asset = _asset_of(_repository(code, source), source) if code.name in _STORED else code
    if asset is not None:
        return _with_image(row, code, asset, source)
    other = _options(code).get("cmd") is None or _is_elsewhere(code, source)
    return row if other else replace(row, skipped="", problem=_unknown(row), hint=_HINT)


def _with_image(row: Declared, code: ProgramCall, asset: ProgramCall, source: ProgramFile) -> Declared:
    """A function with what the Dockerfile of an asset says, and the handler that its code says in place of CMD."""
    changed = _options(asset).keys() & _CHANGES
    if changed:
        problem = f"{row.name}: its image is built with `{min(changed)}`"
        return replace(row, skipped="", problem=problem, hint=_HINT)
    folder, command = _folder(asset, source), _command(_options(code).get("cmd"))
    if folder is None or command is None:
        return replace(row, skipped="", problem=_unknown(row), hint=_HINT)
    file = known_text(_options(asset).get("file")) or "Dockerfile"
    return image_function(row, folder / file, folder, command)


def _command(words: Any) -> str | None:
    """The handler that is said in place of CMD; "" for none, None where it is not known."""
    known = isinstance(words, list) and len(words) == 1 and isinstance(words[0], str)
    return words[0] if known else ("" if words is None else None)


def _unknown(row: Declared) -> str:
    return f"{row.name}: its image is only known when the app runs"


def _repository(code: ProgramCall, source: ProgramFile) -> Any:
    """What the repository of an image is of; the repository itself where it is no attribute of anything."""
    value = code.named.get("repository", next(iter(code.positional), None))
    if isinstance(value, Dotted):
        return source.program.known(Dotted(value.text.rpartition(".")[0]))
    return value.of if isinstance(value, ProgramMember) else value


def _is_elsewhere(code: ProgramCall, source: ProgramFile) -> bool:
    """Whether an image is pushed to its repository by others: no call that may be of an asset leads to it."""
    made = _repository(code, source)
    return isinstance(made, ProgramCall) and "repository" in made.name.lower()


def _asset_of(made: Any, source: ProgramFile) -> ProgramCall | None:
    """The one `DockerImageAsset` that a value is, or that the helper makes which gives the value."""
    assets = [row for row in _made_by(made, source) if row.name == "DockerImageAsset"]
    if len(assets) != 1:
        return None
    asset = source.program.at(assets[0].line).known(assets[0])
    return replace(asset, positional=()) if isinstance(asset, ProgramCall) else None


def _made_by(made: Any, source: ProgramFile) -> list[ProgramCall]:
    """A call, or where it is one of a helper the calls in that."""
    if not isinstance(made, ProgramCall):
        return []
    helper = next((row for row in source.program.helpers if row.name == made.name), None)
    inside = [row for row in source.program.calls if helper and helper.first <= row.line <= helper.last]
    return inside if helper else [made]


def is_docker_build(code: ProgramCall) -> bool:
    """Whether a function's code is a folder of an image that is built for it."""
    return code.name in _BUILDS


def docker_build(row: Declared, code: ProgramCall, source: ProgramFile) -> Declared | None:
    """A function whose code is a folder of an image; None where that is not understood."""
    folder, options = _folder(code, source), _options(code)
    goal = known_text(options.get("image_path", options.get("imagePath"))) or _BUILT
    if folder is None:
        return None
    try:
        made = read_image(folder / (known_text(options.get("file")) or "Dockerfile"), folder, goal)
    except (OSError, ValueError, QuestionError):
        return None
    problem = made.problem.replace(made.name, row.name, 1)
    said = replace(row, parts=made.parts, requirements=made.requirements, requires=made.requires, problem=problem)
    return replace(said, installs=made.installs, searched=made.searched, hint=made.hint)


def _folder(code: ProgramCall, source: ProgramFile) -> Path | None:
    first = next((value for value in (*code.positional, code.named.get("directory")) if value is not None), None)
    return place_of(first, source)


def _options(code: ProgramCall) -> dict[str, Any]:
    """The options of an asset: named, or a table at the end."""
    last = options_of(code.positional[-1]) if code.positional[1:] else None
    return {**(last if isinstance(last, dict) else {}), **code.named}
