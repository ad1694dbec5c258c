"""What a function is made from: the files and folders in which a change matters to it."""

import os
import re
import tomllib
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from lambda_slim.base.files import is_there, read_loosely, read_regular_text
from lambda_slim.formats.names import normalise
from lambda_slim.formats.tables import as_list, as_several, as_table, table_at
from lambda_slim.inputs.declarations import lines_of, local_links, local_places
from lambda_slim.inputs.project.manifest import NAME as MANIFEST
from lambda_slim.inputs.project.manifest import is_ours
from lambda_slim.model.deployable import Deployable
from lambda_slim.model.function import Function, RequirementsKind

_INCLUDED = re.compile(r"^\s*(?:-r|-c|--requirement|--constraint)[\s=]*([^\s#]+)")
_NAMED = re.compile(r"[\w@$./-]+\.(?:ya?ml|json|toml|env|tfvars|hcl)\b")
_PATH = re.compile(r'\bpath\s*=\s*"([^"]+)"')
_DECLARING = re.compile(
    r"requirements.*\.(txt|in)|.*\.lock|pylock.*\.toml|pyproject\.toml|Pipfile|lambda-slim\.toml|"
    r"\.lambdaslimignore|\.gitignore|\.dockerignore|\.python-version"
)
_BESIDE = ("pyproject.toml", "uv.lock", "poetry.lock", "pdm.lock", "Pipfile", "Pipfile.lock", "setup.py", "setup.cfg")
_DEEPEST = 8


_OUTPUTS = frozenset({".aws-sam", ".serverless", "cdk.out", ".terraform", "node_modules", ".venv", "__pycache__"})


@dataclass(frozen=True, slots=True)
class Changes:
    """What changed in a repository since a commit; absolute paths, links in folders resolved.

    Attributes:
        paths: Files that changed, came or went; of a submodule its folder.
        new_or_gone: Those that came or went.
    """

    paths: frozenset[Path]
    new_or_gone: frozenset[Path]

    def within(self, place: Path) -> bool:
        """Whether a file changed, or something below a folder."""
        return any(path == place or place in path.parents or path in place.parents for path in self.paths)


def changes_of(paths: Iterable[Path], new_or_gone: Iterable[Path]) -> Changes:
    """The changes that may matter: not to packages that `build` wrote, nor to what other tools write."""
    new = frozenset(new_or_gone)
    written = {path for path in new if _OUTPUTS.intersection(path.parts) or (path.parent / MANIFEST).is_file()}
    ours = {path for path in paths if path.name == MANIFEST or (path.suffix == ".zip" and is_ours(path))}
    return Changes(frozenset(paths) - written - ours, new - written - ours)


def is_touched(function: Function, deployable: Deployable, changes: Changes) -> bool:
    """Whether something changed that a function's package is made from."""
    if any(changes.within(place) for place in inputs_of(function, deployable)):
        return True
    # What declares dependencies or settings is looked for in the folders above the code.
    above = {folder for part in function.parts for folder in (part.source.resolve(), *part.source.resolve().parents)}
    return any(path.parent in above and _DECLARING.fullmatch(path.name) for path in changes.new_or_gone)


def inputs_of(function: Function, deployable: Deployable) -> frozenset[Path]:
    """The files and folders that a function's package is made from, resolved."""
    project, settings = deployable.project, deployable.settings
    named = (function.artifact, settings.file, settings.interpreter, *(layer.content for layer in function.layers))
    named += tuple(layer.requirements for layer in function.layers)
    beside = (deployable.folder / name for name in (".lambdaslimignore", ".dockerignore", ".python-version"))
    paths = {path for path in (*named, *beside, *function.events) if path}
    for part in function.parts:
        paths |= {part.source, *_links(part.source)}
    if project and project.template:
        paths |= set(_deployment(project.template))
    paths |= set(_required(function)) | local_projects(function)
    return frozenset(path.resolve() for path in paths)


def _links(source: Path) -> Iterator[Path]:
    """Where the links in a folder lead to."""
    for name, folders, files in os.walk(source):
        folders[:] = [folder for folder in folders if folder not in (".git", ".venv", "node_modules", "__pycache__")]
        for entry in (*folders, *files):
            path = Path(name, entry)
            if path.is_symlink():
                yield path.resolve()


