"""Reads what ships, a file at a time and within bounds."""

from lambda_slim.base.errors import PackageError, error_text
from lambda_slim.base.files import read_regular
from lambda_slim.model.file import File
from lambda_slim.model.member import UNZIPPED_LIMIT

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
