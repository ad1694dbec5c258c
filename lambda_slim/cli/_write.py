"""Where the result of a command goes: a file, or standard output for `-`."""

import sys
from pathlib import Path

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
