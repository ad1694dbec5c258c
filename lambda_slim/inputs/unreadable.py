"""What cannot be read stops a build: a package without it would fail on Lambda."""

import contextlib
import os
from pathlib import Path

from lambda_slim.base.errors import PackageError
from lambda_slim.model.file import FileKind


def refuse_folder(path: str, folder: str, error: OSError) -> None:
    """A folder of this user that cannot be read may hold code; one of others, as a database keeps it, is data.

    Raises:
        PackageError: it is this user's.
    """
    with contextlib.suppress(OSError):
        if isinstance(error, PermissionError) and Path(folder).stat().st_uid == os.geteuid():
            raise PackageError(
                f"`{path or folder}` cannot be read",
                cause="its rights keep lambda-slim from it",
                hint="chmod +rx it, or move it out of the folder of the code",
            )


def refuse_file(path: str, place: str, kind: FileKind) -> None:
    """Code, and what else this user has, is never left out because it cannot be read: a package would lack it.

    Data of others, as a database keeps it, is no part of a package.

    Raises:
        PackageError: it is code, or this user's.
    """
    if kind in (FileKind.SOURCE, FileKind.BYTECODE, FileKind.LIBRARY) or Path(place).stat().st_uid == os.geteuid():
        raise PackageError(
            f"`{path}` cannot be read",
            cause="its rights keep lambda-slim from it",
            hint=f"chmod +r {path}, or move it out of the folder of the code",
        )
