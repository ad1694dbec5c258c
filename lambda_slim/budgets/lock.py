"""`lambda-slim.lock`: the accepted state. Sorted, stable, and free of times and of anything about the machine."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from lambda_slim.base.cache import digest
from lambda_slim.base.errors import ConfigError
from lambda_slim.base.files import read_loosely, read_regular_text, write_text
from lambda_slim.formats.json_text import load_json

T = TypeVar("T")
NAME = "lambda-slim.lock"
VERSION = 1


@dataclass(frozen=True, slots=True)
class LockEntry:
    """What is compared of one function's package.

    Attributes:
        distributions: Name to (version, bytes in the package).
        init_modules: Top-level package to the number of its modules that the handler's import reaches or loads.
        digest: Over the whole list of those modules.
        bytecode: How the package was compiled, which the machine at hand decides: told, never compared.
        level: The level that it was built at, which the machine may decide as well.
    """

    unzipped: int
    zipped: int
    files: int
    distributions: Mapping[str, tuple[str, int]] = field(default_factory=dict)
    init_modules: Mapping[str, int] = field(default_factory=dict)
    digest: str = ""
    bytecode: str = field(default="", compare=False)
    level: str = field(default="", compare=False)

    @property
    def modules(self) -> int:
        """How many modules INIT brings."""
        return sum(self.init_modules.values())


def make_entry(
    unzipped: int,
    zipped: int,
    files: int,
    distributions: Mapping[str, tuple[str, int]],
    modules: Sequence[str],
    bytecode: str = "",
) -> LockEntry:
    """Facts with modules counted and digested."""
    counts: dict[str, int] = {}
    for name in modules:
        counts[name.partition(".")[0]] = counts.get(name.partition(".")[0], 0) + 1
    return LockEntry(
        unzipped,
        zipped,
        files,
        dict(sorted(distributions.items())),
        dict(sorted(counts.items())),
        digest(*sorted(modules)),
        bytecode,
    )


def lock_json(functions: Mapping[str, LockEntry]) -> str:
    """The lock's text: one line a distribution and a package, so that a diff can be read."""
    blocks = [f"  {json.dumps(name)}: {{\n{_block(facts)}\n  }}" for name, facts in sorted(functions.items())]
    body = ",\n".join(blocks)
    return f'{{\n "lock_version": {VERSION},\n "functions": {{\n{body}\n }}\n}}\n'


def _block(facts: LockEntry) -> str:
    rows = [
        f"{json.dumps(name)}: {json.dumps({'version': version, 'bytes': size})}"
        for name, (version, size) in sorted(facts.distributions.items())
    ]
    counts = [f"{json.dumps(name)}: {count}" for name, count in sorted(facts.init_modules.items())]
    lines = [
        f'"unzipped_bytes": {facts.unzipped}',
        f'"zipped_bytes": {facts.zipped}',
        f'"files": {facts.files}',
        f'"distributions": {_table(rows)}',
        f'"init_modules": {_table(counts)}',
        f'"init_digest": {json.dumps(facts.digest)}',
        f'"informative": {json.dumps({"bytecode": facts.bytecode, "level": facts.level})}',
    ]
    return ",\n".join(f"   {line}" for line in lines)


def _table(rows: Sequence[str]) -> str:
    return "{\n" + ",\n".join(f"    {row}" for row in rows) + "\n   }" if rows else "{}"


def parse_lock(text: str, where: str = NAME) -> dict[str, LockEntry]:
    """The functions of a lock.

    Raises:
        ConfigError: conflict markers, no JSON, another version, or fields that are missing or of the wrong kind.
    """
    for number, line in enumerate(text.splitlines(), 1):
        if line.startswith(("<<<<<<<", "=======", ">>>>>>>")):
            hint = "take either side and run `lambda-slim check --update`"
            cause = "a merge or rebase left both sides in it"
            raise ConfigError(f"{where}:{number}: there are conflict markers", cause=cause, hint=hint)
    try:
        table = load_json(text)
        version = _of(table, "lock_version", int)
        rows = _of(table, "functions", dict)
    except (ValueError, RecursionError) as error:
        hint = "restore it from version control, or write a new lock with `lambda-slim check --update`"
        raise ConfigError(f"`{where}` cannot be read", cause=str(error), hint=hint) from error
    if version != VERSION:
        hint = "write a new lock with `lambda-slim check --update`"
        cause = "another version of lambda-slim wrote it"
        raise ConfigError(f"`{where}` has version {version}; this lambda-slim reads {VERSION}", cause=cause, hint=hint)
    entries = {}
    for name, row in rows.items():
        try:
            entries[name] = _facts(row)
        except ValueError as error:
            hint = "was it edited by hand? write a new lock with `lambda-slim check --update`"
            raise ConfigError(f"`{where}` is damaged", cause=f"function {name}: {error}", hint=hint) from error
    return entries


def _of(table: Any, key: str, kind: type[T]) -> T:
    """A value of a table of the kind that it must have; numbers are 0 or more."""
    if not isinstance(table, dict):
        raise ValueError(f"`{table}` is not a table")
    if key not in table:
        raise ValueError(f"there is no `{key}`")
    value = table[key]
    if not isinstance(value, kind) or isinstance(value, bool) or (isinstance(value, int) and value < 0):
        raise ValueError(f"`{key}` cannot be `{value}`")
    return value


def _facts(row: Any) -> LockEntry:
    distributions = _of(row, "distributions", dict)
    modules = _of(row, "init_modules", dict)
    return LockEntry(
        unzipped=_of(row, "unzipped_bytes", int),
        zipped=_of(row, "zipped_bytes", int),
        files=_of(row, "files", int),
        distributions={
            name: (_of(part, "version", str), _of(part, "bytes", int)) for name, part in distributions.items()
        },
        init_modules={name: _of(modules, name, int) for name in modules},
        digest=_of(row, "init_digest", str),
        bytecode=_informative(row, "bytecode"),
        level=_informative(row, "level"),
    )


def _informative(row: Any, key: str) -> str:
    """What a lock tells beside what is compared; "" where an earlier version wrote it."""
    table = _of(row, "informative", dict) if "informative" in row else {}
    return _of(table, key, str) if key in table else ""


def read_lock(path: Path) -> dict[str, LockEntry] | None:
    """The lock in a file; None where there is none.

    Raises:
        ConfigError: see `parse_lock`.
    """
    try:
        return parse_lock(read_regular_text(path), path.name)
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        hint = "restore it from version control, or write a new lock with `lambda-slim check --update`"
        raise ConfigError(f"`{path.name}` cannot be read", cause=str(error), hint=hint) from error


def write_lock(functions: Mapping[str, LockEntry], path: Path) -> bool:
    """Writes the lock where it differs; says whether it did.

    Raises:
        WriteError: the file cannot be written.
    """
    text = lock_json(functions)
    if path.is_file() and read_loosely(path) == text:
        return False
    write_text(path, text)
    return True
