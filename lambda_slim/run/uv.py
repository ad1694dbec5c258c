"""uv, which resolves and installs the target's wheels; a program, configured as its user has configured its sources."""

import functools
import itertools
import json
import re
import sys
import tempfile
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from lambda_slim.base.errors import ResolveError
from lambda_slim.base.files import read_regular_text
from lambda_slim.model.target import Target
from lambda_slim.run.build_disk import repositories, uv_disk
from lambda_slim.run.fetch_and_build import Build, UvRun, fetch_and_build
from lambda_slim.run.foreign import Disk
from lambda_slim.run.git_sources import strip_users
from lambda_slim.run.process import Done, run
from lambda_slim.run.pylock import for_any_python
from lambda_slim.run.uv_environment import nearest_settings, uv_environment
from lambda_slim.run.without_credentials import without_credentials

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
_CREDENTIALS = re.compile(r"(://)[^/\s?#]*@")
_QUERY = re.compile(r"(://[^\s?#\"'`<>]+)\?[^\s#\"'`<>)]+")


@dataclass(frozen=True, slots=True)
class UvRequest:
    """A request to uv: what to install, and how.

    Attributes:
        arguments: `-r FILE` and the like.
        cwd: Where relative paths begin, and where it looks for its settings.
        environment: The whole environment of uv.
        text: What it reads from standard input.
        offline: Only from the cache.
        exact: Nothing that the requirements require.
        fresh: Nothing from the cache.
        local: Folders of local projects that are built.
        files: The requirements that it reads itself.
    """

    arguments: tuple[str, ...]
    cwd: Path
    environment: Mapping[str, str]
    text: str = ""
    offline: bool = False
    exact: bool = False
    fresh: bool = False
    local: tuple[Path, ...] = ()
    files: tuple[Path, ...] = ()

    @property
    def flags(self) -> list[str]:
        """The arguments for `uv pip install`."""
        offline = ["--offline"] if self.offline else []
        exact = ["--no-deps"] if self.exact else []
        return [*offline, *exact, *(["--no-cache"] if self.fresh else []), *self.arguments]


@functools.cache
def uv_binary() -> str:
    """The path of the uv that came with lambda-slim."""
    import uv

    return str(uv.find_uv_bin())


def run_uv(
    arguments: Sequence[str],
    *,
    cwd: Path,
    env: Mapping[str, str] | None = None,
    text: str = "",
    timeout: float = _INSTALL_LIMIT,
    disk: Disk | None = None,
) -> Done:
    """Runs the uv that came with lambda-slim in a folder, as its user has configured its sources.

    A `required-version` speaks of the uv that the team works with: where ours is another, it is passed over.

    Args:
        arguments: For uv.
        cwd: Its working directory.
        env: Its whole environment; by default see `uv_environment`.
        text: What it reads from standard input.
        timeout: Seconds.
        disk: What it can write to where it may build; None where it builds nothing. Where it needs no places with
            credentials, it gets none in its settings either.

    Raises:
        TimeoutError: it ran longer than `timeout` seconds.
    """
    own = uv_environment() if env is None else env
    done = run([uv_binary(), *arguments], cwd=cwd, env=own, stdin=text, timeout=timeout, disk=disk)
    if not done.code or _OTHER_UV not in done.stderr:
        return done
    with tempfile.TemporaryDirectory(prefix="lambda-slim-") as folder:
        file = Path(folder) / "uv.toml"
        settings = _settings_above(cwd)
        file.write_text(strip_users(settings) if disk and not disk.needed else settings, "utf-8")
        command = [uv_binary(), "--config-file", str(file), *arguments]
        return run(command, cwd=cwd, env=own, stdin=text, timeout=timeout, disk=disk)


def _settings_above(folder: Path) -> str:
    """The nearest settings of uv, which it would read in a folder, as a uv.toml without a version."""
    file = nearest_settings(folder)
    if file is None:
        return ""
    table = tomllib.loads(read_regular_text(file))
    if file.name == "pyproject.toml":
        table = table.get("tool", {}).get("uv", {})
    return "".join(f"{key} = {_toml(value)}\n" for key, value in table.items() if _SOURCES.search(key))


def _toml(value: object) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{json.dumps(key)} = {_toml(item)}" for key, item in value.items()) + " }"
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


def install(request: UvRequest, folder: Path, target: Target, *, wheels: Sequence[str] = (":all:",)) -> Done:
    """`uv pip install --target` for a target; copies of what uv's cache has, no bytecode.

    Args:
        request: What to install.
        folder: Where to; made where it is not there.
        target: For what.
        wheels: Distributions that may not be built from source; `:all:` for every one.
    """
    command = ["pip", "install", "--target", str(folder), *_for(target), *_PLAIN, "--verify-hashes"]
    # Copies, not links: whatever happens to the tree does not happen to uv's cache. uv clones where it can.
    command += ["--link-mode", "copy", "--no-compile-bytecode"]
    command += ["--no-editable"]  # a link to a folder of this machine is no package
    command += [f"--only-binary={name}" for name in wheels]
    limit = _INSTALL_LIMIT if ":all:" in wheels else _BUILD_LIMIT
    folder.mkdir(parents=True, exist_ok=True)  # a build can only write to folders that are there
    try:
        with for_any_python(request.files) as files:
            if files != request.files:
                request = replace(request, files=files, arguments=("-r", str(files[0]), *request.arguments[2:]))
            done = _asked(request, [*command, *request.flags], limit, folder)
    except TimeoutError as error:
        return Done(1, "", f"error: {error}")
    (folder / ".lock").unlink(missing_ok=True)  # uv's own, against another uv
    return done


