"""Runs lambda-slim itself in a child, under conditions of its own."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path

from lambda_slim.run.process import Done, run


def build_again(
    arguments: Sequence[str], *, cwd: Path, cache: Path, umask: int, zone: str, locale: str, seed: str
) -> Done:
    """`lambda-slim build` in a child with another cache, umask, time zone, locale and hash seed."""
    env = {
        **os.environ,
        "LAMBDA_SLIM_CACHE": str(cache),
        "TZ": zone,
        "LC_ALL": locale,
        "PYTHONHASHSEED": seed,
        "PYTHONPATH": str(Path(__file__).parents[2]),
    }
    command = [sys.executable, "-m", "lambda_slim", "build", *arguments]
    shell = ["sh", "-c", f'umask {umask:03o}; exec "$@"', "sh", *command]
    return run(shell if os.name == "posix" else command, cwd=cwd, env=env, timeout=1800)
