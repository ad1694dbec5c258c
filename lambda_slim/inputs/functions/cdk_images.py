"""Functions of a CDK app that a Dockerfile makes: as an image, or as the files of one."""

from dataclasses import replace
from pathlib import Path
from typing import Any

from lambda_slim.formats.tables import known_text
from lambda_slim.inputs.functions.declared_images import image_function
from lambda_slim.inputs.functions.docker import read_image
from lambda_slim.inputs.functions.program import ProgramFile, options_of, place_of
from lambda_slim.inputs.functions.records import Declared, QuestionError
from lambda_slim.model.program import ProgramCall

_ASSETS = ("from_image_asset", "fromImageAsset")
_BUILDS = ("from_docker_build", "fromDockerBuild")
_BUILT = "/asset"  # of the image, which becomes the package unless `image_path` says otherwise


def image_asset(row: Declared, code: Any, source: ProgramFile) -> Declared:
    """A `DockerImageFunction` with what its Dockerfile says; as it is where its image comes from elsewhere.

    Args:
        row: What else the program says of it.
        code: The value of `code`.
        source: The file of the program.
    """
    folder = _folder(code, source) if isinstance(code, ProgramCall) and code.name in _ASSETS else None
    if folder is None:
        return row
    options = _options(code)
    words = options.get("cmd")
    command = words[0] if isinstance(words, list) and len(words) == 1 and isinstance(words[0], str) else ""
    return image_function(row, folder / (known_text(options.get("file")) or "Dockerfile"), folder, command)


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
