"""`docker run` in a packing script: its command, followed where the mounted folders lie on this machine."""

import os
import re
import shlex
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

from lambda_slim.formats.shell_script import ShellCommand
from lambda_slim.inputs.functions.packing import Packing

_VALUED = frozenset(
    {
        "-v", "--volume", "--mount", "-w", "--workdir", "--entrypoint", "-e", "--env", "--env-file", "--platform", "-u",
        "--user", "--name", "--network", "--net", "-p", "--publish", "-h", "--hostname", "-m", "--memory", "--cpus",
        "-l", "--label", "--pull", "--shm-size", "--add-host",
    }
)  # fmt: skip
_TASK = "/var/task"  # where the images of Lambda and of `sam build` start
_OF_LAMBDA = re.compile(r"\b(?:lambda|sam|lambci)\b|build-python3")
_SHELLS = frozenset({"sh", "bash", "/bin/sh", "/bin/bash", "/usr/bin/bash"})


@dataclass(slots=True)
class _Container:
    """What `docker run` is told.

    Attributes:
        mounts: Folder of the container to the one of this machine, as the script writes it.
        image: The image; "" for none.
        folder: Where its command is started.
        words: The command.
    """

    mounts: dict[str, str] = field(default_factory=dict)
    image: str = ""
    folder: str = ""
    words: list[str] = field(default_factory=list)


def follow_docker(packing: Packing, rest: list[str], command: ShellCommand) -> bool:
    """Follows what `docker run` runs, if it starts in a folder that is mounted; false for anything else."""
    container = _container(_without_empty(rest[1:])) if rest[:1] == ["run"] else None
    if container is None or not container.words:
        return False
    folders = {inside: packing.path(outside) for inside, outside in container.mounts.items()}
    started = container.folder or (_TASK if _OF_LAMBDA.search(container.image) else "")
    here = _on_this_machine(started, folders)
    if here is None or None in folders.values():
        return False
    before, packing.cwd = packing.cwd, here
    try:
        packing.within(packing.here / packing.where(command), _script(container.words, folders), [])
    finally:
        packing.cwd = before
    return True


def _without_empty(words: list[str]) -> list[str]:
    """The words without `--entrypoint ""`, whose value is lost among the words that have a text."""
    empty = [flag for flag, word in pairwise(words) if flag == "--entrypoint" and (word[:1] == "-" or ":" in word)]
    return [word for word in words if word not in empty]


def _container(words: list[str]) -> _Container | None:
    """The arguments of `docker run`; None where one of them is not understood."""
    made = _Container()
    left = list(words)
    while left and left[0].startswith("-"):
        flag, equals, value = left.pop(0).partition("=")
        if not equals and flag in _VALUED:
            if not left:
                return None
            value = left.pop(0)
        if not _take(made, flag, value):
            return None
    if not left:
        return None
    made.image, made.words = left[0], [*made.words, *left[1:]]
    return made


def _take(made: _Container, flag: str, value: str) -> bool:
    """Takes one option; false for one that may put something elsewhere."""
    if flag in ("-v", "--volume"):
        outside, _, inside = value.partition(":")
        made.mounts[os.path.normpath(inside.partition(":")[0])] = outside
        return bool(inside)
    if flag in ("-w", "--workdir"):
        made.folder = os.path.normpath(value)
    elif flag == "--entrypoint":
        made.words = [value] if value else []
    return flag != "--mount"


def _on_this_machine(place: str, folders: dict[str, Path | None]) -> Path | None:
    for inside, outside in folders.items():
        if outside and (place == inside or place.startswith(f"{inside}/")):
            return Path(os.path.normpath(outside / os.path.relpath(place, inside)))
    return None


def _script(words: list[str], folders: dict[str, Path | None]) -> str:
    """The command as a script of this machine."""
    runs = words[0] in _SHELLS and len(words) > 2 and words[1].startswith("-") and words[1].endswith("c")
    text = words[2] if runs else shlex.join(words)
    for inside in sorted(folders, key=len, reverse=True):
        here = str(folders[inside]).replace("\\", "\\\\")
        text = re.sub(rf"(?<![\w./-]){re.escape(inside)}(?![\w.-])", here, text)
    return text
