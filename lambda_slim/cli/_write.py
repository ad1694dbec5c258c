"""Where the result of a command goes: a file, or standard output for `-`."""

import sys
from collections.abc import Mapping
from pathlib import Path

from lambda_slim.base.errors import UsageError
from lambda_slim.base.files import write_text

STDOUT = Path("-")


def write_result(path: Path | None, text: str) -> None:
    """Writes a text to a file, or to standard output for `-`; None writes nothing.

    Raises:
        WriteError: the file cannot be written.
    """
    if path == STDOUT:
        sys.stdout.write(text)
    elif path:
        write_text(path, text)


def one_on_stdout(files: Mapping[str, Path | None]) -> None:
    """Refuses to write two formats to standard output, where they would mix.

    Raises:
        UsageError: two files are `-`.
    """
    names = [f"--{name} -" for name, path in files.items() if path == STDOUT]
    if len(names) > 1:
        raise UsageError(
            f"{' and '.join(names)} would both go to standard output",
            cause="their texts would mix",
            hint="name a file for one of them",
        )
