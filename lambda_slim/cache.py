"""Where results are kept between runs, by content: never a reason for a wrong answer.

Layout: `<cache>/<shelf>/<first two of key>/<key>`. Writers put a temporary file beside the entry and rename it,
so any number of processes share one cache; readers treat anything unreadable as absent.
"""

import contextlib
import hashlib
import os
import tempfile
from pathlib import Path


def cache_root() -> Path:
    """The cache folder: `LAMBDA_SLIM_CACHE`, else `XDG_CACHE_HOME/lambda-slim`, else `~/.cache/lambda-slim`."""
    if chosen := os.environ.get("LAMBDA_SLIM_CACHE"):
        return Path(chosen).expanduser().absolute()
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "lambda-slim"


def digest(*parts: bytes | str) -> str:
    """A key over the parts, each length-prefixed so that no two lists of parts collide (hex, 40 characters)."""
    state = hashlib.blake2b(digest_size=20)
    for part in parts:
        data = part.encode() if isinstance(part, str) else part
        state.update(len(data).to_bytes(8, "little"))
        state.update(data)
    return state.hexdigest()


def entry(shelf: str, key: str) -> Path:
    """The path of an entry, whether or not it is there."""
    return cache_root() / shelf / key[:2] / key


def load(shelf: str, key: str) -> bytes | None:
    """The bytes stored under a key, or None."""
    try:
        return entry(shelf, key).read_bytes()
    except OSError:
        return None


def store(shelf: str, key: str, data: bytes) -> None:
    """Keeps bytes under a key; a cache that cannot be written is silently not used."""
    place = entry(shelf, key)
    with contextlib.suppress(OSError):
        place.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=place.parent, prefix=".")
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        Path(temporary).replace(place)
