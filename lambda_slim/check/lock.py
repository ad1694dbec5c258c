"""`lambda-slim.lock`: what was accepted; sorted, stable, free of times and of the machine in what is compared."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lambda_slim.cache import digest
from lambda_slim.errors import ConfigError
from lambda_slim.files import write_text

NAME = "lambda-slim.lock"
VERSION = 1


@dataclass(frozen=True, slots=True)
class Facts:
    """What is compared of one function's package.

    Attributes:
        distributions: Name to (version, bytes in the package).
        init_modules: Top-level package to the number of its modules that the handler's import reaches or loads.
        digest: Over the whole list of those modules.
        bytecode: How the package was compiled, which the machine at hand decides: told, never compared.
    """

    unzipped: int
    zipped: int
    files: int
    distributions: Mapping[str, tuple[str, int]] = field(default_factory=dict)
    init_modules: Mapping[str, int] = field(default_factory=dict)
    digest: str = ""
    bytecode: str = field(default="", compare=False)

    @property
    def modules(self) -> int:
        """How many modules INIT brings."""
        return sum(self.init_modules.values())


def make_facts(
    unzipped: int,
    zipped: int,
    files: int,
    distributions: Mapping[str, tuple[str, int]],
    modules: Sequence[str],
    bytecode: str = "",
) -> Facts:
    """Facts with modules counted and digested."""
    counts: dict[str, int] = {}
    for name in modules:
        counts[name.partition(".")[0]] = counts.get(name.partition(".")[0], 0) + 1
    return Facts(
        unzipped,
        zipped,
        files,
        dict(sorted(distributions.items())),
        dict(sorted(counts.items())),
        digest(*sorted(modules)),
        bytecode,
    )


def lock_json(functions: Mapping[str, Facts]) -> str:
    """The lock's text: one line a distribution and a package, so that a diff can be read."""
    blocks = [f"  {json.dumps(name)}: {{\n{_block(facts)}\n  }}" for name, facts in sorted(functions.items())]
    body = ",\n".join(blocks)
    return f'{{\n "lock_version": {VERSION},\n "functions": {{\n{body}\n }}\n}}\n'


def _block(facts: Facts) -> str:
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
        f'"informative": {json.dumps({"bytecode": facts.bytecode})}',
    ]
    return ",\n".join(f"   {line}" for line in lines)


def _table(rows: Sequence[str]) -> str:
    return "{\n" + ",\n".join(f"    {row}" for row in rows) + "\n   }" if rows else "{}"


def parse_lock(text: str, where: str = NAME) -> dict[str, Facts]:
    """The functions of a lock.

    Raises:
        ConfigError: conflict markers, no JSON, another version, or fields that are missing or of the wrong kind.
    """
    for number, line in enumerate(text.splitlines(), 1):
        if line.startswith(("<<<<<<<", "=======", ">>>>>>>")):
            hint = "take either side and run `lambda-slim check --update`"
            raise ConfigError(f"{where}:{number}: there are conflict markers", hint=hint)
    try:
        table = json.loads(text)
        version = table["lock_version"]
        rows = table["functions"].items()
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        hint = "restore it from version control, or write it anew with `lambda-slim check --update`"
        raise ConfigError(f"`{where}` cannot be read", cause=str(error), hint=hint) from error
    if version != VERSION:
        hint = "write it anew with `lambda-slim check --update`"
        raise ConfigError(f"`{where}` has version {version}; this lambda-slim reads {VERSION}", hint=hint)
    try:
        return {name: _facts(row) for name, row in rows}
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        hint = "was it edited by hand? write it anew with `lambda-slim check --update`"
        raise ConfigError(f"`{where}` is damaged", cause=f"{type(error).__name__}: {error}", hint=hint) from error


def _facts(row: Mapping[str, Any]) -> Facts:
    return Facts(
        unzipped=int(row["unzipped_bytes"]),
        zipped=int(row["zipped_bytes"]),
        files=int(row["files"]),
        distributions={name: (str(one["version"]), int(one["bytes"])) for name, one in row["distributions"].items()},
        init_modules={str(name): int(count) for name, count in row["init_modules"].items()},
        digest=str(row["init_digest"]),
        bytecode=str(row.get("informative", {}).get("bytecode", "")),
    )


def read_lock(path: Path) -> dict[str, Facts] | None:
    """The lock in a file; None where there is none.

    Raises:
        ConfigError: see `parse_lock`.
    """
    try:
        return parse_lock(path.read_text("utf-8"), path.name)
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"`{path.name}` cannot be read", cause=str(error)) from error


def write_lock(functions: Mapping[str, Facts], path: Path) -> bool:
    """Writes the lock where it differs; says whether it did.

    Raises:
        WriteError: the file cannot be written.
    """
    text = lock_json(functions)
    if path.is_file() and path.read_text("utf-8", "replace") == text:
        return False
    write_text(path, text)
    return True
