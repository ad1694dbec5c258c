"""Where credentials of a user lie: programs that are not the user's own do not see these places."""

import os
import pwd
from collections.abc import Iterable, Iterator
from pathlib import Path

_PLACES = (
    ".aws",
    ".azure",
    ".config/gcloud",
    ".config/gh",
    ".config/op",
    ".config/pip",
    ".config/pypoetry",
    ".docker",
    ".git-credentials",
    ".gnupg",
    ".kube",
    ".local/share/keyrings",
    ".local/share/uv/credentials",
    ".netrc",
    ".npmrc",
    ".pip",
    ".pypirc",
    ".ssh",
    ".terraform.d",
    ".vault-token",
)


def credential_places(needed: Iterable[str], around: Iterable[str]) -> list[str]:
    """Files and folders with credentials below the homes of this user.

    Args:
        needed: Of the places those that the program needs, relative to a home.
        around: Paths that it must see; a place that holds one of them is left out.
    """
    seen = [os.path.realpath(path) for path in around]
    wanted = [name for name in _PLACES if name not in needed]
    places = {os.path.realpath(home / name) for home in _homes() for name in wanted}
    return sorted(place for place in places if Path(place).exists() and not _leads_to(place, seen))


def _leads_to(place: str, seen: Iterable[str]) -> bool:
    """Whether a path lies at or below a place."""
    return any(path == place or path.startswith(f"{place}/") for path in seen)


def _homes() -> Iterator[Path]:
    if home := os.environ.get("HOME"):
        yield Path(home)
    try:
        yield Path(pwd.getpwuid(os.geteuid()).pw_dir)
    except KeyError:
        return
