"""The scripts of a repository that make a package which is not there: which one packs it, and from what."""

import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import chain, islice
from pathlib import Path

from lambda_slim.base.files import first_file, read_loosely
from lambda_slim.formats.makefile import MAKEFILES, make_script, make_targets
from lambda_slim.inputs.functions.ci_scripts import ci_files, ci_scripts
from lambda_slim.inputs.functions.packing import Packing, follow_script
from lambda_slim.inputs.functions.packing_files import PackedFiles, prefix_of
from lambda_slim.inputs.functions.records import Declared
from lambda_slim.model.layout import Placement
from lambda_slim.model.packing import FUNCTION_SITE, Packed

NOT_PACKED = "say `source` (the folder of its code) in its table of [functions], or build the package first"
_ASIDE = frozenset({"node_modules", "venv", "env", "site-packages", "vendor", "test", "tests", "docs", "examples"})
_TOOLS = frozenset({"scripts", "script", "bin", "tools", "ci", "deploy", "build"})  # folders of scripts
_DEEPEST = 3
_MOST = 40  # scripts that are read
_LOCKS = ("uv.lock", "poetry.lock", "pdm.lock", "Pipfile.lock", "pyproject.toml", "Pipfile")


@dataclass(frozen=True, slots=True)
class ScriptPackage:
    """What a script puts into a package.

    Attributes:
        parts: Folders and files with where they go.
        requires: Lines of requirements.
        requirements: A lock that says the dependencies.
        where: `build.sh:12`, where the last of it is packed.
        problem: What is seen and not understood; "" where all is.
    """

    parts: tuple[Placement, ...] = ()
    requires: tuple[str, ...] = ()
    requirements: Path | None = None
    where: str = ""
    problem: str = ""


def script_package(packing: Packing, place: Path, site: str = FUNCTION_SITE) -> ScriptPackage | None:
    """What a script that was followed puts into a folder or an archive; None where it puts nothing there.

    Args:
        packing: The script.
        place: The folder or archive.
        site: Where Python looks for distributions in it; see `FUNCTION_SITE`.
    """
    rows = packing.files.within(place)
    if not rows:
        named = any(place.name in row[2] for row in packing.unknown)
        first = packing.unknown[0] if named else None
        return ScriptPackage(where=first[1], problem=_not_understood(first)) if first else None
    last = max(rows, key=lambda row: row.turn)
    early = [row for row in packing.unknown if row[0] <= last.turn or _writes(row[2], place)]
    placed = list(prefix_of(rows, place))
    problem = _not_understood(early[0]) if early else _not_found_by_python(placed, site)
    return ScriptPackage(where=last.where, problem=problem) if problem else _whole(placed, last.where)


def _writes(command: str, place: Path) -> bool:
    """Whether a call that is not understood writes into the archive, which may be the last that is done to it."""
    return command.startswith("zipfile.") and command.endswith(place.name)


def _not_found_by_python(placed: list[tuple[str, Packed]], site: str) -> str:
    """What is wrong with where requirements go; "" for nothing."""
    installed = (prefix for prefix, row in placed if row.requires or row.locked)
    elsewhere = [prefix for prefix in installed if not re.fullmatch(site, prefix)]
    return f"requirements go to {elsewhere[0] or '.'}/ in it, where Python does not look" if elsewhere else ""


def _whole(placed: list[tuple[str, Packed]], where: str) -> ScriptPackage:
    folders = [row.locked for _, row in placed if row.locked]
    locks = list(dict.fromkeys(filter(None, map(_lock, folders))))
    requires = tuple(dict.fromkeys(chain.from_iterable(row.requires for _, row in placed)))
    if len(locks) > 1 or (locks and requires):
        return ScriptPackage(where=where, problem="it installs from a lock and from something else")
    parts = tuple(_placement(prefix, row.source, row.rules) for prefix, row in placed if row.source)
    return ScriptPackage(parts, requires, locks[0] if locks else None, where)


def scripted(row: Declared, packed: ScriptPackage, shown: str) -> Declared:
    """A function with what a script puts into its package.

    Args:
        row: What else is declared of it.
        packed: What the script packs.
        shown: The package, for messages.
    """
    if packed.problem:
        problem = f"{row.name}: its package {shown} is made by a script: {packed.problem}"
        return replace(row, problem=problem, hint=NOT_PACKED)
    note = f"{row.where}: {row.name}: {shown} is taken as {packed.where} packs it"
    return replace(
        row,
        parts=packed.parts,
        requires=packed.requires,
        requirements=packed.requirements,
        installs=bool(packed.requires or packed.requirements),
        searched=bool(packed.requirements),
        note=note,
    )


def _not_understood(row: tuple[int, str, str]) -> str:
    return f"{row[1]} runs `{row[2]}`, which is not understood"


