"""What Poetry's tables in pyproject.toml and its lock ask for, as lines of a requirements file."""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from itertools import takewhile
from pathlib import Path
from typing import Any

from lambda_slim.base.text import clause
from lambda_slim.formats.names import normalise, with_extras
from lambda_slim.formats.tables import as_list, as_rows, as_several, as_spec, as_table, as_text, table_at, texts_among
from lambda_slim.model.locked import Lock, LockedPackage

_CARET = re.compile(r"\^\s*(?P<version>[0-9][0-9A-Za-z.+-]*)")
_TILDE = re.compile(r"~(?!=)\s*(?P<version>[0-9][0-9A-Za-z.+-]*)")
_BARE = re.compile(r"(?P<version>[0-9][0-9A-Za-z.*+!-]*)")
_SIGNED = re.compile(r"(?P<sign>[<>=!~]=?=?)\s*(?P<version>[0-9][0-9A-Za-z.*+!-]*)")


@dataclass(frozen=True, slots=True)
class PoetryRequirements:
    """What a project asks for.

    Attributes:
        requirements: Lines of a requirements file for what the project itself names.
        names: What the project itself names, as it is written.
    """

    requirements: tuple[str, ...]
    names: tuple[str, ...]


def is_poetry(project: Mapping[str, Any]) -> bool:
    """Whether a pyproject.toml has its dependencies in Poetry's own table."""
    return "dependencies" in _poetry(project)


def project_pythons(project: Mapping[str, Any]) -> tuple[str, ...]:
    """The versions of Python that a pyproject.toml is for, in the standard's words; none where it does not say."""
    said = as_text(as_table(project.get("project")).get("requires-python"))
    poetry = as_text(as_table(_poetry(project).get("dependencies")).get("python"))
    return tuple(filter(None, [said or to_pep440(poetry)]))


def read_poetry(project: Mapping[str, Any], folder: Path) -> PoetryRequirements:
    """The main dependencies: no groups, and nothing optional.

    Args:
        project: pyproject.toml.
        folder: Where relative paths begin.
    """
    named = [(name, row) for name, spec in _named(project) for row in (as_several(spec))]
    rows = [_line(name, row, folder) for name, row in named]
    standard = _standard(project)
    names = dict.fromkeys([name for name, _ in named] + [_name_in(text) for text in standard])
    return PoetryRequirements(tuple(dict.fromkeys([*rows, *standard])), tuple(names))


def read_poetry_lock(lock: Mapping[str, Any], roots: tuple[str, ...], folder: Path) -> Lock:
    """What a poetry.lock says.

    Args:
        lock: poetry.lock, of any version of Poetry from 1.0.
        roots: What the project requires; see `read_poetry`.
        folder: Where relative paths begin.
    """
    metadata = as_table(lock.get("metadata"))
    packages = _packages(lock)
    sources = [as_table(row.get("source")) for row in packages]
    indexes = {_index(source): str(source["url"]) for source in sources if source.get("url")}
    indexes.pop("", None)
    return Lock(tuple(_locked(row, metadata, folder) for row in packages), indexes, roots)


def _locked(package: Mapping[str, Any], metadata: Mapping[str, Any], folder: Path) -> LockedPackage:
    source = as_table(package.get("source"))
    place = _source(package, folder)
    hashed = not place or source.get("type") in ("url", "file")
    return LockedPackage(
        name=normalise(package["name"]),
        version=str(package.get("version", "")),
        place=place,
        hashes=_hashes(package, metadata) if hashed else (),
        index=_index(source),
        marker=as_text(package.get("markers")),
        requires=tuple(_requires(package, folder)),
        extras=dict(_extras(package)),
    )


def _index(source: Mapping[str, Any]) -> str:
    """The name of the index that a source is; "" where it is none."""
    if source.get("type") != "legacy":
        return ""
    return str(source.get("reference") or source.get("url"))


def _extras(package: Mapping[str, Any]) -> Iterator[tuple[str, tuple[str, ...]]]:
    for extra, rows in as_table(package.get("extras")).items():
        if isinstance(rows, list):
            yield normalise(str(extra)), tuple(map(str, rows))


def _hashes(package: Mapping[str, Any], metadata: Mapping[str, Any]) -> tuple[str, ...]:
    """The hashes of all files of a package; over time Poetry has stored them in three places."""
    name = package["name"]
    rows = package.get("files") or as_table(metadata.get("files")).get(name)
    rows = rows or as_table(metadata.get("hashes")).get(name) or ()
    hashes = [row.get("hash") if isinstance(row, dict) else row for row in rows]
    return tuple(map(_with_algorithm, texts_among(hashes)))


def _with_algorithm(digest: str) -> str:
    return digest if ":" in digest else f"sha256:{digest}"


def _requires(package: Mapping[str, Any], folder: Path) -> Iterator[str]:
    for name, spec in as_table(package.get("dependencies")).items():
        for row in as_several(spec):
            table = as_table(row)
            of_extra = "extra ==" in str(table.get("markers"))
            if of_extra or not table.get("optional"):
                yield _line(str(name), row, folder)


def content_hashes(project: Mapping[str, Any]) -> frozenset[str]:
    """What a poetry.lock that fits a pyproject.toml has as its `content-hash`, by the versions of Poetry."""
    return frozenset(_content_hash(project, groups=groups) for groups in (True, False))


_STANDARD = ("requires-python", "dependencies", "optional-dependencies")
# No alternatives, and no number of more than 4,300 digits, which Python does not read.
_SAYABLE = re.compile(r"[^|]{0,1000}", re.DOTALL)
_LEGACY = ("dependencies", "source", "extras", "dev-dependencies")


