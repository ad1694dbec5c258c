"""Reads what ships, a file at a time and within bounds."""

import zipfile
from pathlib import Path

from lambda_slim.base.errors import PackageError, error_text
from lambda_slim.base.files import read_regular
from lambda_slim.model.file import File
from lambda_slim.model.member import UNZIPPED_LIMIT, Member

MOST_READ = 3 * UNZIPPED_LIMIT  # bytes before stripping


def read_file(file: File) -> bytes:
    """The content of a file.

    Raises:
        PackageError: it cannot be read.
    """
    try:
        return read_regular(file.source, MOST_READ)
    except OSError as error:
        raise PackageError(
            f"cannot read `{file.path}`",
            cause=error_text(error),
            hint="was it changed or removed during the build?",
        ) from error


def zip_members(path: Path) -> list[Member]:
    """The members of a zip that lambda-slim wrote."""
    with zipfile.ZipFile(path) as archive:
        return [
            Member(entry.filename, archive.read(entry), bool(entry.external_attr >> 16 & 0o100))
            for entry in archive.infolist()
        ]
