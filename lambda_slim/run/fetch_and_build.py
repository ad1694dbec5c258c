"""uv fetches with credentials and runs nothing; then it builds offline and without them.

A build backend is code of whoever wrote the distribution. What it needs, uv has fetched into its cache before.
"""

import os
import re
import shlex
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from lambda_slim.base.files import read_regular
from lambda_slim.run.foreign import Disk
from lambda_slim.run.git_sources import Commits
from lambda_slim.run.process import Done
from lambda_slim.run.without_credentials import Bare

# Python with this home ends before it reads any code; uv asks interpreters what they are in a way that overlooks it.
_NO_PYTHON = "/proc/lambda-slim-fetches-only"
# Programs that uv asks for what it fetches; they may be written in Python.
_HELPERS = ("git", "keyring")
_ROUNDS = 40  # builds that are told from each other by what they miss
_OFFLINE = ("network was disabled", "Network connectivity is disabled")
_MISSED = re.compile(r"No solution found when resolving: ((?:`[^`]+`(?:, )?)+)")
_UNKNOWN = re.compile(r"\b([A-Za-z0-9][A-Za-z0-9._-]*) was not found in the cache")
_UNLOADED = re.compile(r"Failed to download `([^`]+)`")
_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*(\[[\w,. -]*\])?[ \d.<>=!~,*a-z+-]*(;[^$@]*)?")
NOT_FETCHED = "was not fetched before the build"


@dataclass(frozen=True, slots=True)
class UvRun:
    """How uv is run.

    Attributes:
        environment: Its whole environment.
        text: What it reads from standard input.
        disk: What it can write, and what it does not see.
    """

    environment: Mapping[str, str]
    text: str
    disk: Disk


@dataclass(frozen=True, slots=True)
class Build:
    """What may have to be built.

    Attributes:
        words: Arguments for uv.
        late: Arguments for what a backend asks for only when it runs; its requirements are read from standard input.
        needed: The same for what only a build shows to be required, which is for the target.
        bare: The request without credentials.
    """

    words: tuple[str, ...]
    late: tuple[str, ...]
    needed: tuple[str, ...]
    bare: Bare


Start = Callable[[Sequence[str], UvRun], Done]


def fetch_and_build(build: Build, fetching: UvRun, disk: Disk, run: Start) -> Done:
    """Runs uv until everything is fetched and built.

    Args:
        build: What is wanted.
        fetching: With credentials.
        disk: What a build can write.
        run: Runs uv.
    """
    with tempfile.TemporaryDirectory(prefix="lambda-slim-") as name:
        folder = Path(name)
        words, fetching, building = _prepared(build, fetching, disk, folder)
        done = run(words, fetching)
        rest = tuple(word for word in words if not word.startswith("--refresh"))
        told: set[str] = set()
        commits = Commits({}, {})
        while _stopped(done):
            commits = commits.and_of(done.stderr)
            built = run(_offline(rest), _at_commits(building, commits, folder))
            missing = _missing(built) or _unlike_asked(built, commits)
            if not missing or "--offline" in rest:
                return built
            if missing in told or len(told) == _ROUNDS:
                return _without_fetching(build.bare, rest, building, built, run)
            told.add(missing)
            _fetch_late(build, fetching, built.stderr, folder / "late", run)
            done = run(rest, fetching)
    return done


def _unlike_asked(built: Done, commits: Commits) -> str:
    """What was built of repositories at their commits; it is to be installed as it was asked for, or ""."""
    return "" if built.code else commits.overrides(())


def _at_commits(building: UvRun, commits: Commits, folder: Path) -> UvRun:
    """A build that takes repositories at the commits that were fetched."""
    if not commits.commits:
        return building
    texts = [building.text]
    for _, copy in building.disk.replaced:
        texts.append(read_regular(copy).decode("utf-8", "surrogateescape"))
        copy.write_text(commits.pinned(texts[-1]), "utf-8", "surrogateescape")
    overrides = folder / "overrides.txt"
    overrides.write_text(commits.overrides(texts), "utf-8")
    files = " ".join(filter(None, (building.environment.get("UV_OVERRIDE"), str(overrides))))
    environment = {**building.environment, "UV_OVERRIDE": files}
    return replace(building, environment=environment, text=commits.pinned(building.text))


def _offline(words: Sequence[str]) -> list[str]:
    """The arguments for a run without network."""
    return [*words[:2], *(() if "--offline" in words else ("--offline",)), *words[2:]]