def _deployment(template: Path) -> Iterator[Path]:
    """A deployment file and the files that it names, as nested stacks and included settings are."""
    waiting, seen = [(template, 0)], {template}
    while waiting:
        file, depth = waiting.pop()
        yield file
        if file.suffix == ".tf":
            yield from _terraform(file.parent, set())
        for name in _NAMED.findall(read_loosely(file)) if depth < _DEEPEST else ():
            place = Path(os.path.normpath(file.parent / name.removeprefix("file://")))
            if place.is_file() and place not in seen:
                seen.add(place)
                waiting.append((place, depth + 1))


def _terraform(folder: Path, seen: set[Path]) -> Iterator[Path]:
    """The Terraform files of a folder and of the modules that it uses."""
    if folder in seen:
        return
    seen.add(folder)
    for file in sorted((*folder.glob("*.tf"), *folder.glob("*.tfvars"), *folder.glob("*.tf.json"))):
        yield file
        for source in re.findall(r'source\s*=\s*"(\.{1,2}/[^"]+)"', read_loosely(file)):
            yield from _terraform(Path(os.path.normpath(folder / source)), seen)


def _required(function: Function) -> Iterator[Path]:
    """The files that declare a function's dependencies."""
    needs = function.requirements
    if needs is None:
        return
    if needs.kind is RequirementsKind.REQUIREMENTS:
        yield from _included(needs.path, set())
        yield from needs.path.parent.glob("requirements*.in")
        return
    for folder in {needs.path.parent, needs.home}:
        yield from (folder / name for name in _BESIDE)
    yield needs.path


def _included(path: Path, seen: set[Path]) -> Iterator[Path]:
    """A requirements file and those that it includes."""
    if path in seen:
        return
    seen.add(path)
    yield path
    for line in read_loosely(path).splitlines() if path.is_file() else ():
        if included := _INCLUDED.match(line):
            yield from _included(path.parent / included[1], seen)


def local_projects(function: Function) -> set[Path]:
    """Projects, wheels and folders of wheels on this machine that a function's dependencies come from, resolved."""
    needs = function.requirements
    if needs is None:
        return set()
    if needs.kind is not RequirementsKind.REQUIREMENTS:
        home = needs.home
        return _closure(_of_project(home)) - {home.resolve()}
    direct: set[Path] = set()
    for file in _included(needs.path, set()):
        text = read_loosely(file) if file.is_file() else ""
        for folder in {file.parent, needs.path.parent, needs.home}:
            direct |= {*local_places(text, folder), *local_links(lines_of(text), folder)}
    return _closure(direct)


def _closure(direct: Collection[Path]) -> set[Path]:
    """Projects with the projects that they depend on in turn."""
    reached: set[Path] = set()
    waiting = [*direct]
    while waiting:
        place = waiting.pop()
        if place not in reached:
            reached.add(place)
            waiting += _of_project(place)
    return reached


def _of_project(folder: Path) -> set[Path]:
    """The local projects that a pyproject.toml names: by path, or as a member of its workspace."""
    file = folder / "pyproject.toml"
    if not file.is_file():
        return set()
    places = {(folder / said).resolve() for said in _PATH.findall(read_loosely(file)) if is_there(folder / said)}
    places |= set(local_places("\n".join(_dependencies(folder)), folder))
    sources = _uv(folder).get("sources")
    for name, rows in as_table(sources).items():
        for row in as_several(rows):
            if as_table(row).get("workspace"):
                places |= _member(folder, str(name))
    return places - {folder.resolve()}


def _dependencies(folder: Path) -> list[str]:
    rows = as_table(_table(folder).get("project")).get("dependencies")
    return [str(row) for row in rows] if isinstance(rows, list) else []


def _table(folder: Path) -> dict[str, object]:
    """A folder's pyproject.toml; empty where there is none, or it is no TOML, which the build says."""
    try:
        return tomllib.loads(read_regular_text(folder / "pyproject.toml"))
    except (OSError, ValueError, RecursionError):
        return {}


def _uv(folder: Path) -> dict[str, object]:
    return table_at(_table(folder), "tool", "uv")


def _member(folder: Path, name: str) -> set[Path]:
    """The folder of a workspace's member; of all members where none has the name."""
    root = next((place for place in (folder, *folder.parents) if as_table(_uv(place).get("workspace"))), None)
    if root is None:
        return set()
    patterns = as_list(as_table(_uv(root).get("workspace")).get("members"))
    members = [place.resolve() for pattern in patterns for place in root.glob(str(pattern)) if place.is_dir()]
    return {place for place in members if normalise(_name(place)) == normalise(name)} or set(members)


def _name(folder: Path) -> str:
    said = as_table(_table(folder).get("project")).get("name")
    return said if isinstance(said, str) else folder.name
