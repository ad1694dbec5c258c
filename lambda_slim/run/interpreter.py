"""Finds a Python of the target's minor version."""

import functools
import os
import platform
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

from lambda_slim.base.errors import ConfigError
from lambda_slim.model.function import Function
from lambda_slim.model.target import Target
from lambda_slim.run.process import run
from lambda_slim.run.uv import uv_binary
from lambda_slim.run.uv_environment import system_environment, uv_environment

_ASK = (
    "import sys; print('%d.%d %s %d' % (*sys.version_info[:2], sys.implementation.name, sys.flags.optimize)); "
    "print(sys.executable)"
)
# What version managers choose a Python by: their shims are asked once, as the user has configured them.
_MANAGERS = ("PYENV_", "ASDF_", "MISE_", "CONDA_", "RTX_")
_versions: dict[Path, str] = {Path(sys.executable): f"{sys.version_info[0]}.{sys.version_info[1]}"}


def find_interpreter(target: Target, chosen: Path | None) -> Path | None:
    """A CPython of exactly the target's minor version: the one chosen, this one, PATH, version managers', uv's.

    Shims of pyenv, asdf and conda are asked for the interpreter that they lead to: what they lead to depends on the
    environment and the folder, and the interpreter is run in others.

    Raises:
        ConfigError: the one chosen is not there, or of another version.
    """
    wanted = target.runtime.python
    if not chosen:
        return _search(wanted)
    real = _real(str(chosen), wanted)
    if real is None:
        raise ConfigError(
            f"`{chosen}` is not a CPython {wanted}",
            cause="it cannot be run, or is another version",
            hint=f"--interpreter must be of the target's minor version ({wanted})",
        )
    return real


def minor_version(interpreter: Path) -> str:
    """`3.12` of an interpreter; one that `find_interpreter` has found is not asked again."""
    known = _versions.get(interpreter)
    if known is None:
        question = "import sys; print('%d.%d' % sys.version_info[:2])"
        known = run([str(interpreter), "-I", "-S", "-c", question], timeout=20).stdout.strip()
    return _versions.setdefault(interpreter, known)


def cannot_run(function: Function, interpreter: Path | None) -> str:
    """Why a function cannot be run on this machine; "" where it can."""
    machine = {"AMD64": "x86_64", "arm64": "aarch64"}.get(platform.machine(), platform.machine())
    if interpreter is None:
        return f"no Python {function.target.runtime.python} on this machine, so nothing was run"
    if os.name != "posix" or platform.system() != "Linux" or machine != function.target.machine:
        return (
            f"this machine is {platform.system()} {machine}, so a package for {function.target.machine} cannot be run"
        )
    return ""


@functools.cache
def _search(wanted: str) -> Path | None:
    if f"{sys.version_info[0]}.{sys.version_info[1]}" == wanted and sys.implementation.name == "cpython":
        return Path(sys.executable)
    return next((real for path in _candidates(wanted) if (real := _real(path, wanted))), None)


def _candidates(wanted: str) -> Iterator[str]:
    for name in os.get_exec_path():
        if program := shutil.which(f"python{wanted}", path=name):
            yield program
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
    command = [uv_binary(), "python", "find", "--no-python-downloads", wanted]
    done = run(command, env=uv_environment(), timeout=30)
    if done.code == 0:
        yield done.stdout.strip()


@functools.cache
def _real(path: str, wanted: str) -> Path | None:
    """The interpreter that a path or shim leads to; None where it is no CPython of the wanted version."""
    own = {name: value for name, value in os.environ.items() if name.startswith(_MANAGERS)}
    try:
        said = run([path, "-I", "-S", "-c", _ASK], env={**system_environment(), **own}, timeout=20).stdout.splitlines()
    except (OSError, TimeoutError):
        return None
    if len(said) < 2 or said[0].split()[:2] != [wanted, "cpython"]:
        return None
    real = Path(said[1]) if Path(said[1]).is_file() else Path(path)
    _versions[real] = wanted
    return real
