"""Code that cannot be read stops a build: a package without it would fail on Lambda."""

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


def refuse_code(path: str, kind: FileKind) -> None:
    """Code is never left out because it cannot be read: the package would lack it where it runs.

    Raises:
        PackageError: it is code.
    """
    if kind in (FileKind.SOURCE, FileKind.BYTECODE, FileKind.LIBRARY):
        raise PackageError(
            f"`{path}` cannot be read",
            cause="its rights keep lambda-slim from it",
            hint=f"chmod +r {path}, or move it out of the folder of the code",
        )
