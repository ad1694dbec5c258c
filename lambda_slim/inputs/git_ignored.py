"""`.gitignore` files: what they name is no part of a package."""

from pathlib import Path
from typing import TYPE_CHECKING

from lambda_slim.base.errors import PackageError, error_text
from lambda_slim.base.files import read_loosely

if TYPE_CHECKING:
    import pathspec


def read_ignored(path: Path) -> "pathspec.GitIgnoreSpec":
    """The patterns of a `.gitignore`.

    Raises:
        PackageError: it cannot be read; without it, what git keeps out could ship.
    """
    import pathspec

    try:
        lines = read_loosely(path).splitlines()
    except OSError as error:
        raise PackageError(
            f"`{path}` cannot be read",
            cause=error_text(error),
            hint="give it rights or remove it; without its patterns, files that git ignores could ship",
        ) from error
    return pathspec.GitIgnoreSpec.from_lines(lines)
