"""The dependencies that a function declares, and everything that decides what is installed for it."""

import json
import posixpath
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from lambda_slim.base.errors import ResolveError
from lambda_slim.base.files import read_regular
from lambda_slim.base.states import place_state
from lambda_slim.formats.declared_sources import declared_sources, of_pipfile
from lambda_slim.formats.names import normalise
from lambda_slim.formats.pipfile import pipfile_lines, pipfile_pythons
from lambda_slim.formats.poetry import is_poetry, project_pythons, read_poetry
from lambda_slim.formats.tables import as_rows, as_table, table_at
from lambda_slim.inputs import lockfiles
from lambda_slim.inputs.closure import marker_environment
from lambda_slim.inputs.conda import check_conda
from lambda_slim.inputs.constraint_hashes import refuse_unchecked
from lambda_slim.inputs.declarations import (
    COMMENT,
    NAME,
    OPTION,
    Inputs,
    LockReading,
    dependencies_of,
    direct_names,
    direct_of_project,
    lines_of,
    local_links,
    local_places,
    local_sources,
    only_folders,
    read_text,
    read_toml,
)
from lambda_slim.inputs.fit import compiled_from, unmet
from lambda_slim.inputs.locks import Batch, declared_indexes
from lambda_slim.model.function import Requirements, RequirementsKind
from lambda_slim.model.locked import DeclaredSources, LockedPackage
from lambda_slim.model.target import Target

_PINNED = re.compile(r"^[A-Za-z0-9][^=<>!~;@\s]*\s*==\s*[^*,;\s\\]+(?=[\s;\\]|$)")

_INDEX = re.compile(r"(-i|--index-url)(\s|=|(?<=-i)\S)")
_MOST_FILES = 300  # pip itself gives up on a longer chain
_LOCKS = frozenset(kind for kind in RequirementsKind if "lock" in kind)
_LOCKED_LINE = re.compile(r"([A-Za-z0-9][A-Za-z0-9._-]*)(?:\[[^\]]*\])?\s*==\s*([^\s;\\,]+)")


def read_inputs(
    requirements: Requirements, target: Target, *, offline: bool = False, allow_stale: bool = False
) -> Inputs:
    """What a requirements file says, with the files that it includes.

    Args:
        requirements: Where they are declared.
        target: Decides which markers hold.
        offline: Nothing may be asked.
        allow_stale: A lock that does not fit its project is taken as it is.

    Raises:
        ResolveError: a file cannot be read, or is not what its name says.
        LockError: a lock does not fit its project.
    """
    reading = LockReading(target, offline, allow_stale)
    inputs = _READERS[requirements.kind](requirements, reading)
    if requirements.more:
        inputs = _with_more(inputs, requirements)
    return replace(inputs, notes=tuple(reading.notes), doubt=next(iter(reading.doubts), None))


def _with_more(inputs: Inputs, requirements: Requirements) -> Inputs:
    """Inputs with what the deployment tool adds, where the project does not have it already.

    Raises:
        ResolveError: a lock lacks it; in which version it would fit the lock, nobody has worked out.
    """
    known = {*inputs.direct, *_locked_names(inputs, requirements)}
    lines = [line for line in requirements.more if (name := NAME.match(line)) and normalise(name[1]) not in known]
    if not lines:
        return inputs
    if requirements.kind in _LOCKS:
        said, file = ", ".join(lines), requirements.path.name
        raise ResolveError(
            f"{file}: {said} must be added to it",
            cause="the deployment adds it, and it has to fit the other versions of the lock",
            hint=f"add {said} to the project, and lock again",
        )
    text = "".join(f"{line}\n" for line in lines)
    first = next(iter(inputs.batches), Batch(("-r", "-")))
    if first.arguments != ("-r", "-"):
        first = replace(first, arguments=(*first.arguments, "-r", "-"))
    batches = (replace(first, text=first.text + text), *inputs.batches[1:])
    return replace(inputs, batches=batches, text=(*inputs.text, text), pinned=False)


