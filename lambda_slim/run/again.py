"""Runs lambda-slim in a child process, under other conditions."""

import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from lambda_slim.run.process import Done, run


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Conditions that must not change the bytes of a build.

    Attributes:
        folder: Name of the folder that holds the project.
        umask: As a number, 0o022.
        zone: Time zone.
        seed: Hash seed.
    """

    folder: str
    umask: int
    zone: str
    locale: str
    seed: str


def build_again(arguments: Sequence[str], around: Surroundings, *, cwd: Path, cache: Path) -> Done:
    """`lambda-slim build` in a child with a cache and surroundings of its own."""
    env = {
        **os.environ,
        "LAMBDA_SLIM_CACHE": str(cache),
        "TZ": around.zone,
        "LC_ALL": around.locale,
        "PYTHONHASHSEED": around.seed,
        "PYTHONPATH": str(Path(__file__).parents[2]),
    }
    command = [sys.executable, "-m", "lambda_slim", "build", *arguments]
    shell = ["sh", "-c", f'umask {around.umask:03o}; exec "$@"', "sh", *command]
    return run(shell if os.name == "posix" else command, cwd=cwd, env=env, timeout=1800)
