"""Runs the reference kernel with a target's Python."""

import functools
from importlib.resources import files
from pathlib import Path

from lambda_slim.tools.process import run


@functools.cache
def reference_ms(interpreter: Path) -> float | None:
    """CPU milliseconds of the reference kernel on this machine, or None where it would not run."""
    script = files("lambda_slim.probe").joinpath("kernel.py")
    try:
        return float(run([str(interpreter), "-I", "-S", str(script)], timeout=60).stdout)
    except (OSError, TimeoutError, ValueError):
        return None
