"""Functions of a deployment file below the target that are not for this tool."""

import os
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from lambda_slim.base.errors import UsageError
from lambda_slim.formats.tables import UNKNOWN
from lambda_slim.inputs.functions.records import Declared


def passed_over(file: Path, rows: Sequence[Declared], place: Path) -> list[Declared]:
    """The functions of a file, with its path from the target in their places."""
    above = os.path.relpath(file.parent, place)
    return [replace(row, where=os.path.normpath(f"{above}/{row.where or file.name}")) for row in rows]


def uploaded_elsewhere(rows: Sequence[Declared]) -> Iterator[UsageError]:
    """The question that a Python function is whose code is uploaded by something else: where is it here?"""
    for row in rows:
        if "its code is in S3" in row.skipped:
            handler = row.handler if row.handler and row.handler != UNKNOWN else "module.function"
            yield UsageError(
                f"{row.name}: which folder has the code of this function?",
                cause=f"{row.where} only says that {row.skipped}",
                hint=f"name the folder, and say --handler {handler}{_flag(row)}",
            )
            return


def _flag(row: Declared) -> str:
    python = (row.runtime or "").removeprefix("python")
    return f" --python {python}" if python[:1].isdigit() else ""
