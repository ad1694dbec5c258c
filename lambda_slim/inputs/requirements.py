"""What a function's declaration of dependencies asks for, and everything that decides what is installed for it."""

import json
import posixpath
import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from lambda_slim.base.cache import digest, entry
from lambda_slim.base.errors import ResolveError
from lambda_slim.base.files import is_there, read_regular_text, write_text
from lambda_slim.formats.json_text import load_json
from lambda_slim.formats.names import normalise
from lambda_slim.formats.pipfile import lock_lines, pipfile_lines
from lambda_slim.formats.poetry import is_poetry, read_poetry
from lambda_slim.model.function import Requirements, RequirementsKind
from lambda_slim.run import uv as tools

_PINNED = re.compile(r"^[A-Za-z0-9][^=<>!~;@\s]*\s*==\s*[^*,;\s\\]+(?=[\s;\\]|$)")
_NAME = re.compile(r"^\s*([A-Za-z0-9][A-Za-z0-9._-]*)")
_OPTION = re.compile(r"(-[rce]|--(?:requirement|constraint|editable))(?:\s+|=|(?<=-\w)(?=\S)|$)(.*)")
_LINKS = re.compile(r"(?:-f|-i|--(?:find-links|index-url|extra-index-url))(?:\s+|=|(?<=-\w)(?=\S))(.+)")
_DIRECT = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*\s*(?:\[[^\]]*\])?\s*@\s*(\S.*)")
_COMMENT = re.compile(r"(^|\s)#.*")


@dataclass(frozen=True, slots=True)
class Inputs:
    """Everything that decides what is installed.

    Attributes:
        arguments: For uv: `-r FILE`.
        text: Content of all the files, for the key.
        pinned: Nothing that an index may change can change the result.
        direct: Names that the project itself requires, to the line that does.
        cwd: Where relative paths begin.
        local: Folders of local projects that are required; uv itself sees only some changes in them.
    """

    arguments: tuple[str, ...]
    text: tuple[str, ...]
    pinned: bool
    direct: dict[str, str]
    cwd: Path
    local: tuple[Path, ...] = ()


def read_inputs(requirements: Requirements, *, offline: bool = False) -> Inputs:
    """What a requirements file says, with the files that it includes.

    Raises:
        ResolveError: a file cannot be read, or is not what its name says.
    """
    path, folder = requirements.path, requirements.path.parent
    if requirements.kind is RequirementsKind.UV_LOCK:
        return _of_lock(folder, requirements.project or folder, offline=offline)
    if requirements.kind is RequirementsKind.PYLOCK:
        return Inputs(("-r", path.name), (_text(path),), pinned=True, direct={}, cwd=folder)
    if requirements.kind is RequirementsKind.PYPROJECT:
        return _of_project(path, folder)
    if requirements.kind is RequirementsKind.POETRY_LOCK:
        return _of_poetry(folder, _toml(path))
    if requirements.kind in (RequirementsKind.PIPFILE_LOCK, RequirementsKind.PIPFILE):
        return _of_pipenv(path, folder)
    texts: list[str] = []
    direct: dict[str, str] = {}
    _collect(path, folder, texts, direct, set())
    lines = [line for text in texts for line in _lines(text)]
    wanted = [line for line in lines if not line.startswith("-")]
    pinned = bool(wanted) and all(_PINNED.match(line) for line in wanted) and any("--hash" in text for text in texts)
    if not wanted and not any(line.startswith(("-e", "--editable")) for line in lines):
        return Inputs((), (), pinned=True, direct={}, cwd=folder)
    name, cwd = (str(path), requirements.project) if requirements.project else (path.name, folder)
    local = tuple(_local_places("\n".join(texts), cwd))
    states = [_state(place) for place in (*local, *_local_links(lines, folder))]
    return Inputs(("-r", name), (*texts, *states), pinned, direct, cwd, _folders(local))


def _of_lock(folder: Path, project: Path, *, offline: bool) -> Inputs:
    text = tools.export(project, offline=offline)
    file = entry("exports", digest(text)).with_suffix(".txt")
    if not file.is_file():
        write_text(file, text)
    local = tuple(_local_places(text, folder))
    direct = _direct_of_project(project / "pyproject.toml")
    arguments = ("-r", str(file)) if any(_lines(text)) else ()
    return Inputs(arguments, (text, *map(_state, local)), True, direct, folder, _folders(local))


