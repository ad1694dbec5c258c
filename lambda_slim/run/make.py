"""Runs the Makefile target that builds a function, as `sam build` does."""

import os
import re
import shutil
import tempfile
from pathlib import Path

from lambda_slim.base.errors import RunError
from lambda_slim.run.foreign import Disk, ForeignProgram, Limits
from lambda_slim.run.runner import run_foreign
from lambda_slim.run.traced_command import passed_environment

_LIMITS = Limits(900, memory_mb=8192, file_mb=8192, processes=4096)
# How pip, uv and others reach an index. What opens one (a user, a token in a query) stays behind, as do caches.
_FETCHES = re.compile(r"(?:PIP|UV)_[A-Z_]+|(?:all|https?|no)_proxy", re.IGNORECASE)
_OPENS = re.compile(r"TOKEN|SECRET|PASS|CREDENTIAL|KEY|AUTH|USERNAME|CACHE_DIR", re.IGNORECASE)
_USER = re.compile(r"://[^/\s]*@|://\S*\?")


def run_make(name: str, folder: Path, out: Path, scratch: Path) -> None:
    """Runs `make build-NAME`, which fills a folder.

    Args:
        name: The function's logical id.
        folder: Where the Makefile lies.
        out: What the Makefile knows as ARTIFACTS_DIR.
        scratch: The copy of the project that it may write to.

    Raises:
        RunError: there is no `make`, or it failed, or it put nothing there.
    """
    binary = shutil.which("make")
    if not binary:
        raise RunError(
            f"{name}: there is no `make` on this machine",
            cause="its BuildMethod is makefile",
            hint="install it, or run `sam build`",
        )
    with tempfile.TemporaryDirectory(prefix="lambda-slim-") as place:
        own = Path(place).resolve()
        for made in ("home", "tmp"):
            (own / made).mkdir()
        env = _environment() | {"ARTIFACTS_DIR": str(out), "HOME": str(own / "home"), "TMPDIR": str(own / "tmp")}
        disk = Disk(writable=(own, out, scratch))
        done = run_foreign(ForeignProgram([binary, f"build-{name}"], env, folder), _LIMITS, disk=disk, merged=True)
    if done.stopped:
        raise RunError(
            f"{name}: `make build-{name}` came to its limit of {done.stopped}",
            cause="docs/security.md has the limits",
            hint="run `sam build`, and give its folder",
        )
    if done.code:
        last = " ".join(done.stdout.decode("utf-8", "replace").strip().splitlines()[-2:])
        hint = "it has no credentials, and a home of its own (docs/security.md); does `sam build` work?"
        raise RunError(f"{name}: `make build-{name}` failed", cause=last, hint=hint)
    if not any(out.iterdir()):
        raise RunError(
            f"{name}: `make build-{name}` put nothing into ARTIFACTS_DIR",
            cause="it ended without an error",
            hint="does `sam build` work?",
        )


def _environment() -> dict[str, str]:
    fetches = {
        variable: value
        for variable, value in os.environ.items()
        if _FETCHES.fullmatch(variable) and not _OPENS.search(variable) and not _USER.search(value)
    }
    return passed_environment() | fetches