def _asked(request: UvRequest, words: Sequence[str], limit: float, *folders: Path) -> Done:
    """Runs uv for a request; it may build, and write to some folders."""
    cwd, environment = request.cwd, request.environment
    bare = without_credentials(cwd, environment, request.text, request.files)
    disk = uv_disk(uv_binary(), cwd, environment, folders)
    building = replace(disk, writable=(*disk.writable, *repositories(request.local)), needed=())
    late = ("pip", "install", "--python", sys.executable, "--no-python-downloads", *_PLAIN)

    def go(arguments: Sequence[str], how: UvRun) -> Done:
        env, text = how.environment, how.text
        return run_uv(arguments, cwd=cwd, env=env, text=text, timeout=limit, disk=how.disk)

    build = Build(tuple(words), late, (*late, *_machine(words)), bare)
    fetching = UvRun({**environment, **bare.git.variables}, bare.git.text, disk)
    return fetch_and_build(build, fetching, building, go)


_PLAIN = ("--no-progress", "--color", "never")


def _for(target: Target) -> tuple[str, ...]:
    machine = ("--python-version", target.runtime.python, "--python-platform", platform(target))
    return ("--python", sys.executable, "--no-python-downloads", *machine)


def _machine(words: Sequence[str]) -> Iterator[str]:
    """The arguments that say for what machine and Python a request is."""
    for option, value in itertools.pairwise(words):
        if option in ("--python-version", "--python-platform"):
            yield from (option, value)


def resolved_versions(request: UvRequest, target: Target) -> dict[str, str]:
    """What requirements bring when building from source is allowed, name to version; {} where uv cannot say."""
    told = _compile(request, target, form="requirements.txt")
    return dict(re.findall(r"^([A-Za-z0-9][A-Za-z0-9._-]*)==([^\s;]+)", told, re.MULTILINE))


def resolved_sources(request: UvRequest, target: Target) -> frozenset[str]:
    """Of what requirements bring when building from source is allowed: names for which there is no wheel here."""
    try:
        lock = tomllib.loads(_compile(request, target, form="pylock.toml"))
    except ValueError:
        return frozenset()
    return frozenset(row["name"] for row in lock.get("packages", ()) if "sdist" in row and not row.get("wheels"))


def _compile(request: UvRequest, target: Target, *, form: str) -> str:
    command = ["pip", "compile", "--no-header", "--no-annotate", *_PLAIN, "--format", form, *_for(target)]
    words = [word for word in request.flags if word not in ("-r", "--no-cache")]
    try:
        return _asked(request, [*command, *words], _BUILD_LIMIT).stdout
    except TimeoutError:
        return ""


def find_version(requirement: str, target: Target, request: UvRequest, *, lowest: bool) -> str | None:
    """The version that a requirement alone would get for a target from its wheels, or None.

    Args:
        requirement: One requirement.
        target: For what.
        request: Of whose environment, folder and network use is made.
        lowest: The oldest version rather than the newest.
    """
    command = ["pip", "install", "--dry-run", "--no-deps", "--only-binary", ":all:", *_PLAIN, *_for(target)]
    command += ["--resolution", "lowest"] if lowest else []
    command += ["--offline"] if request.offline else []
    with tempfile.TemporaryDirectory(prefix="lambda-slim-") as unused:  # uv locks its target, also when it only asks
        command += ["--target", unused, requirement]
        try:
            done = run_uv(command, cwd=request.cwd, env=request.environment, timeout=_ASK_LIMIT)
        except TimeoutError:
            return None
    version = re.search(r"^ \+ \S+?==(\S+)", done.stderr, re.MULTILINE)
    return version[1] if version and not done.code else None


def export(lock_folder: Path, *, offline: bool) -> str:
    """A uv.lock as hashed requirements, without the project itself and its development groups.

    Raises:
        ResolveError: the lock does not fit its pyproject.toml, or cannot be read.
    """
    command = ["export", "--frozen", "--no-dev", "--no-emit-project", "--no-editable", "--no-header", "--no-annotate"]
    command += ["--format", "requirements-txt", *_PLAIN, *(["--offline"] if offline else [])]
    done = run_uv(command, cwd=lock_folder)
    if done.code:
        raise ResolveError(
            "`uv.lock` cannot be used", cause=scrub(last_words(done.stderr)), hint="run `uv lock` in the project"
        )
    return done.stdout


def scrub(text: str) -> str:
    """Text without what may be a credential in URLs: user names, passwords, queries.

    >>> scrub("https://me:secret@index.example/simple?token=secret")
    'https://***@index.example/simple?***'
    """
    return _QUERY.sub(r"\1?***", _CREDENTIALS.sub(r"\1***@", text))


def last_words(stderr: str) -> str:
    """The last error that uv printed, on one line."""
    text = stderr[stderr.rfind("cause:") :] if "cause:" in stderr else stderr[max(0, stderr.find("error:")) :]
    text = text.split("\n\nhint:")[0].removeprefix("cause:").removeprefix("error:")
    return " ".join(text.split())[:600]
