"""Runs the reference kernel with a target's Python."""

import contextlib
import functools
import platform
import time
from importlib.resources import files
from pathlib import Path

from lambda_slim.base.cache import digest, load, store
from lambda_slim.run.process import run

_DAY = 86_400
_BOOT = Path("/proc/sys/kernel/random/boot_id")


@functools.cache
def reference_ms(interpreter: Path) -> float | None:
    """CPU milliseconds of the reference kernel on this machine, or None where it would not run.

    Run once a day for an interpreter, and again after a restart: it takes longer than many an INIT.
    """
    script = files("lambda_slim.run.probe").joinpath("kernel.py")
    key = _key(interpreter, script.read_text("utf-8"))
    with contextlib.suppress(ValueError):
        if known := load("kernel", key):
            return float(known)
    try:
        answer = run([str(interpreter), "-I", "-S", str(script)], timeout=60).stdout
        found = float(answer)
    except (OSError, TimeoutError, ValueError):
        return None
    store("kernel", key, answer.encode())
    return found


def _key(interpreter: Path, script: str) -> str:
    boot = platform.node()
    with contextlib.suppress(OSError):
        boot += _BOOT.read_text()
    state = interpreter.stat().st_mtime_ns if interpreter.exists() else 0
    return digest(boot, str(interpreter), str(state), script, str(int(time.time() // _DAY)))
