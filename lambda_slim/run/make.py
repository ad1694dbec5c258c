"""Runs the Makefile target that builds a function, as `sam build` does."""

import os
import shutil
from pathlib import Path

from lambda_slim.base.errors import RunError
from lambda_slim.run.process import run


def run_make(name: str, folder: Path, out: Path) -> None:
    """Runs `make build-NAME`, which fills a folder.

    Args:
        name: The function's logical id.
        folder: Where the Makefile lies; it may be written to.
        out: What the Makefile knows as ARTIFACTS_DIR.

    Raises:
        RunError: there is no `make`, or it failed, or it put nothing there.
    """
    binary = shutil.which("make")
    if not binary:
        raise RunError(f"{name}: there is no `make` on this machine", hint="install it, or run `sam build`")
    done = run([binary, f"build-{name}"], cwd=folder, env={**os.environ, "ARTIFACTS_DIR": str(out)})
    if done.code:
        last = " ".join((done.stderr or done.stdout).strip().splitlines()[-2:])
        raise RunError(f"{name}: `make build-{name}` failed", cause=last, hint="does `sam build` work?")
    if not any(out.iterdir()):
        raise RunError(f"{name}: `make build-{name}` put nothing into ARTIFACTS_DIR", hint="does `sam build` work?")
