"""Dockerfiles: instructions by stage, with what their ARGs and ENVs stand for."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from lambda_slim.formats.json_text import load_json

_CONTINUED = re.compile(r"\\[ \t]*$")
_HEREDOC = re.compile(r"<<-?\s*[\"']?(\w+)[\"']?")
_VARIABLE = re.compile(r"\$(?:\{(\w+)(?::([-+])([^}]*))?\}|(\w+))")


@dataclass(frozen=True, slots=True)
class Instruction:
    """One instruction; `words` are those of the JSON form, else the text split at spaces."""

    name: str
    text: str
    line: int
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage.

    Attributes:
        image: What it is made from: an image, or the name of an earlier stage.
        name: `AS name`; "" where it has none.
        platform: `--platform`.
        instructions: What follows, variables replaced.
    """

    image: str
    name: str
    platform: str
    instructions: tuple[Instruction, ...]


def parse_dockerfile(text: str, given: Mapping[str, str] | None = None) -> tuple[Stage, ...]:
    """The stages of a Dockerfile.

    Args:
        text: The file.
        given: Variables that the build gives; ARGs without a value stay as they are.

    Raises:
        ValueError: there is none.
    """
    values = dict(given or {})
    stages: list[Stage] = []
    current: list[Instruction] = []
    for line, said in _lines(text):
        name, _, rest = said.partition(" ")
        name, rest = name.upper(), rest.strip()
        if name == "ARG":
            key, equals, value = rest.partition("=")
            if equals:
                values.setdefault(key.strip(), _filled(value.strip().strip("\"'"), values))
            continue
        rest = rest if _is_taken_as_it_is(name, rest) else _filled(rest, values)
        if name == "ENV":
            values.update(environment(rest))
        if name == "FROM":
            current = []
            stages.append(_stage(rest, current))
            continue
        current.append(Instruction(name, rest, line, _words(rest)))
        if stages:
            last = stages[-1]
            stages[-1] = Stage(last.image, last.name, last.platform, tuple(current))
    if not stages:
        message = "it has no FROM"
        raise ValueError(message)
    return tuple(stages)


def _is_taken_as_it_is(name: str, rest: str) -> bool:
    """Whether nothing replaces the variables of an instruction: no shell reads the list form of a command."""
    return name in ("CMD", "ENTRYPOINT") and rest.startswith("[")


def _stage(rest: str, instructions: list[Instruction]) -> Stage:
    words = rest.split()
    platforms = [word.partition("=")[2] for word in words if word.startswith("--platform=")]
    image, sign, name, *_ = [*(word for word in words if not word.startswith("--")), "", "", ""]
    if sign.upper() != "AS":
        name = ""
    return Stage(image, name, "".join(platforms[:1]), tuple(instructions))


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """(line, instruction) with continued lines joined; of a heredoc its lines are joined by ` && `."""
    rows = text.splitlines()
    place = 0
    while place < len(rows):
        start = place + 1
        said, place = _instruction(rows, place)
        runs, copies = said.upper().startswith("RUN"), said.upper().startswith("COPY")
        heredoc = _HEREDOC.search(said)
        if heredoc and (runs or copies):
            body, place = _heredoc(rows, place, heredoc[1])
            said = f"RUN {' && '.join(body)}" if runs else said
        if said:
            yield start, said


def _instruction(rows: list[str], place: int) -> tuple[str, int]:
    """The instruction that begins at a row, its continued lines joined; and the row after it."""
    said = ""
    while place < len(rows):
        row = rows[place]
        place += 1
        if row.lstrip().startswith("#") or (not row.strip() and said):
            continue
        said += " " + _CONTINUED.sub("", row).strip()
        if not _CONTINUED.search(row):
            break
    return said.strip(), place


def _heredoc(rows: list[str], place: int, end: str) -> tuple[list[str], int]:
    """The lines of a heredoc up to its end mark, without empty ones; and the row after the mark."""
    body = []
    while place < len(rows) and rows[place].strip() != end:
        body.append(rows[place].strip())
        place += 1
    return list(filter(None, body)), place + 1


def _words(rest: str) -> tuple[str, ...]:
    if rest.startswith("["):
        try:
            rows = load_json(rest)
        except ValueError:
            rows = None
        if isinstance(rows, list):
            return tuple(map(str, rows))
    return tuple(rest.split())


def _filled(text: str, values: Mapping[str, str]) -> str:
    def fill(match: re.Match[str]) -> str:
        name = match[1] or match[4]
        if match[2] == "-":
            return values.get(name) or match[3]
        if match[2] == "+":
            return match[3] if values.get(name) else ""
        return values.get(name, match[0])

    return _VARIABLE.sub(fill, text)


def environment(rest: str) -> dict[str, str]:
    """What an ENV sets: `A=b C="d e"`, or `A b` in the old form."""
    if "=" not in rest.split(" ", maxsplit=1)[0]:
        name, _, value = rest.partition(" ")
        return {name: value.strip()} if name else {}
    pairs = re.findall(r"""(\w+)=("(?:[^"\\]|\\.)*"|'[^']*'|\S*)""", rest)
    return {name: value.strip("\"'") for name, value in pairs}
