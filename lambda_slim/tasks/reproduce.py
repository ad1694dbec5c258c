"""Compares the bytes of two builds under different conditions."""

import hashlib
import shutil
import tempfile
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from lambda_slim.base.errors import RunError
from lambda_slim.base.progress import Progress
from lambda_slim.run.again import Surroundings, build_again

# All of it differs.
_SURROUNDINGS = (
    Surroundings("a", 0o022, "UTC", "C", "1"),
    Surroundings("another place/with a longer näme", 0o077, "Pacific/Auckland", "C.UTF-8", "4711"),
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """One function's two zips: both digests, and the first member that differs ("" for none)."""

    name: str
    first: str
    second: str
    differs: str

    @property
    def same(self) -> bool:
        """Whether the bytes are equal."""
        return self.first == self.second


def reproduce(project: Path, arguments: Sequence[str], progress: Progress) -> tuple[Outcome, ...]:
    """Builds copies of a project twice, under different path, cache, umask, time zone, locale and hash seed.

    Args:
        project: The project folder; it is copied, not touched.
        arguments: For `lambda-slim build`, after TARGET.
        progress: Told what goes on.

    Raises:
        RunError: a build failed.
    """
    work = Path(tempfile.mkdtemp(prefix="lambda-slim-"))
    try:
        folders = []
        for number, around in enumerate(_SURROUNDINGS):
            progress(f"building under umask {around.umask:03o}, {around.zone}, {around.locale}, seed {around.seed}")
            copy = work / around.folder / project.name
            shutil.copytree(project, copy, symlinks=True, ignore=shutil.ignore_patterns(".git", ".venv", "__pycache__"))
            out = work / f"out{number}"
            command = [str(copy), "-o", str(out), "-q", *arguments]
            done = build_again(command, around, cwd=copy, cache=work / f"cache{number}")
            if done.code:
                words = done.stderr.strip().splitlines() or ["it said nothing"]
                message = f"build {number + 1} of 2 failed (exit {done.code})"
                raise RunError(
                    message, cause=words[0].removeprefix("error: "), hint="does `lambda-slim build` work here?"
                )
            folders.append(out)
        return tuple(_compare(path, folders[1] / path.name) for path in sorted(folders[0].glob("*.zip")))
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _compare(first: Path, second: Path) -> Outcome:
    digests = [hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else "" for path in (first, second)]
    differs = "" if digests[0] == digests[1] else _first_difference(first, second)
    return Outcome(first.stem, digests[0], digests[1], differs)


def _first_difference(first: Path, second: Path) -> str:
    if not second.is_file():
        return "the second build has no such zip"
    with zipfile.ZipFile(first) as left, zipfile.ZipFile(second) as right:
        names = [set(file.namelist()) for file in (left, right)]
        if only := sorted(names[0] ^ names[1]):
            return f"{only[0]} is in one of them only"
        return next((name for name in left.namelist() if left.read(name) != right.read(name)), "the zip's own headers")
