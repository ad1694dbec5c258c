"""A package as a folder: what a zip of ours holds, with the same dates and modes on every machine."""

import os
import zipfile
from pathlib import Path

from lambda_slim.base.errors import WriteError, error_text
from lambda_slim.base.run_copies import LAID_TIME


def lay_zip(path: Path, folder: Path) -> None:
    """Unpacks a zip that we wrote into a new folder: files 0644 or 0755, folders 0755, all of 1980-01-01.

    Raises:
        WriteError: the folder cannot be written, or the disk is full.
    """
    try:
        folder.mkdir(parents=True)
        with zipfile.ZipFile(path) as archive:
            for entry in archive.infolist():
                place = folder / entry.filename
                place.parent.mkdir(parents=True, exist_ok=True)
                place.write_bytes(archive.read(entry))
                place.chmod(0o755 if entry.external_attr >> 16 & 0o111 else 0o644)
        _settle(folder)
    except OSError as error:
        raise WriteError(
            f"cannot write `{folder}`",
            cause=error_text(error),
            hint="check the folder's rights and free space, or choose another",
        ) from error


def _settle(folder: Path) -> None:
    """Gives all below a folder, and itself, one date and folders one mode; the deepest first."""
    for name, folders, files in os.walk(folder, topdown=False):
        for entry in (*files, *folders):
            os.utime(os.path.join(name, entry), (LAID_TIME, LAID_TIME))  # noqa: PTH118  (thousands of them)
        Path(name).chmod(0o755)
    os.utime(folder, (LAID_TIME, LAID_TIME))