def _content_hash(project: Mapping[str, Any], *, groups: bool) -> str:
    own = _picked(as_table(project.get("project")), _STANDARD)
    grouped = as_table(project.get("dependency-groups")) if groups else {}
    more = _picked(_poetry(project), (*_LEGACY, "group"))
    if own or grouped:
        standard = {"project": own, "dependency-groups": grouped}
        said = {key: part for key, part in standard.items() if part}
        content: Mapping[str, Any] = {**said, "tool": {"poetry": more}}
    else:
        content = {**dict.fromkeys(_LEGACY), **more}
    return sha256(json.dumps(content, sort_keys=True, default=str).encode()).hexdigest()


def _picked(table: Mapping[str, Any], keys: Iterable[str]) -> dict[str, Any]:
    """The part of a table with the given keys."""
    return {key: table[key] for key in keys if key in table}


def _name_in(requirement: str) -> str:
    return re.split(r"[\s\[<>=!~;@(]", requirement.strip())[0]


def _poetry(project: Mapping[str, Any]) -> Mapping[str, Any]:
    return table_at(project, "tool", "poetry")


def _packages(lock: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [row for row in as_rows(lock.get("package")) if isinstance(row.get("name"), str)]


def _named(project: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Poetry's own dependencies; what `[project]` says itself comes first there, and this only adds to it."""
    standard = {normalise(_name_in(text)) for text in _standard(project)}
    for name, spec in as_table(_poetry(project).get("dependencies")).items():
        known = normalise(name) in {"python", *standard}
        if not known and not as_table(spec).get("optional"):
            yield name, spec


def _standard(project: Mapping[str, Any]) -> list[str]:
    return texts_among(as_list(as_table(project.get("project")).get("dependencies")))


def _source(package: Mapping[str, Any], folder: Path) -> str:
    """Where a locked package comes from, if it is no index: ` @ URL`."""
    source = as_table(package.get("source"))
    url = str(source.get("url", ""))
    match source.get("type"):
        case "git":
            below = clause("#subdirectory={}", source.get("subdirectory"))
            return f" @ git+{url}@{source.get('resolved_reference') or source.get('reference')}{below}"
        case "url":
            return f" @ {url}"
        case "directory" | "file":
            return f" @ {(folder / url).resolve().as_uri()}"
        case _:
            return ""


def _line(name: str, spec: Any, folder: Path) -> str:
    table = as_spec(spec)
    head = with_extras(name, table.get("extras", ()))
    place = _place(table, folder)
    version = "" if place else to_pep440(str(table.get("version", "*")))
    conditions = [f"({text})" for text in (table.get("markers"), _python(table.get("python"))) if text]
    return f"{head}{place}{version}{clause(' ; {}', conditions, ' and '.join)}"


def _place(table: Mapping[str, Any], folder: Path) -> str:
    if git := table.get("git"):
        references = [table[key] for key in ("rev", "tag", "branch") if key in table]
        below = f"#subdirectory={table['subdirectory']}" if "subdirectory" in table else ""
        return f" @ git+{git}{clause('@{}', references[:1], lambda first: str(*first))}{below}"
    if path := table.get("path") or table.get("file"):
        return f" @ {(folder / str(path)).resolve().as_uri()}"
    return f" @ {table['url']}" if "url" in table else ""


def _python(spec: object) -> str:
    """`>=3.9,<3.12` as a marker; what cannot be told so holds."""
    if not isinstance(spec, str):
        return ""
    parts = _SIGNED.findall(to_pep440(spec))
    return " and ".join(f"python_version {sign} '{version}'" for sign, version in parts)


def to_pep440(constraint: str) -> str:
    """A version constraint of Poetry as the index's standard has it; "" where it cannot be said.

    >>> to_pep440("^1.2.3"), to_pep440("~1.2"), to_pep440("1.4"), to_pep440(">=1,<2 || >3"), to_pep440("^0.2")
    ('>=1.2.3,<2', '>=1.2,<1.3', '==1.4', '', '>=0.2,<0.3')
    """
    if not _SAYABLE.fullmatch(constraint):
        return ""
    words = re.split(r"\s*,\s*|(?<=[\w*])\s+(?=[<>=!~^])", constraint.strip())
    parts = [_one_constraint(word) for word in words if word not in ("", "*")]
    return ",".join(parts) if all(parts) else ""


def _one_constraint(word: str) -> str:
    """A constraint without commas; "" where it cannot be said."""
    for pattern, write in _WRITERS.items():
        if match := pattern.fullmatch(word):
            return write(match["version"])
    match = _SIGNED.fullmatch(word)
    if match is None:
        return ""
    sign = "==" if match["sign"] == "=" else match["sign"]
    return f"{sign}{match['version']}"


def _from_caret(version: str) -> str:
    """Up to the first version that a caret leaves out: the leftmost number that is not zero rises."""
    numbers = re.split(r"[.+-]", version)
    zeros = [*takewhile(_is_zero, numbers[:3])]
    place = min(len(zeros), len(numbers[:3]) - 1)
    return f">={version},<{_raised(numbers, place)}"


def _is_zero(number: str) -> bool:
    return number.isdecimal() and int(number) == 0


def _from_tilde(version: str) -> str:
    numbers = version.split(".")
    return f">={version},<{_raised(numbers, min(1, len(numbers) - 1))}"


_WRITERS: Mapping[re.Pattern[str], Callable[[str], str]] = {
    _CARET: _from_caret,
    _TILDE: _from_tilde,
    _BARE: "=={}".format,
}


def _raised(numbers: list[str], place: int) -> str:
    digits = re.match(r"\d+", numbers[place])
    return ".".join([*numbers[:place], str(int(digits[0]) + 1 if digits else 1)])