def _locked_names(inputs: Inputs, requirements: Requirements) -> set[str]:
    """The distributions that a lock has; those of a pylock.toml stand in its text, which uv reads."""
    if requirements.kind is RequirementsKind.PYLOCK:
        rows = as_rows(read_toml(requirements.path).get("packages"))
        return {normalise(str(row.get("name", ""))) for row in rows}
    lines = (line for batch in inputs.batches for line in batch.text.splitlines())
    return {normalise(name[1]) for line in lines if (name := NAME.match(line))}


def _of_requirements(requirements: Requirements, reading: LockReading) -> Inputs:
    path, folder = requirements.path, requirements.path.parent
    texts: list[str] = []
    direct: dict[str, str] = {}
    files: set[Path] = set()
    _collect(path, folder, texts, direct, files)
    lines = [line for text in texts for line in lines_of(text)]
    wanted = [line for line in lines if not line.startswith("-")]
    if not wanted and not any(line.startswith(("-e", "--editable")) for line in lines):
        return Inputs((), (), pinned=True, direct={}, cwd=folder)
    pinned = _is_pinned(wanted, texts)
    _check_compiled(path, texts[0], wanted, reading)
    name, cwd = (str(path), requirements.project) if requirements.project else (path.name, folder)
    refuse_unchecked(path, texts, cwd)
    local = tuple(local_places("\n".join(texts), cwd))
    links = tuple(local_links(lines, folder))
    states = list(map(place_state, (*local, *links)))
    variables = _unset_indexes(lines)
    batch = Batch(("-r", name), "", variables)
    if texts[0].encode() not in read_regular(path):  # uv reads UTF-8 alone; PowerShell writes UTF-16
        batch = Batch(("-r", "-"), texts[0], variables)
    inputs = Inputs((batch,), (*texts, *states), pinned, direct, cwd, only_folders(local), links=bool(links))
    return replace(inputs, files=tuple(sorted(files)))


def _is_pinned(wanted: list[str], texts: list[str]) -> bool:
    """Whether each requirement has its version and the files have hashes."""
    return bool(wanted) and all(map(_PINNED.match, wanted)) and any("--hash" in text for text in texts)


def _unset_indexes(lines: list[str]) -> dict[str, str | None]:
    """The variables that are unset for uv: an index of the file wins over the environment's, as with pip."""
    names_index = any(map(_INDEX.match, lines))
    return dict.fromkeys(("UV_DEFAULT_INDEX", "UV_INDEX_URL")) if names_index else {}


def _check_compiled(path: Path, text: str, wanted: list[str], reading: LockReading) -> None:
    """A requirements file that was compiled from another has what that one asks for."""
    sources, command = compiled_from(text, path.parent)
    packages = [LockedPackage(normalise(row[1]), row[2]) for line in wanted if (row := _LOCKED_LINE.match(line))]
    packages += [LockedPackage(normalise(row[1]), "") for line in wanted if (row := NAME.match(line))]
    environment = marker_environment(reading.target)
    for source in sources:
        asked = _asked_by(source, path.parent)
        why = "; ".join(unmet(asked, packages, environment)[:3])
        reading.complain(path.name, source.name, why, command or f"uv pip compile {source.name} -o {path.name}")


def _asked_by(source: Path, folder: Path) -> Sequence[str]:
    """What a file asks for that a requirements file was compiled from."""
    if source.name == "pyproject.toml":
        return dependencies_of(read_toml(source), source.name)
    texts: list[str] = []
    _collect(source, folder, texts, {}, set())
    return [line for text in texts for line in lines_of(text) if not line.startswith("-")]


def _of_project(requirements: Requirements, reading: LockReading) -> Inputs:
    path, folder = requirements.path, requirements.path.parent
    table = read_toml(path)
    reading.hold_against_target(path.name, *project_pythons(table), locked=False)
    wanted = dependencies_of(table, path.name)
    if not wanted and is_poetry(table):
        declared = read_poetry(table, folder)
        variables = _declared_indexes(path, declared_sources(table))
        return _of_lines(declared.requirements, direct_names(path, declared.names), folder, variables)
    if not wanted:
        return Inputs((), (), pinned=True, direct={}, cwd=folder)
    variables = _declared_indexes(path, declared_sources(table))
    uv = table_at(table, "tool", "uv")
    local = tuple(local_sources(uv, folder)) + tuple(local_places("\n".join(wanted), folder))
    text = json.dumps([wanted, uv], sort_keys=True, default=str)
    direct = direct_of_project(path)
    batches = (Batch(("-r", path.name), "", variables),)
    texts = (text, *map(place_state, local))
    return Inputs(batches, texts, False, direct, folder, only_folders(local), files=(path,))


