"""Builds that were not written to their end: what a tool leaves before it writes the file that names the functions."""

from collections.abc import Iterator
from pathlib import Path

from lambda_slim.base.errors import ConfigError

_SERVERLESS = ("cloudformation-template-update-stack.json", "cloudformation-template-create-stack.json")


def is_sam_build(folder: Path) -> bool:
    """Whether `sam build` fills a folder: its usual place, or build.toml beside it."""
    return folder.parts[-2:] == (".aws-sam", "build") or (folder.parent / "build.toml").is_file()


def check_finished(folder: Path) -> None:
    """Refuses a folder that a tool has begun to fill.

    Args:
        folder: One in which no file names functions.

    Raises:
        ConfigError: says which file is missing, and which command writes it.
    """
    for missing, command in _missing(folder):
        raise ConfigError(
            f"`{folder.name}` has no {missing}",
            cause="the build was not written to its end, or a file was removed",
            hint=f"run `{command}` again",
        )


def _missing(folder: Path) -> Iterator[tuple[str, str]]:
    """(file, the command that writes it)."""
    if (folder / "cdk.out").is_file():
        yield "manifest.json", "cdk synth"
    if any((folder / name).is_file() for name in _SERVERLESS):
        yield "serverless-state.json", "serverless package"
    if is_sam_build(folder):
        yield "template.yaml", "sam build"
