"""What the answer about a project depends on besides the files that are read for it."""

import functools
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from lambda_slim.base.files import read_loosely
from lambda_slim.base.progress import silent
from lambda_slim.base.stamps import Stamp
from lambda_slim.base.watched import Watched
from lambda_slim.cli._describe import describe_package
from lambda_slim.cli._session import Session
from lambda_slim.inputs.project.manifest import NAME as MANIFEST
from lambda_slim.inputs.project.manifest import read_manifest
from lambda_slim.model.deployable import Deployable
from lambda_slim.model.function import Function, RequirementsKind
from lambda_slim.model.report import FunctionReport
from lambda_slim.tasks.build_cache import is_built
from lambda_slim.tasks.hand_back import package_place

# What is looked for in the folders above a project, and changes the answer where it comes to be there.
_ABOVE = (
    ".git",
    ".gitignore",
    ".python-version",
    ".tool-versions",
    "lambda-slim.toml",
    "mise.toml",
    "pyproject.toml",
    "template.yaml",
    "template.yml",
    "uv.lock",
    "uv.toml",
)
_MEMBER = re.compile(r'source = \{ (?:editable|virtual|directory) = "([^"]+)" \}')


def watched_by(opened: Session) -> Iterator[Watched]:
    """How and where the answer about a project is to be looked at."""
    project, settings = opened.project, opened.settings
    yield "tree", str(project.root)
    files = [settings.file, settings.interpreter, project.template]
    for function in project.functions:
        yield from _of_function(function)
        files += function.events
    yield from (("file", str(path)) for path in files if path)
    roots = {Path.cwd(), project.root.absolute(), *(function.source.absolute() for function in project.functions)}
    yield from _above(roots)
    yield from (("self", folder) for folder in [*os.get_exec_path(), *_interpreters()] if folder.startswith("/"))
    yield from (("file", str(place / "uv" / "uv.toml")) for place in _configurations())


def _of_function(function: Function) -> Iterator[Watched]:
    yield ("whole" if function.artifact else "tree"), str(function.source)
    if function.artifact:
        yield "whole", str(function.artifact)
    for part in function.parts:
        yield "tree", str(part.source)
    needs = function.requirements
    if needs is None:
        return
    yield "file", str(needs.path)
    if needs.project:
        yield "file", str(needs.project / "pyproject.toml")
    if needs.kind is RequirementsKind.UV_LOCK:  # uv reads the project files of a workspace's members
        for member in _MEMBER.findall(read_loosely(needs.path)):
            yield "file", str(needs.path.parent / member / "pyproject.toml")


def _above(roots: Iterable[Path]) -> Iterator[Watched]:
    """The names in the folder that holds each root, and some files in all folders above it."""
    for root in roots:
        yield "names", str(root.parent)
        for folder in root.parents:
            yield from (("file", str(folder / name)) for name in _ABOVE)


def _interpreters() -> Iterator[str]:
    """Where version managers put interpreters: one that comes or goes decides about the level."""
    home = Path.home()
    yield str(Path(os.environ.get("PYENV_ROOT") or home / ".pyenv") / "versions")
    yield str(Path(os.environ.get("ASDF_DATA_DIR") or home / ".asdf") / "installs/python")
    yield from (str(home / ".local/share" / name) for name in ("mise/installs/python", "uv/python"))
    yield "/opt/python"


def _configurations() -> Iterator[Path]:
    yield Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config")
    yield from (Path(place) for place in (os.environ.get("XDG_CONFIG_DIRS") or "/etc/xdg").split(":"))
    yield Path("/etc")


@dataclass(frozen=True, slots=True)
class Packages:
    """What a build writes: where, and whether it is there."""

    opened: Session
    output: Path
    form: str
    dry: bool

    def _each(self) -> Iterator[tuple[Function, Path]]:
        for function in () if self.dry else self.opened.project.functions:
            yield function, package_place(self.output, function.name, self.form)

    def watched(self, stamp: Stamp) -> "Packages":
        """Looks at what the packages are made from, and gives them back."""
        stamp.watch(watched_by(self.opened), self.places())
        return self

    def remember(self, stamp: Stamp, answer: tuple[str, int], rows: tuple[FunctionReport, ...]) -> None:
        """Keeps what a build has printed, and its exit code."""
        if can_be_kept(self.opened):
            stamp.keep(answer, lambda: self.are_there(rows))

    def places(self) -> Iterator[Path]:
        """The zips, the manifests beside them, and the other packages that these list."""
        outs = [out.absolute() for _, out in self._each()]
        yield from outs
        for folder in {out.parent for out in outs}:
            yield from (folder / MANIFEST, *(folder / row.zip for row in read_manifest(folder)))

    def are_there(self, rows: Iterable[FunctionReport]) -> bool:
        """Whether every zip, and its line in the manifest, is as the report says."""
        listed = functools.cache(lambda folder: frozenset(read_manifest(folder)))
        for (function, out), report in zip(self._each(), rows, strict=False):
            if not report.package or not is_built(out, report.package.sha256):
                return False
            if describe_package(function, self.opened, out, report) not in listed(out.absolute().parent):
                return False
        return True


@dataclass(frozen=True, slots=True)
class BuiltPackages:
    """What was written for a deployable; `packages` is None where its functions cannot be known."""

    packages: Packages | None
    reports: tuple[FunctionReport, ...]

    @property
    def can_be_kept(self) -> bool:
        """Whether every package was made, from what can be looked at again."""
        if self.packages is None or self.packages.dry:
            return False
        return can_be_kept(self.packages.opened) and len(self.reports) == len(self.packages.opened.project.functions)


def opened_deployable(row: Deployable) -> Session | None:
    """A deployable as if it were opened by itself; None where its functions cannot be known."""
    if row.project is None:
        return None
    return Session(row.settings, row.project, silent, [*row.project.failures])


def watch_every(stamp: Stamp, root: Path, every: Iterable[Session | None], written: Iterable[Path] = ()) -> None:
    """Looks at all that a repository deploys.

    Args:
        stamp: What keeps the answer.
        root: The folder that was looked through.
        every: Its deployables.
        written: Files that the command writes.
    """
    watched = [row for opened in every if opened for row in watched_by(opened)]
    stamp.watch([("tree", str(root)), *watched], written)


def remember_every(stamp: Stamp, answer: tuple[str, int], every: Sequence[BuiltPackages]) -> None:
    """Keeps what was printed about all that a repository deploys, where every package was made."""
    if all(built.can_be_kept for built in every):
        stamp.keep(answer, lambda: all(row.packages.are_there(row.reports) for row in every if row.packages))


def remember_checks(stamp: Stamp, answer: tuple[str, int], every: Iterable[Session | None]) -> None:
    """Keeps a check of all that a repository deploys, where all of it can be looked at again."""
    if all(opened and can_be_kept(opened) for opened in every):
        stamp.keep(answer)


def can_be_kept(opened: Session) -> bool:
    """Whether everything that an answer came from can be checked again: images come from a daemon or a registry."""
    return not opened.failures and all(function.image is None for function in opened.project.functions)
