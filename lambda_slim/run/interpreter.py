"""Finds a Python of the target's minor version."""

import functools
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

from lambda_slim.base.errors import ConfigError
from lambda_slim.model.target import Target
from lambda_slim.run.process import run
from lambda_slim.run.uv import uv_binary

_ASK = "import sys; print('%d.%d %s %d' % (*sys.version_info[:2], sys.implementation.name, sys.flags.optimize))"


def find_interpreter(target: Target, chosen: Path | None) -> Path | None:
    """A CPython of exactly the target's minor version: the one chosen, this one, PATH, version managers', uv's.

    Raises:
        ConfigError: the one chosen is not there, or of another version.
    """
    wanted = target.runtime.python
    if chosen:
        if not _is(str(chosen), wanted):
            raise ConfigError(
                f"`{chosen}` is not a CPython {wanted}",
                cause="it cannot be run, or says that it is of another version",
                hint=f"--interpreter must be of the target's minor version ({wanted})",
            )
        return chosen
    return _search(wanted)


@functools.cache
def _search(wanted: str) -> Path | None:
    if f"{sys.version_info[0]}.{sys.version_info[1]}" == wanted and sys.implementation.name == "cpython":
        return Path(sys.executable)
    return next((Path(found) for found in _candidates(wanted) if _is(found, wanted)), None)


def _candidates(wanted: str) -> Iterator[str]:
    if found := shutil.which(f"python{wanted}"):
        yield found
    home = Path.home()
    folders = (
        Path(os.environ.get("PYENV_ROOT", home / ".pyenv")) / "versions",
        Path(os.environ.get("ASDF_DATA_DIR", home / ".asdf")) / "installs/python",
        home / ".local/share/mise/installs/python",
        home / ".local/share/uv/python",
        Path("/opt/python"),
    )
    for folder in folders:
        yield from (str(path) for path in sorted(folder.glob(f"*{wanted}*/bin/python{wanted}"), reverse=True))
    yield from (
        str(path)
        for path in (Path("/usr/bin") / f"python{wanted}", Path("/usr/local/bin") / f"python{wanted}")
        if path.exists()
    )
    done = run([uv_binary(), "python", "find", "--no-python-downloads", wanted], timeout=30)
    if done.code == 0:
        yield done.stdout.strip()


def _is(path: str, wanted: str) -> bool:
    try:
        return run([path, "-I", "-S", "-c", _ASK], timeout=20).stdout.split()[:2] == [wanted, "cpython"]
    except (OSError, TimeoutError):
        return False