def _of_project(path: Path, folder: Path) -> Inputs:
    table = _toml(path)
    wanted = _dependencies(table, path.name)
    if not wanted and is_poetry(table):
        return _of_poetry(folder, None)
    if not wanted:
        return Inputs((), (), pinned=True, direct={}, cwd=folder)
    uv = _table(_table(table.get("tool")).get("uv"))
    local = tuple(_local_sources(uv, folder)) + tuple(_local_places("\n".join(wanted), folder))
    text = json.dumps([wanted, uv], sort_keys=True, default=str)
    direct = _direct_of_project(path)
    return Inputs(("-r", path.name), (text, *map(_state, local)), False, direct, folder, _folders(local))


def _of_poetry(folder: Path, lock: dict[str, Any] | None) -> Inputs:
    """What Poetry would install without its groups: what the project names, in the versions of the lock."""
    project = folder / "pyproject.toml"
    wanted = read_poetry(_toml(project) if project.is_file() else {}, lock, folder)
    lines = list(wanted.requirements)
    if wanted.constraints:
        lines.insert(0, f"-c {_written(wanted.constraints)}")
    direct = {normalise(name): _line_of(project, name) for name in wanted.names}
    return _of_lines(lines, wanted.constraints, direct, folder, pinned=lock is not None)


def _of_pipenv(path: Path, folder: Path) -> Inputs:
    """What Pipenv would install without its development packages: the lock, else what the Pipfile names."""
    pipfile = folder / "Pipfile"
    named = _table(_toml(pipfile).get("packages")) if pipfile.is_file() else {}
    if path.name == "Pipfile":
        lines = list(pipfile_lines(_toml(path), folder))
    else:
        try:
            lines = list(lock_lines(_table(load_json(_text(path))), folder))
        except (ValueError, RecursionError) as error:
            raise ResolveError(f"`{path.name}` is not JSON", cause=str(error), hint="run `pipenv lock`") from error
    direct = {normalise(name): _line_of(pipfile, name) for name in named}
    return _of_lines(lines, (), direct, folder, pinned=path.name != "Pipfile")


def _of_lines(lines: list[str], more: Iterable[str], direct: dict[str, str], folder: Path, *, pinned: bool) -> Inputs:
    """Inputs of requirements that were put together here; they lie in the cache, named by their content."""
    text = "\n".join([*lines, *more])
    local = tuple(_local_places(text, folder))
    arguments = ("-r", str(_written(lines))) if any(not line.startswith("-c ") for line in lines) else ()
    return Inputs(arguments, (text, *map(_state, local)), pinned, direct, folder, _folders(local))


def _written(lines: Iterable[str]) -> Path:
    text = "".join(f"{line}\n" for line in lines)
    file = entry("exports", digest(text)).with_suffix(".txt")
    if not file.is_file():
        write_text(file, text)
    return file


def _line_of(path: Path, name: str) -> str:
    """`pyproject.toml:12`, the line that starts with a name."""
    if not path.is_file():
        return ""
    rows = enumerate(_text(path).splitlines(), 1)
    found = next((number for number, row in rows if re.match(rf"""\s*["']?{re.escape(name)}\b""", row)), 0)
    return f"{path.name}:{found}" if found else path.name


def _collect(path: Path, root: Path, texts: list[str], direct: dict[str, str], seen: set[Path]) -> None:
    if path in seen:
        return
    seen.add(path)
    text = _text(path)
    texts.append(text)
    shown = posixpath.relpath(path.as_posix(), root.as_posix())
    for number, line in enumerate(text.splitlines(), 1):
        words = _COMMENT.sub("", line).strip()
        option = _OPTION.match(words)
        if option and option[1] not in ("-e", "--editable"):
            if not option[2]:
                raise ResolveError(f"{shown}:{number}: `{option[1]}` names no file", hint=f"write {option[1]} FILE")
            constraint = option[1] in ("-c", "--constraint")
            included = Path(posixpath.normpath((path.parent / option[2].strip()).absolute().as_posix()))
            _collect(included, root, texts, {} if constraint else direct, seen)
        elif name := _NAME.match(words):
            direct.setdefault(normalise(name[1]), f"{shown}:{number}")


def _lines(text: str) -> Iterator[str]:
    for line in text.splitlines():
        if found := _COMMENT.sub("", line).strip():
            yield found


