"""Files in a project that do not belong to it: packages that were built from it, and files that git ignores."""

import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from lambda_slim.base.files import read_regular
from lambda_slim.inputs.git_ignored import read_ignored
from lambda_slim.inputs.project.manifest import read_manifest
from lambda_slim.model.file import File, FileKind

if TYPE_CHECKING:
    import pathspec

_ARCHIVES = (".zip", ".whl", ".egg")
_SETTINGS = (".json", ".yaml", ".yml", ".toml", ".ini", ".cfg", ".txt", ".html")
_CODE = frozenset({FileKind.SOURCE, FileKind.LIBRARY, FileKind.STUB, FileKind.METADATA})
_BUILT = "a package that was built before"
_IGNORE = ".gitignore"
_LARGEST = 200_000  # bytes of a data file that may name others
_INSTALLED = re.compile(r"(^|/)[^/]+\.dist-info/|^_lambda_slim_guard\.")


def find_leftovers(own: Mapping[str, File], module: str, source: Path, top: Path) -> dict[str, str]:
    """First-party files that are no part of the project, to the reason.

    Archives that hold the handler's module or installed distributions, and folders that we built; and what a
    `.gitignore` of the project names.
    Neither counts where first-party code or data names the file, or a folder above it: then it is read. Ignored code
    stays, as generators write it; so do files like `.env`, which are for the rule on secrets to judge.

    Args:
        own: First-party files by package path.
        module: The handler's, dotted.
        source: The function's folder.
        top: The folder whose `.gitignore` is the outermost that counts.
    """
    reasons = {file.path: _BUILT for file in own.values() if _is_package(file, module)}
    reasons |= {path: "git ignores it" for path in _ignored(own, module, source, top) if path not in reasons}
    words = _words(own.values(), reasons) if reasons else frozenset()
    left = {path: why for path, why in reasons.items() if words.isdisjoint(_names(path, whole=why != "git ignores it"))}
    return {**left, **dict.fromkeys(_outputs_of_ours(own, source), _BUILT)}


def _outputs_of_ours(own: Mapping[str, File], source: Path) -> Iterator[str]:
    """Package paths of zips, and of files in folders, that `build` wrote below the source for any function."""
    above = {folder for file in own.values() for folder in file.source.parents if folder.is_relative_to(source)}
    ours = {folder / row.zip for folder in above for row in read_manifest(folder)}
    for path, file in own.items() if ours else ():
        if not ours.isdisjoint((file.source, *file.source.parents)):
            yield path


def told(leftovers: Mapping[str, str]) -> list[str]:
    """A line for each top-level folder or file that is left out."""
    groups: dict[tuple[str, str], int] = {}
    for path, why in leftovers.items():
        folder, slash, _ = path.partition("/")
        key = (f"{folder}{slash}" if why == "git ignores it" or not path.endswith(_ARCHIVES) else path, why)
        groups[key] = groups.get(key, 0) + 1
    return [f"{name}: left out: {why}" + (f" ({n} files)" if n > 1 else "") for (name, why), n in groups.items()]


def _may_go(file: File) -> bool:
    return file.kind not in _CODE and not file.path.endswith(".pth") and not _base(file.path).startswith(".env")


def _base(path: str) -> str:
    return path.rpartition("/")[2]


def _is_package(file: File, module: str) -> bool:
    """Whether an archive holds what is deployed: the handler's module, or distributions as installers leave them."""
    if not file.path.endswith(_ARCHIVES):
        return False
    base = module.replace(".", "/")
    names = {f"{base}.py", f"{base}.pyc", f"{base}/__init__.py", f"{base}/__init__.pyc"}
    try:
        with zipfile.ZipFile(file.source) as archive:
            listed = archive.namelist()
    except (OSError, ValueError, zipfile.BadZipFile, NotImplementedError):
        return False
    return not names.isdisjoint(listed) or any(_INSTALLED.search(name) for name in listed)


def _ignored(own: Mapping[str, File], module: str, source: Path, top: Path) -> list[str]:
    """Package paths, in the order of `own`, that the project's `.gitignore` files name, of files that may go.

    The innermost file that has an opinion decides. Where git ignores the handler too, it says nothing of the rest.
    """
    specs = list(_specs(own, source, top))
    base = module.replace(".", "/")
    ignored = [path for path, file in own.items() if _is_ignored(file.source, specs)]
    if {f"{base}.py", f"{base}/__init__.py"} & set(ignored):
        return []
    return [path for path in ignored if _may_go(own[path])]


def _specs(own: Mapping[str, File], source: Path, top: Path) -> Iterator[tuple[Path, "pathspec.GitIgnoreSpec"]]:
    """(folder, patterns) of the `.gitignore` files above the code and in it, outermost first."""
    above = [folder for folder in (source, *source.parents) if folder.resolve().is_relative_to(top)]
    inside = {file.source.parent for path, file in own.items() if path.rpartition("/")[2] == _IGNORE}
    folders = {*above, *inside}
    for folder in sorted(folders, key=lambda place: len(place.parts)):
        if (folder / _IGNORE).is_file():
            yield folder, read_ignored(folder / _IGNORE)


def _is_ignored(place: Path, specs: Iterable[tuple[Path, "pathspec.GitIgnoreSpec"]]) -> bool:
    ignored = False
    for folder, spec in specs:
        if place.is_relative_to(folder):
            opinion = spec.check_file(place.relative_to(folder).as_posix()).include
            ignored = ignored if opinion is None else opinion
    return ignored


def _names(path: str, *, whole: bool) -> set[str]:
    """What code that reads a file would name: the file; unless it is one `whole` archive, a folder or `*.suffix`."""
    parts = path.split("/")
    suffix = PurePosixPath(path).suffix
    return {parts[-1]} if whole else {*parts, *([f"*{suffix}"] if suffix else [])}


def _words(files: Iterable[File], leftovers: Mapping[str, str]) -> frozenset[str]:
    """Those names of leftovers that the project's code and small data hold as words."""
    wanted = {name for path, why in leftovers.items() for name in _names(path, whole=why != "git ignores it")}
    words: set[str] = set()
    for file in files:
        if file.path in leftovers or not _may_name(file):
            continue
        try:
            text = read_regular(file.source)
        except OSError:
            continue
        words |= {name for name in wanted - words if _holds(text, name.encode("utf-8", "surrogateescape"))}
    return frozenset(words)


def _may_name(file: File) -> bool:
    """Whether a file is one whose words tell what the function reads: code, and small settings."""
    if file.kind is FileKind.SOURCE:
        return True
    return file.size <= _LARGEST and file.path.endswith(_SETTINGS) and not _base(file.path).startswith(".")


def _holds(text: bytes, name: bytes) -> bool:
    return name in text and bool(re.search(rb"(?<![\w.-])" + re.escape(name) + rb"(?![\w-])", text))
