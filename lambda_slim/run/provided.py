"""What managed runtimes provide, for runs on this machine; installed once into the cache."""

import tempfile
from pathlib import Path

from lambda_slim.base.cache import digest, entry
from lambda_slim.base.run_copies import run_copies
from lambda_slim.base.stored_tree import ensure_tree
from lambda_slim.run.interpreter import minor_version
from lambda_slim.run.process import run
from lambda_slim.run.uv import run_uv, uv_version
from lambda_slim.run.uv_environment import find_sources

_INSTALL_LIMIT = 120  # seconds
_COMPILE_LIMIT = 60


def provide(interpreter: Path, name: str, *, offline: bool) -> Path | None:
    """A folder with a distribution for an interpreter, which code may run on; None where it cannot be had."""
    sources = find_sources(Path(tempfile.gettempdir()))
    env = {variable: value for variable, value in sources.environment.items() if variable != "UV_REQUIRE_HASHES"}
    place = entry("trees", digest("provided-2", name, minor_version(interpreter), uv_version(), sources.digest))

    def fill(folder: Path) -> None:
        command = ["pip", "install", "--target", str(folder), "--python", str(interpreter), "--link-mode", "copy"]
        command += ["--no-python-downloads", "--only-binary", ":all:", "--no-progress", "--no-compile-bytecode"]
        command += [*(["--offline"] if offline else []), name]
        # Not in the project's folder: its settings are about its own distributions.
        if run_uv(command, cwd=Path(tempfile.gettempdir()), env=env, timeout=_INSTALL_LIMIT).code:
            raise OSError(0, "uv could not install it", name)
        (folder / ".lock").unlink(missing_ok=True)
        # simplejson brings its tests.
        compiled = ["-m", "compileall", "-q", "-x", "/tests/", "--invalidation-mode", "unchecked-hash", str(folder)]
        run([str(interpreter), "-I", "-S", *compiled], timeout=_COMPILE_LIMIT)

    try:
        return run_copies(ensure_tree(place, lambda _: True, fill, lambda: None).folder)
    except (OSError, TimeoutError):
        return None
