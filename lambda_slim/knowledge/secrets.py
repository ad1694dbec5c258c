"""What must never travel in a package by accident: `secrets.toml`. Values are looked at, never shown.

Meant for first-party files: what a distribution carries is published already, and may be needed (certifi's
`cacert.pem`, test keys that a library imports).
"""

import functools
import re
import tomllib
from dataclasses import dataclass
from importlib.resources import files

from lambda_slim.base.patterns import is_matched


@dataclass(frozen=True, slots=True)
class Secret:
    """One kind of secret, known by its name, its content, or both.

    Attributes:
        slug: Its stable name, `private-key`.
        patterns: gitignore patterns of files that are suspected.
        content: Regular expression (bytes) that a suspect must also contain; empty when the name is enough.
        unless: gitignore patterns of harmless files that look so.
        why: One clause for people; never quotes the value.
        source: Where the fact is from.
        limit: Larger files than this (bytes) are not opened for `content`.
    """

    slug: str
    patterns: tuple[str, ...]
    why: str
    source: str
    content: str = ""
    unless: tuple[str, ...] = ()
    limit: int = 1_000_000

    def suspects(self, path: str) -> bool:
        """Whether a package path could be this secret by its name; the whole answer when `content` is empty."""
        return is_matched(path, self.patterns, self.unless)

    def found_in(self, data: bytes) -> bool:
        """Whether the content of a suspect confirms it; True if its name was enough."""
        return not self.content or _compiled(self.content).search(data) is not None


@functools.cache
def _compiled(pattern: str) -> re.Pattern[bytes]:
    return re.compile(pattern.encode())


@functools.cache
def load_secrets() -> tuple[Secret, ...]:
    """Every kind of secret.

    Raises:
        TypeError: an entry has a key that is not known, or lacks one.
    """
    table = tomllib.loads(files("lambda_slim.knowledge").joinpath("secrets.toml").read_text("utf-8"))
    return tuple(_parse(slug, row) for slug, row in table.items())


def _parse(slug: str, row: dict[str, object]) -> Secret:
    fields = {name: tuple(value) if isinstance(value, list) else value for name, value in row.items()}
    return Secret(slug=slug, **fields)  # type: ignore[arg-type]
