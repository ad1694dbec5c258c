"""uv, which resolves and installs the target's wheels; a program, configured as its user has configured it."""

import functools
import json
import re
import sys
import tempfile
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from lambda_slim.base.errors import ResolveError
from lambda_slim.model.target import Target
from lambda_slim.run.process import Done, run

# manylinux levels that uv takes for --python-platform (uv 0.13): wheels with a level between two are not seen.
_LEVELS = (17, 28, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40)
_INSTALL_LIMIT = 900  # seconds
# Pure-Python sources are built in seconds, but all wheels may be fetched on the way; what takes longer is compiled.
_BUILD_LIMIT = 120
_ASK_LIMIT = 20
_OTHER_UV = "Required uv version"
# Of `[tool.uv]`, what says where distributions come from and which; the rest is about the project or is no setting.
_SOURCES = re.compile(
    r"index|find-links|keyring|insecure|prerelease|resolution|exclude-newer|fork|native-tls|^no-"
    r"|^(override|constraint|exclude|build-constraint)-dependencies$"
)
_CREDENTIALS = re.compile(r"(://)[^/\s:@]+(:[^/\s@]*)?@")


@functools.cache
def uv_binary() -> str:
    """The path of the uv that came with lambda-slim."""
    import uv

    return str(uv.find_uv_bin())


def run_uv(arguments: Sequence[str], *, cwd: Path, timeout: float = _INSTALL_LIMIT) -> Done:
    """Runs the uv that came with lambda-slim in a folder, as its user has configured it.

    A `required-version` speaks of the uv that the team works with: where ours is another, it is passed over.

    Raises:
        TimeoutError: it ran longer than `timeout` seconds.
    """
    done = run([uv_binary(), *arguments], cwd=cwd, timeout=timeout)
    if not done.code or _OTHER_UV not in done.stderr:
        return done
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "uv.toml"
        file.write_text(_settings_above(cwd), "utf-8")
        return run([uv_binary(), "--config-file", str(file), *arguments], cwd=cwd, timeout=timeout)


def _settings_above(folder: Path) -> str:
    """The nearest settings of uv, which it would read in a folder, as a uv.toml without a version."""
    for place in (folder.absolute(), *folder.absolute().parents):
        table: dict[str, Any] | None = None
        if (place / "uv.toml").is_file():
            table = tomllib.loads((place / "uv.toml").read_text("utf-8"))
        elif (place / "pyproject.toml").is_file():
            table = tomllib.loads((place / "pyproject.toml").read_text("utf-8")).get("tool", {}).get("uv")
        if table is not None:
            return "".join(f"{key} = {_toml(value)}\n" for key, value in table.items() if _SOURCES.search(key))
    return ""


def _toml(value: object) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{json.dumps(key)} = {_toml(one)}" for key, one in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(map(_toml, value)) + "]"
    return json.dumps(value) if isinstance(value, str | bool | int) else json.dumps(str(value))


@functools.cache
def uv_version() -> str:
    """Uv's version, part of every cache key."""
    from importlib.metadata import version

    return version("uv")


def platform(target: Target) -> str:
    """Uv's name for the target's platform: the highest manylinux level that the runtime's C library can load.

    uv's own default for Linux is manylinux_2_28, which does not load on runtimes with glibc 2.26.
    """
    level = max(level for level in _LEVELS if level <= target.runtime.glibc[1])
    return f"{target.machine}-manylinux_{target.runtime.glibc[0]}_{level}"


def install(
    arguments: Sequence[str],
    folder: Path,
    target: Target,
    *,
    cwd: Path,
    offline: bool,
    wheels: Sequence[str] = (":all:",),
) -> Done:
    """`uv pip install --target` for a target; hard links from uv's cache, no bytecode.

    Args:
        arguments: What to install.
        folder: Where to.
        target: For what.
        cwd: Where relative paths begin.
        offline: Only from the cache.
        wheels: Distributions that may not be built from source; `:all:` for every one.
    """
    command = [
        "pip",
        "install",
        "--target",
        str(folder),
        "--python",
        sys.executable,
        "--no-python-downloads",
    ]
    command += ["--python-version", target.runtime.python, "--python-platform", platform(target)]
    command += ["--link-mode", "hardlink", "--no-compile-bytecode", "--no-progress", "--color", "never"]
    command += ["--no-editable"]  # a link to a folder of this machine is no package
    command += [f"--only-binary={name}" for name in wheels]
    command += ["--offline"] if offline else []
    try:
        return run_uv([*command, *arguments], cwd=cwd, timeout=_INSTALL_LIMIT if ":all:" in wheels else _BUILD_LIMIT)
    except TimeoutError as error:
        return Done(1, "", f"error: {error}")