def _placement(prefix: str, source: Path, rules: tuple[tuple[bool, str], ...]) -> Placement:
    return Placement(source, prefix or (source.name if source.is_file() else ""), rules)


def _lock(folder: Path) -> Path | None:
    return first_file(folder, _LOCKS)


def package_by_scripts(place: Path, root: Path, site: str = FUNCTION_SITE) -> ScriptPackage | None:
    """What the scripts of a repository put into an archive that is not there; None where none makes it.

    Args:
        place: The archive, or the folder that becomes one.
        root: The folder of the deployment file, from which the repository is looked for.
        site: See `script_package`.
    """
    top = repository_of(root)
    answers: dict[tuple[object, ...], ScriptPackage] = {}
    for packing in _followed(place, top, root):
        package = script_package(packing, place, site)
        if package:
            answers.setdefault((package.parts, package.requires, package.requirements, package.problem), package)
    clear = [package for package in answers.values() if not package.problem]
    if len(clear) > 1:
        places = ", ".join(package.where for package in clear)
        return ScriptPackage(where=clear[0].where, problem=f"several scripts make it, each in its own way: {places}")
    return next(iter([*clear, *answers.values()]), None)


def repository_of(folder: Path) -> Path:
    """The nearest folder above that git knows; without one, the folder above."""
    near = [folder, *folder.parents][:6]
    return next((above for above in near if (above / ".git").exists()), folder.parent if len(near) > 2 else folder)


def _followed(place: Path, top: Path, root: Path) -> Iterator[Packing]:
    """Each script that may make a package, followed from where people start it."""
    for file in islice(_candidates(top, root), _MOST):
        if file.name in MAKEFILES:
            yield from _of_makefile(file, top)
            continue
        packings = filter(None, (follow_script(file, folder, top) for folder in _started_in(file, top, root)))
        yield from islice(sorted(filter(_makes(place), packings), key=_is_doubtful(place)), 1)
    for folder in dict.fromkeys((top, root)):
        named = (file for file in ci_files(folder) if place.name in read_loosely(file))
        yield from chain.from_iterable(_of_ci(file, folder) for file in named)


def _makes(place: Path) -> Callable[[Packing], bool]:
    return lambda packing: script_package(packing, place) is not None


def _is_doubtful(place: Path) -> Callable[[Packing], bool]:
    """Whether a script that is started in some folder makes a package with something that is not understood."""

    def asked(packing: Packing) -> bool:
        package = script_package(packing, place)
        return package is None or bool(package.problem)

    return asked


def _of_ci(file: Path, top: Path) -> Iterator[Packing]:
    for script in ci_scripts(file, file.relative_to(top).as_posix()):
        packing = Packing(top, file.parent, top, PackedFiles(), script.name)
        try:
            packing.follow(script.text)
        except ValueError:
            continue
        yield packing


def _started_in(file: Path, top: Path, root: Path) -> list[Path]:
    """Where people may start a script; without a repository, one of another folder is none of this deployment's."""
    near = [root] if (top / ".git").exists() or root in file.parents else []
    return list(dict.fromkeys([top, file.parent, *near]))


def _candidates(top: Path, root: Path) -> Iterator[Path]:
    """The scripts that may pack something."""
    known = (top / ".git").exists()
    near = (file for file in _scripts(top) if known or _is_near(file, top, root))
    yield from (file for file in near if file.name in MAKEFILES or _may_pack(file))


def _is_near(file: Path, top: Path, root: Path) -> bool:
    """Whether a script may belong to a deployment that is in no repository: what lies beside it may be anything."""
    return root in file.parents or file.parent == top or (file.parent.parent == top and file.parent.name in _TOOLS)


def _may_pack(file: Path) -> bool:
    text = read_loosely(file)
    if file.suffix == ".py":
        return any(sign in text for sign in ("make_archive", "ZipFile(", "copytree", "subprocess"))
    return bool({"zip", "pip", "cp", "tar", "rsync"} & set(text.split()))


def _of_makefile(file: Path, top: Path) -> Iterator[Packing]:
    text = read_loosely(file)
    for target in make_targets(text)[:_MOST]:
        name = f"{file.relative_to(top).as_posix()} ({target})"
        packing = Packing(file.parent, file.parent, top, PackedFiles(), name)
        try:
            packing.follow(make_script(text, target))
        except ValueError:
            continue
        yield packing


def _scripts(top: Path) -> Iterator[Path]:
    for name, folders, files in os.walk(top):
        folder = Path(name)
        deep = len(folder.relative_to(top).parts) >= _DEEPEST
        hidden = (below for below in sorted(folders) if below not in _ASIDE and not below.startswith("."))
        folders[:] = [] if deep else list(hidden)
        for file in sorted(files):
            if file.endswith((".sh", ".bash", ".py")) or file in MAKEFILES:
                yield folder / file
