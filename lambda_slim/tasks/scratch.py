"""A folder beside an output, for files that are not complete yet."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from lambda_slim.base.errors import WriteError, error_text
from lambda_slim.base.owned import remove


@contextmanager
def scratch_beside(out: Path) -> Iterator[Path]:
    """A folder on the file system of an output; it is gone at the end.

    Raises:
        WriteError: the output's folder cannot be written.
    """
    try:
        out.absolute().parent.mkdir(parents=True, exist_ok=True)
        scratch = Path(tempfile.mkdtemp(dir=out.absolute().parent, prefix=f".{out.name[:40]}."))
    except OSError as error:
        raise WriteError(
            f"cannot write `{out}`", cause=error_text(error), hint="choose another folder with -o"
        ) from error
    try:
        yield scratch
    finally:
        remove(scratch)
