"""What a script puts into folders and archives, as far as its text says it."""

from dataclasses import dataclass
from pathlib import Path

FUNCTION_SITE = ""  # where Python looks for distributions in a function's package: at its root
LAYER_SITE = r"python(?:/lib/(?:python3[\d.]*/)?site-packages)?"  # and in a layer, as a regular expression


@dataclass(frozen=True, slots=True)
class Packed:
    """One thing that a script puts somewhere.

    Attributes:
        place: Where it goes, absolute; an archive is a folder.
        where: `build.sh:12`, for messages.
        source: The folder or file that is copied; None of an installation.
        rules: See `Placement`.
        requires: Lines of requirements that are installed there.
        locked: The folder whose lock says what is installed there; None for none.
        turn: How many commands came before.
    """

    place: Path
    where: str
    source: Path | None = None
    rules: tuple[tuple[bool, str], ...] = ()
    requires: tuple[str, ...] = ()
    locked: Path | None = None
    turn: int = 0


@dataclass(frozen=True, slots=True)
class Uploaded:
    """What one `aws lambda create-function`, `update-function-code` or `update-function-configuration` says.

    Attributes:
        name: The function's name; "" for one that only a run knows.
        where: `deploy.sh:12`, for messages.
        archive: The zip that is uploaded, absolute; None for none.
        handler: As it is written; "" for none.
        runtime: As it is written; "" for none.
        architecture: As it is written; "" for none.
    """

    name: str
    where: str
    archive: Path | None = None
    handler: str = ""
    runtime: str = ""
    architecture: str = ""