def _of_pipfile(requirements: Requirements, reading: LockReading) -> Inputs:
    path = requirements.path
    table = read_toml(path)
    reading.hold_against_target(path.name, *pipfile_pythons(as_table(table.get("requires"))), locked=False)
    lines = tuple(pipfile_lines(table, path.parent))
    direct = direct_names(path, as_table(table.get("packages")))
    return _of_lines(lines, direct, path.parent, _declared_indexes(path, of_pipfile(table)))


def _declared_indexes(path: Path, declared: DeclaredSources) -> dict[str, str | None]:
    """The variables with which uv asks the declared indexes.

    Raises:
        ResolveError: an index has no address; or a requirement may come from one index alone. uv would look for it in
            the others too, and take what somebody else has published there under its name.
    """
    for name, source in declared.claimed.items():
        raise ResolveError(
            f"`{path.name}` takes `{name}` from the index `{source}` alone, and there is no lock that says so",
            cause="without a lock it would be looked for in every index, and another package of that name could ship",
            hint=f"run `{declared.lock}`; the lock is honoured",
        )
    for source in declared.order:
        if declared.urls.get(source, source) == "":
            raise ResolveError(
                f"`{path.name}` declares the index `{source}` without an address",
                cause="its url is empty",
                hint="give it a url",
            )
    return declared_indexes(declared)


def _of_lines(lines: tuple[str, ...], direct: dict[str, str], folder: Path, variables: dict[str, str | None]) -> Inputs:
    """Inputs of requirements that were put together here, and lock nothing."""
    text = "".join(f"{line}\n" for line in lines)
    local = tuple(local_places(text, folder))
    batches = (Batch(("-r", "-"), text, variables),) if lines else ()
    return Inputs(batches, (text, *map(place_state, local)), False, direct, folder, only_folders(local))


_READERS: dict[RequirementsKind, Callable[[Requirements, LockReading], Inputs]] = {
    RequirementsKind.REQUIREMENTS: _of_requirements,
    RequirementsKind.PYPROJECT: _of_project,
    RequirementsKind.UV_LOCK: lockfiles.of_uv,
    RequirementsKind.PYLOCK: lockfiles.of_pylock,
    RequirementsKind.POETRY_LOCK: lockfiles.of_poetry,
    RequirementsKind.PDM_LOCK: lockfiles.of_pdm,
    RequirementsKind.PIPFILE_LOCK: lockfiles.of_pipfile_lock,
    RequirementsKind.PIPFILE: _of_pipfile,
}


def _collect(path: Path, root: Path, texts: list[str], direct: dict[str, str], seen: set[Path]) -> None:
    if path in seen:
        return
    seen.add(path)
    if len(seen) > _MOST_FILES:
        raise ResolveError(
            f"`{root.name}` has requirements in over {_MOST_FILES} files",
            cause="each includes further ones",
            hint="join them",
        )
    text = read_text(path)
    texts.append(text)
    shown = posixpath.relpath(path.as_posix(), root.as_posix())
    for number, line in enumerate(text.splitlines(), 1):
        words = COMMENT.sub("", line).strip()
        check_conda(words, path.parent, f"{shown}:{number}")
        option = OPTION.match(words)
        if option and option[1] not in ("-e", "--editable"):
            if not option[2]:
                raise ResolveError(
                    f"{shown}:{number}: `{option[1]}` names no file",
                    cause="nothing follows it in this line",
                    hint=f"write {option[1]} FILE",
                )
            constraint = option[1] in ("-c", "--constraint")
            included = Path(posixpath.normpath((path.parent / option[2].strip()).absolute().as_posix()))
            _collect(included, root, texts, {} if constraint else direct, seen)
        elif name := NAME.match(words):
            direct.setdefault(normalise(name[1]), f"{shown}:{number}")