def _fetch_late(build: Build, fetching: UvRun, stderr: str, folder: Path, run: Start) -> None:
    """Fetches what only a build has shown to be needed, by way of a folder that is there.

    An index may let nobody keep what it gives. Then uv knows nothing of an earlier build when it fetches again.
    """
    for words, names in ((build.late, [*_late(stderr)]), (build.needed, [*_needed(stderr)])):
        if names:
            text = "".join(f"{line}\n" for line in (*build.bare.options, *names))
            run([*words, "--target", str(folder), "-r", "-"], replace(fetching, text=text))


def _prepared(build: Build, fetching: UvRun, disk: Disk, folder: Path) -> tuple[tuple[str, ...], UvRun, UvRun]:
    """The arguments and both kinds of runs, with what they need in a folder: helpers, copies of files, a cache."""
    words = tuple(build.words)
    if "--no-cache" in words:  # what is fetched has to be there when it is built
        words = (*(word for word in words if word != "--no-cache"), "--cache-dir", str(folder / "cache"))
    (folder / "late").mkdir()
    environment = {**fetching.environment, "PYTHONHOME": _NO_PYTHON}
    if os.name == "posix":
        environment["PATH"] = os.pathsep.join((str(_helpers(folder, environment)), environment.get("PATH", "")))
    fetched = _copies(folder, "fetched", build.bare.git.files)
    fetch_disk = replace(fetching.disk, writable=(*fetching.disk.writable, folder), replaced=fetched)
    built = _copies(folder, "built", build.bare.replaced)
    build_disk = replace(disk, writable=(*disk.writable, folder), replaced=built)
    return (
        words,
        replace(fetching, environment=environment, disk=fetch_disk),
        UvRun(build.bare.environment, build.bare.text, build_disk),
    )


def _copies(folder: Path, kind: str, contents: Mapping[Path, str]) -> tuple[tuple[Path, Path], ...]:
    """Files, each with a file that stands for it."""
    copies = [(path, folder / f"{kind}-{number}") for number, path in enumerate(contents)]
    for path, copy in copies:
        copy.write_text(contents[path], "utf-8", "surrogateescape")
    return tuple(copies)


def _helpers(folder: Path, environment: Mapping[str, str]) -> Path:
    """A folder with programs that run the user's own ones, which may be written in Python, in their environment."""
    place = folder / "bin"
    place.mkdir()
    for name in _HELPERS:
        if program := shutil.which(name, path=environment.get("PATH", "")):
            script = place / name
            script.write_text(f'#!/bin/sh\nunset PYTHONHOME\nexec {shlex.quote(program)} "$@"\n')
            script.chmod(0o755)
    return place


def _stopped(done: Done) -> bool:
    """Whether uv stopped at a distribution that has to be built."""
    return bool(done.code) and _NO_PYTHON in done.stderr


def _missing(built: Done) -> str:
    """What a build without network misses, or ""."""
    offline = built.code and any(sign in built.stderr for sign in _OFFLINE)
    return built.stderr[built.stderr.find("error:") :] if offline else ""


def _late(stderr: str) -> Iterator[str]:
    """Requirements that a backend has named; no addresses, and nothing that uv would expand."""
    if match := _MISSED.search(" ".join(stderr.split())):
        yield from (name for name in re.findall(r"`([^`]+)`", match[1]) if _PLAIN.fullmatch(name))


def _needed(stderr: str) -> Iterator[str]:
    """Requirements whose pages or wheels are not there; no addresses, and nothing that uv would expand."""
    text = " ".join(stderr.split())
    names = [] if _MISSED.search(text) else dict.fromkeys(_UNKNOWN.findall(text))
    asked = [re.search(rf"depends on ({re.escape(name)}(?:[<>=!~][^\s,]*,?)*)", text) for name in names]
    lines = [match[1].rstrip(",") if match else name for name, match in zip(names, asked, strict=True)]
    yield from (line for line in (*lines, *_UNLOADED.findall(text)) if _PLAIN.fullmatch(line))


def _without_fetching(bare: Bare, words: Sequence[str], building: UvRun, built: Done, run: Start) -> Done:
    """Builds with the network if that gives no access to credentials; else the error that names what is missing."""
    if not bare.indexes:
        return run(words, building)
    return replace(built, stderr=f"error: what is needed {NOT_FETCHED}\n  cause: {_missing(built)}")
