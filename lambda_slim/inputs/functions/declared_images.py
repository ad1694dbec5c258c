"""Functions that other deployment files declare as images which a Dockerfile builds here."""

import posixpath
from dataclasses import replace
from pathlib import Path

from lambda_slim.base.files import read_regular_text
from lambda_slim.formats.dockerfile import parse_dockerfile
from lambda_slim.inputs.functions.docker import DOCKER_HINT, is_lambda_file, read_image
from lambda_slim.inputs.functions.docker_image import BASE, TASK_ROOT, ImageContents, contents_of, extras_of
from lambda_slim.inputs.functions.records import Declared, QuestionError


def image_extras(file: Path, runtime: str) -> str:
    """What an image has that a zip of its whole context would not have; "" for nothing.

    Args:
        file: The Dockerfile.
        runtime: The function's; a base image that names another one is told.
    """
    stages = parse_dockerfile(read_regular_text(file), {"LAMBDA_TASK_ROOT": TASK_ROOT})
    images: dict[str, ImageContents] = {}
    for stage in stages:
        images[stage.name or str(len(images))] = contents_of(stage, images)
        version = BASE.search(stage.image)
        if version and f"python{version[1]}" != runtime:
            return f"its image is of Python {version[1]}, and its runtime is {runtime}"
    return next((problem for image in images.values() if (problem := extras_of(image) or _arranged(image))), "")


def _arranged(image: ImageContents) -> str:
    """A file that the image has elsewhere than its context has it."""
    for source, place, instruction in image.copies:
        inside = posixpath.relpath(posixpath.normpath(place), TASK_ROOT)
        listed = source.startswith(("requirements", "pyproject", "uv.lock"))
        if not (listed or source in (".", "./", "src", "src/", "./src")) or inside not in (
            ".",
            source,
            posixpath.basename(source),
        ):
            return f"line {instruction.line} of its Dockerfile copies `{source}` to `{place}`"
    return ""


def image_function(said: Declared, file: Path, context: Path, command: str = "") -> Declared:
    """A function that another deployment file declares as an image, with what its Dockerfile says of it.

    Args:
        said: What is declared of it.
        file: The Dockerfile.
        context: The folder that COPY counts from.
        command: The handler that the declaration says in place of CMD; "" for none.
    """
    if not file.is_file():
        return replace(
            said, skipped="", problem=f"{said.name}: its Dockerfile is not there: no `{file}`", hint=DOCKER_HINT
        )
    if not is_lambda_file(file):
        return said
    try:
        row = read_image(file, context)
    except QuestionError as error:
        return replace(said, skipped="", problem=f"{said.name}: {error.message}: {error.cause}", hint=error.hint)
    except ValueError as error:
        return replace(said, skipped="", problem=f"{said.name}: `{file.name}`: {error}", hint=DOCKER_HINT)
    return replace(
        row,
        name=said.name,
        where=said.where,
        handler=command or row.handler,
        architecture=said.architecture or row.architecture,
        memory_mb=said.memory_mb,
        timeout_s=said.timeout_s,
        environment={**row.environment, **said.environment},
        environment_known=said.environment_known,
        problem=row.problem.replace(row.name, said.name, 1),
    )
