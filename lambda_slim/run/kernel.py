"""Runs the reference kernel with a target's Python."""

from importlib.resources import files
from pathlib import Path

from lambda_slim.run.process import run


def kernel_us(interpreter: Path) -> int | None:
    """CPU microseconds of the reference kernel on this machine now, or None where it would not run.

    One reading. How fast a machine is changes with what else it does, so a reading belongs beside the run that it is
    compared with, and none is kept.
    """
    script = files("lambda_slim.run.probe").joinpath("kernel.py")
    try:
        return round(1000 * float(run([str(interpreter), "-I", "-S", str(script)], timeout=60).stdout))
    except (OSError, TimeoutError, ValueError):
        return None
