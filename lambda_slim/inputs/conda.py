"""Lines of requirements that only conda can read."""

import re
from pathlib import Path
from urllib.parse import unquote

from lambda_slim.base.errors import ResolveError
from lambda_slim.base.files import is_there

_CONDA_EXPORT = re.compile(r"[A-Za-z0-9_][\w.-]*=[\w.!+]+(?:=\w+)?$")
_CONDA_BUILD = re.compile(r"[A-Za-z0-9][\w.-]*\s*@\s*file://(\S+)")


def check_conda(words: str, folder: Path, where: str) -> None:
    """Refuses what only conda can read: `name=version=build`, and builds on the disk of the machine that listed them.

    Raises:
        ResolveError: it is such a line.
    """
    build = _CONDA_BUILD.match(words)
    gone = build is not None and not is_there(folder / unquote(build[1]))
    if not (gone or _CONDA_EXPORT.match(words)):
        return
    made = "`conda list --export`" if not gone else "`pip freeze` in a conda environment"
    why = "names a build of conda's" if not gone else "names a file of the machine where it was made, which is not here"
    raise ResolveError(
        f"{where}: `{words[:80]}` {why}",
        cause=f"it looks like a line of {made}",
        hint=f"write it as {words.partition('=')[0].partition('@')[0].strip()}==VERSION; "
        "`pip list --format=freeze` in that environment lists all so",
    )