def resolved_versions(arguments: Sequence[str], target: Target, *, cwd: Path, offline: bool) -> dict[str, str]:
    """What requirements bring when building from source is allowed, name to version; {} where uv cannot say."""
    told = _compile(arguments, target, cwd=cwd, offline=offline, form="requirements.txt")
    return dict(re.findall(r"^([A-Za-z0-9][A-Za-z0-9._-]*)==([^\s;]+)", told, re.MULTILINE))


def resolved_sources(arguments: Sequence[str], target: Target, *, cwd: Path, offline: bool) -> frozenset[str]:
    """Of what requirements bring when building from source is allowed: names for which there is no wheel here."""
    try:
        lock = tomllib.loads(_compile(arguments, target, cwd=cwd, offline=offline, form="pylock.toml"))
    except tomllib.TOMLDecodeError:
        return frozenset()
    return frozenset(one["name"] for one in lock.get("packages", ()) if "sdist" in one and not one.get("wheels"))


def _compile(arguments: Sequence[str], target: Target, *, cwd: Path, offline: bool, form: str) -> str:
    command = [uv_binary(), "pip", "compile", "--no-header", "--no-annotate", "--no-progress", "--color", "never"]
    command += ["--format", form, "--python", sys.executable, "--no-python-downloads"]
    command += ["--python-version", target.runtime.python, "--python-platform", platform(target)]
    command += ["--offline"] if offline else []
    try:
        return run([*command, *(word for word in arguments if word != "-r")], cwd=cwd, timeout=_BUILD_LIMIT).stdout
    except TimeoutError:
        return ""


def find_version(requirement: str, target: Target, *, cwd: Path, lowest: bool, offline: bool) -> str | None:
    """The version that a requirement alone would get for a target from its wheels, or None."""
    command = ["pip", "install", "--dry-run", "--no-deps", "--only-binary", ":all:"]
    command += ["--python", sys.executable, "--no-python-downloads", "--no-progress", "--color", "never"]
    command += ["--python-version", target.runtime.python, "--python-platform", platform(target)]
    command += ["--resolution", "lowest"] if lowest else []
    command += ["--offline"] if offline else []
    with tempfile.TemporaryDirectory() as unused:  # uv locks its target, also when it only asks
        try:
            done = run_uv([*command, "--target", unused, requirement], cwd=cwd, timeout=_ASK_LIMIT)
        except TimeoutError:
            return None
    found = re.search(r"^ \+ \S+?==(\S+)", done.stderr, re.MULTILINE)
    return found[1] if found and not done.code else None


def export(lock_folder: Path, *, offline: bool) -> str:
    """A uv.lock as hashed requirements, without the project itself and its development groups.

    Raises:
        ResolveError: the lock does not fit its pyproject.toml, or cannot be read.
    """
    command = [
        "export",
        "--frozen",
        "--no-dev",
        "--no-emit-project",
        "--no-editable",
        "--no-header",
        "--no-annotate",
    ]
    command += [
        "--format",
        "requirements-txt",
        "--no-progress",
        "--color",
        "never",
        *(["--offline"] if offline else []),
    ]
    done = run_uv(command, cwd=lock_folder)
    if done.code:
        raise ResolveError(
            "`uv.lock` cannot be used", cause=scrub(last_words(done.stderr)), hint="run `uv lock` in the project"
        )
    return done.stdout


def scrub(text: str) -> str:
    """Text without user names and passwords in URLs.

    >>> scrub("https://me:secret@index.example/simple")
    'https://***@index.example/simple'
    """
    return _CREDENTIALS.sub(r"\1***@", text)


def last_words(stderr: str) -> str:
    """What uv said went wrong, on one line."""
    text = stderr[stderr.rfind("cause:") :] if "cause:" in stderr else stderr[max(0, stderr.find("error:")) :]
    text = text.split("\n\nhint:")[0].removeprefix("cause:").removeprefix("error:")
    return " ".join(text.split())[:600]
