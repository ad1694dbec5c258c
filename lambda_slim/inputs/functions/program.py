"""The files of a program that makes functions (CDK, Pulumi, SST), and what its values say; it is never run."""

import os
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from typing import Any

from lambda_slim.base.files import read_loosely
from lambda_slim.formats.program_python import python_program
from lambda_slim.formats.program_script import script_program
from lambda_slim.formats.tables import as_table, sure_text
from lambda_slim.inputs.functions.program_rounds import rounds_of
from lambda_slim.model.program import DIVIDED, UNPACKED, Dotted, Opaque, ParsedProgram, ProgramCall, ProgramMember

_ASIDE = frozenset(
    {"node_modules", "cdk.out", "site-packages", "venv", "env", "test", "tests", "__tests__", "dist", "build", "vendor"}
    | {"docs", "examples"}
)
_SUFFIXES = (".py", ".ts", ".mts", ".js", ".mjs")
_MOST = 2000  # files that are looked at
_SIGN = re.compile(r"(?<!\.)runtime\b|\bentry\b|\bDockerImageFunction\b|\b[Ll]ambda_?\.Function\(|\bimage_?[uU]ri\b")
_CONSTANT = re.compile(r"^\s*(?:export\s+)?(?:const\s+)?[A-Z][A-Z0-9_]+\s*(?::[^=\n]+)?=[^=]", re.MULTILINE)
_PYTHON = re.compile(r"PYTHON_?3|python3\.\d|PythonFunction|\bpython/")
_HERE = ("__dirname", "import.meta.dirname")
_WORKING = ("os.getcwd", "process.cwd", "Path.cwd", "pathlib.Path.cwd")
_SAME = ("abspath", "realpath", "resolve", "absolute", "str", "Path", "PurePath", "as_posix", "normpath", "normalize")
_URLS = ("fileURLToPath",)  # `import.meta.url` is taken for the file itself
_JOINS = ("join", "resolve", "joinpath")


@dataclass(frozen=True, slots=True)
class ProgramFile:
    """One file of the program.

    Attributes:
        path: Where it lies.
        root: The folder that the program is started in, where relative paths begin.
        program: What it says.
        callers: (file, call) of the calls of its helpers, in all files.
    """

    path: Path
    root: Path
    program: ParsedProgram
    callers: tuple[tuple[ParsedProgram, ProgramCall], ...] = ()

    def rounds(self, raw: ProgramCall) -> Iterator[tuple[ProgramCall, ProgramCall, "ProgramFile"]]:
        """(call as it is written, call with its names replaced, file whose names are replaced) of one call.

        In a helper that has parameters it is once for each call of the helper, with what that call gives.
        In a method it is once for each way in which its class is made, where that makes a difference.
        """
        for outer, program, bound in rounds_of(self.program, self.callers, raw):
            line = outer.line if outer and program is self.program else raw.line
            yield replace(raw, line=line), bound.known(raw), replace(self, program=bound)

    def where(self, call: ProgramCall) -> str:
        """`infra/stack.py:12`, for messages."""
        return f"{os.path.relpath(self.path, self.root)}:{call.line}"


def sources(folder: Path) -> Iterator[ProgramFile]:
    """The files below the folder of a program that may make a function."""
    texts = {path: read_loosely(path) for path in program_files(folder)}
    making = _with(_SIGN, texts)
    settling = _with(_CONSTANT, texts) if making else []
    programs = {path: _parsed(path, texts[path]) for path in dict.fromkeys([*making, *settling])}
    names = set(chain.from_iterable(_helpers(programs[path]) for path in making))
    programs |= {path: _parsed(path, texts[path]) for path in sorted(_calling(names, texts) - programs.keys())}
    shared = _shared(programs.values())
    whole = {path: replace(program, shared=shared) for path, program in programs.items()}
    callers = tuple(_callers(names, whole.values()))
    yield from (ProgramFile(path, folder, whole[path], callers) for path in making)


def speaks_of_python(folder: Path) -> bool:
    """Whether a program below a folder may make functions whose runtime is Python's."""
    return any(_PYTHON.search(read_loosely(path)) for path in program_files(folder))


def program_of(path: Path, folder: Path) -> ProgramFile:
    """One file of the program of a folder, by itself."""
    return ProgramFile(path, folder, _parsed(path, read_loosely(path)))


def _with(sign: re.Pattern[str], texts: Mapping[Path, str]) -> list[Path]:
    return [path for path, text in texts.items() if sign.search(text)]


def _helpers(program: ParsedProgram) -> Iterator[str]:
    yield from (helper.name for helper in program.helpers if helper.parameters)


def _calling(names: set[str], texts: Mapping[Path, str]) -> set[Path]:
    """The files that may call one of some helpers."""
    return {path for path, text in texts.items() if any(f"{name}(" in text for name in names)}


def _callers(names: set[str], programs: Iterable[ParsedProgram]) -> Iterator[tuple[ParsedProgram, ProgramCall]]:
    for program in programs:
        yield from ((program, call) for call in program.calls if call.name in names)


def _parsed(path: Path, text: str) -> ParsedProgram:
    """What a file says; nothing where it cannot be read."""
    try:
        return python_program(text) if path.suffix == ".py" else script_program(text)
    except (SyntaxError, ValueError):
        return ParsedProgram()


