"""Every distribution that the files of a project name, also in files and groups that nobody reads for a build."""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from lambda_slim.base.files import read_regular
from lambda_slim.formats.names import normalise
from lambda_slim.formats.tables import as_table

_NAME = re.compile(r"""^\s*["']?([A-Za-z0-9][A-Za-z0-9._-]*)\s*(?:\[[^\]]*\])?\s*([^#]*)""")
# Names of requirements files and their misspellings, with any ending that is not code's.
_TEXT_NAME = re.compile(r"(?i).*(?:req\w*|depend\w*|packages|pip)[\w.-]*?(?:\.(?:txt|in|text|lst|list|pip))?")
_CODE = (
    ".py",
    ".toml",
    ".lock",
    ".json",
    ".yml",
    ".yaml",
    ".md",
    ".rst",
    ".html",
    ".log",
    ".zip",
    ".whl",
    ".sh",
    ".cfg",
)
_CONDA = ("environment*.yml", "environment*.yaml", "conda*.yml", "conda*.yaml")
_QUOTED = re.compile(r"""["']([A-Za-z0-9][A-Za-z0-9._-]*)\s*(?:\[[^\]]*\])?\s*(?:[<>=!~;@][^"']*)?["']""")
_LARGEST = 1_000_000  # bytes of a declaration that are looked at
_DEPTH = 4  # folders above the function's that are looked into


@dataclass(frozen=True, slots=True)
class Mention:
    """One mention of a distribution.

    Attributes:
        name: Normalised.
        file: Path of the file from the project's folder.
        group: Where only a part of the file asks for it: `the group dev`, `the extra test`; else "".
        marker: Its environment marker.
        read: The file is what a build reads, or the project file of the lock that it reads.
        project: `itself` for the project's own name, `dependency` in a project file; "" elsewhere.
    """

    name: str
    file: str
    line: int
    group: str = ""
    marker: str = ""
    read: bool = False
    project: str = ""


def declarations(source: Path, root: Path, read: Path | None) -> tuple[Mention, ...]:
    """What the files in a function's folder and above it name, up to the project's folder.

    Args:
        source: The function's folder.
        root: The project's folder.
        read: The file that its dependencies are read from.
    """
    mentions: list[Mention] = []
    for folder in _folders(source, root):
        for path, reader in _files(folder):
            text = _text(path)
            shown = path.relative_to(root).as_posix() if path.is_relative_to(root) else path.name
            is_read = read is not None and (path == read or (path.parent == read.parent and path.name in _PROJECTS))
            mentions += [replace(row, file=shown, read=is_read) for row in reader(text)]
    return tuple(mentions)


def _folders(source: Path, root: Path) -> Iterator[Path]:
    for count, folder in enumerate((source, *source.parents)):
        yield folder
        if count >= _DEPTH or folder == root or (folder / ".git").exists() or not folder.is_relative_to(root):
            return


def _is_text(path: Path) -> bool:
    named = path.parent.name == "requirements" or _TEXT_NAME.fullmatch(path.name)
    return bool(named) and path.suffix not in _CODE and not path.name.startswith("Pipfile") and path.is_file()


def _files(folder: Path) -> Iterator[tuple[Path, Any]]:
    beside = folder.iterdir() if folder.is_dir() else ()
    texts = [*beside, *folder.glob("requirements/*.txt"), *folder.glob("requirements/*.in")]
    yield from ((path, _lines) for path in sorted(texts) if _is_text(path))
    for pattern in _CONDA:
        yield from ((path, _conda) for path in sorted(folder.glob(pattern)) if path.is_file())
    for name, reader in _PROJECTS.items():
        if (folder / name).is_file():
            yield folder / name, reader


def _text(path: Path) -> str:
    try:
        data = read_regular(path, _LARGEST)
    except OSError:
        return ""
    encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    return data.decode(encoding, "replace")


def _lines(text: str) -> Iterator[Mention]:
    for number, line in enumerate(text.splitlines(), 1):
        if row := _requirement(line, number):
            yield row


def _requirement(line: str, number: int, group: str = "", project: str = "") -> Mention | None:
    match = _NAME.match(line)
    if match is None:
        return None
    marker = match[2].partition(";")[2].strip()
    return Mention(normalise(match[1]), "", number, group, marker, project=project)


def _conda(text: str) -> Iterator[Mention]:
    for number, line in enumerate(text.splitlines(), 1):
        if match := re.match(r"\s*-\s+(?:[\w-]+::)?([A-Za-z0-9][A-Za-z0-9._-]*)\s*([=<>!~].*)?$", line):
            yield Mention(normalise(match[1]), "", number)


def _setup(text: str) -> Iterator[Mention]:
    for number, line in enumerate(text.splitlines(), 1):
        yield from (Mention(normalise(name), "", number, project="dependency") for name in _QUOTED.findall(line))
        if re.match(r"\s+[A-Za-z0-9][A-Za-z0-9._-]*\s*([<>=!~;\[].*)?$", line) and (row := _requirement(line, number)):
            yield replace(row, project="dependency")


def _toml(text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError):
        return {}


def _pyproject(text: str) -> Iterator[Mention]:
    table = _toml(text)
    project, tool = _table(table, "project"), _table(table, "tool")
    if isinstance(name := project.get("name") or _table(tool, "poetry").get("name"), str):
        yield Mention(normalise(name), "", 0, project="itself")
    for group, rows in _groups(table, project, tool):
        for row in rows:
            if isinstance(row, str) and (mention := _requirement(row, _line_of(row, text), group, "dependency")):
                yield mention


def _groups(
    table: dict[str, Any], project: dict[str, Any], tool: dict[str, Any]
) -> Iterator[tuple[str, list[Any] | dict[str, Any]]]:
    """(group, requirements) of a pyproject.toml; "" is what ships."""
    poetry = _table(tool, "poetry")
    yield "", _rows(project.get("dependencies"))
    yield "", _rows(poetry.get("dependencies"))
    yield from ((f"the group {name}", _rows(rows)) for name, rows in _table(table, "dependency-groups").items())
    yield from ((f"the extra {name}", _rows(rows)) for name, rows in _table(project, "optional-dependencies").items())
    yield "the group dev", _rows(_table(tool, "uv").get("dev-dependencies"))
    yield "the group dev", _rows(poetry.get("dev-dependencies"))
    for name, group in _table(poetry, "group").items():
        yield f"the group {name}", _rows(_table({"": group}, "").get("dependencies"))
    yield from (
        (f"the group {name}", _rows(rows)) for name, rows in _table(_table(tool, "pdm"), "dev-dependencies").items()
    )


def _pipfile(text: str) -> Iterator[Mention]:
    table = _toml(text)
    for section, group in (("packages", ""), ("dev-packages", "dev-packages")):
        for name in _table(table, section):
            yield Mention(normalise(name), "", _line_of(name, text), group, project="dependency")


_PROJECTS = {"pyproject.toml": _pyproject, "Pipfile": _pipfile, "setup.py": _setup, "setup.cfg": _setup}


def _table(table: dict[str, Any], key: str) -> dict[str, Any]:
    value = table.get(key)
    return as_table(value)


def _rows(value: Any) -> list[Any] | dict[str, Any]:
    return value if isinstance(value, list | dict) else []


def _line_of(row: str, text: str) -> int:
    return next((number for number, line in enumerate(text.splitlines(), 1) if row in line), 0)