def _local_places(text: str, folder: Path) -> Iterator[Path]:
    """Projects and wheels on this machine that requirements name."""
    for line in _lines(text):
        option, direct = _OPTION.match(line), _DIRECT.match(line)
        if option and option[1] not in ("-e", "--editable"):
            continue
        said = option[2] if option else direct[1] if direct else line if line.startswith((".", "/", "file:")) else ""
        yield from _place(re.split(r"\s+(?:;|--hash|\\)", said)[0], folder)


def _local_links(lines: Iterable[str], folder: Path) -> Iterator[Path]:
    """Folders on this machine that wheels may come from."""
    for line in lines:
        if found := _LINKS.match(line):
            yield from _place(found[1], folder)


def _place(said: str, folder: Path) -> Iterator[Path]:
    """The file or folder that a path or `file:` URL names, if it is there."""
    said = said.strip().strip("\"'")
    name = unquote(said[5:].removeprefix("//")) if said.startswith("file:") else said
    place = folder / re.sub(r"\[[^\]]*\]$", "", name)
    if name and "://" not in name and is_there(place):
        yield place.resolve()


def _local_sources(uv: dict[str, Any], folder: Path) -> Iterator[Path]:
    """What `[tool.uv.sources]` takes from this machine: paths, and members of the workspace."""
    for rows in _table(uv.get("sources")).values():
        for row in rows if isinstance(rows, list) else [rows]:
            said = _table(row).get("path")
            if isinstance(said, str) and is_there(folder / said):
                yield (folder / said).resolve()
            elif _table(row).get("workspace"):
                yield from _members(folder)


def _members(folder: Path) -> Iterator[Path]:
    """The folders of the workspace that a project is in."""
    for root in (folder, *folder.parents):
        path = root / "pyproject.toml"
        workspace = _table(_table(_table(_toml(path).get("tool")).get("uv")).get("workspace")) if path.is_file() else {}
        if workspace:
            for pattern in workspace.get("members", []):
                yield from (found.resolve() for found in sorted(root.glob(str(pattern))) if found.is_dir())
            return


def _state(place: Path) -> str:
    """A text that changes with every change in a local project, so that it is seen."""
    if place.is_file():
        state = place.stat()
        return repr((place.name, state.st_size, state.st_mtime_ns))
    states = [
        (str(one.relative_to(place)), one.stat())
        for one in sorted(place.rglob("*"))
        if one.is_file() and not {".git", ".venv", "__pycache__"} & set(one.parts)
    ]
    return repr([(name, state.st_size, state.st_mtime_ns) for name, state in states])


def _folders(places: tuple[Path, ...]) -> tuple[Path, ...]:
    return tuple(place for place in places if place.is_dir())


def names_of(folders: tuple[Path, ...]) -> tuple[str, ...] | None:
    """The names of local projects; None where one does not say it in the standard place."""
    found = []
    for folder in folders:
        path = folder / "pyproject.toml"
        name = _table(_toml(path).get("project")).get("name") if path.is_file() else None
        if not isinstance(name, str):
            return None
        found.append(name)
    return tuple(found)


def _text(path: Path) -> str:
    try:
        return read_regular_text(path)
    except (OSError, ValueError) as error:
        raise ResolveError(
            f"cannot read `{path.name}`", cause=str(error), hint="check the path in the requirements"
        ) from error


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(_text(path))
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise ResolveError(f"`{path.name}` is not TOML", cause=str(error), hint="mend the line it names") from error


def _table(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _dependencies(table: dict[str, Any], name: str) -> list[str]:
    project = table.get("project", {})
    if not isinstance(project, dict):
        raise ResolveError(f"{name}: `project` must be a table", hint="see packaging.python.org on pyproject.toml")
    found = project.get("dependencies", [])
    if not isinstance(found, list) or not all(isinstance(row, str) for row in found):
        raise ResolveError(
            f"{name}: `dependencies` must be a list of strings", hint="see packaging.python.org on pyproject.toml"
        )
    return found


def _direct_of_project(path: Path) -> dict[str, str]:
    if not path.is_file():
        return {}
    text = _text(path)
    found: dict[str, str] = {}
    for requirement in _dependencies(_toml(path), path.name):
        if name := _NAME.match(requirement):
            line = next((n for n, row in enumerate(text.splitlines(), 1) if requirement in row), 0)
            found[normalise(name[1])] = f"{path.name}:{line}" if line else path.name
    return found