def _shared(programs: Iterable[ParsedProgram]) -> dict[str, Any]:
    """Names in capitals that one file binds, which others import."""
    rows = [row for program in programs for row in program.constants.items() if row[0].isupper()]
    times = Counter(name for name, _ in rows)
    return {name: value for name, value in rows if times[name] == 1}


def program_files(folder: Path, suffixes: tuple[str, ...] = _SUFFIXES) -> Iterator[Path]:
    """The files below a folder that may be of a program, but tests."""
    seen = 0
    for name, folders, files in os.walk(folder):
        folders[:] = sorted(below for below in folders if below not in _ASIDE and not below.startswith("."))
        for file in sorted(files):
            if file.endswith(suffixes) and _is_read(file, files) and seen < _MOST and (Path(name) / file).is_file():
                seen += 1
                yield Path(name) / file


def _is_read(file: str, beside: list[str]) -> bool:
    """Whether a file may be of the program: no test, and none that a compiler wrote from the one beside it."""
    stem, suffix = Path(file).stem, Path(file).suffix
    if stem.endswith((".d", ".test", ".spec", "_test")):
        return False
    return not file.startswith("test_") and not (suffix == ".js" and f"{stem}.ts" in beside)


def said(call: ProgramCall, key: str) -> Any:
    """A named argument; None where it is not given, `Opaque` where something that is not known may give it."""
    missing = None if call.whole else Opaque()
    return call.named.get(key, missing)


def options_of(value: Any) -> Any:
    """The named arguments of a call that makes a table; anything else as it is."""
    return value.named if isinstance(value, ProgramCall) else value


def arguments_of(value: Any) -> tuple[Any, ...]:
    """The positional arguments of a call; of anything else none."""
    return value.positional if isinstance(value, ProgramCall) else ()


def variables(value: Any) -> dict[str, str]:
    """Environment variables; what only the deployment knows is `UNKNOWN`."""
    return {key: sure_text(item) for key, item in as_table(value).items() if key != UNPACKED}


def written_text(value: Any, source: ProgramFile) -> str | None:
    """A text that stands there, or in a file that is read; None where that is only known when the program runs."""
    if isinstance(value, str) or not isinstance(value, ProgramCall):
        return value if isinstance(value, str) else None
    file = _read_file(value)
    place = place_of(file, source) if file is not None else None
    return read_loosely(place) if place and place.is_file() else None


def _read_file(call: ProgramCall) -> Any:
    """What a call reads all of: `open(file).read()`, `Path(file).read_text()`, `fs.readFileSync(file, …)`."""
    owner = call.function.of if isinstance(call.function, ProgramMember) else None
    if call.name == "read_text":
        return owner
    if call.name in ("read", "toString", "decode") and isinstance(owner, ProgramCall):
        return _read_file(owner)
    return call.positional[0] if call.name in ("readFileSync", "open") and call.positional else None


def place_of(value: Any, source: ProgramFile) -> Path | None:
    """The folder or file that a value names; None where that is only known when the program runs."""
    place = _place(value, source)
    return Path(os.path.normpath(place)) if place else None


def _place(value: Any, source: ProgramFile) -> Path | None:
    if isinstance(value, str):
        return source.root / value if value else None
    if isinstance(value, Dotted):
        return _of_name(value.text, source)
    if isinstance(value, ProgramMember):
        return _of_member(value, source)
    return _of_call(value, source) if isinstance(value, ProgramCall) else None


def _of_name(text: str, source: ProgramFile) -> Path | None:
    if text in _HERE:
        return source.path.parent
    if text in ("__file__", "__filename", "import.meta.url", "import.meta.filename"):
        return source.path
    return source.root if text in ("os.curdir", "os.path.curdir") else None


def _of_member(value: ProgramMember, source: ProgramFile) -> Path | None:
    if value.name == "parent":
        inner = _place(value.of, source)
        return Path(os.path.normpath(inner)).parent if inner else None
    if value.name.isdigit() and isinstance(value.of, ProgramMember) and value.of.name == "parents":
        inner = _place(value.of.of, source)
        return _above(Path(os.path.normpath(inner)), int(value.name)) if inner else None
    return None


def _above(place: Path, index: int) -> Path | None:
    return place.parents[index] if index < len(place.parents) else None


def _of_call(call: ProgramCall, source: ProgramFile) -> Path | None:
    if isinstance(call.function, Dotted) and call.function.text in _WORKING:
        return source.root
    owner = [call.function.of] if isinstance(call.function, ProgramMember) else []
    parts = [*owner, *call.positional]
    if call.name == "dirname" and parts:
        return _of_member(ProgramMember(parts[0], "parent"), source)
    joins = call.function == DIVIDED or call.name in _JOINS
    return _joined(parts, source) if joins or call.name in (*_SAME, *_URLS) else None


def _joined(parts: list[Any], source: ProgramFile) -> Path | None:
    first = _place(parts[0], source) if parts else None
    rest = [part for part in parts[1:] if isinstance(part, str)]
    return first.joinpath(*rest) if first and len(rest) == len(parts) - 1 else None
