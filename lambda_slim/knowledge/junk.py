"""Files that a running function does not use, by the name or place they have everywhere: `junk.toml`."""

import functools
import tomllib
from dataclasses import dataclass
from enum import StrEnum
from importlib.resources import files

from lambda_slim.knowledge.patterns import matcher


class Risk(StrEnum):
    """How sure we are that leaving something out changes nothing."""

    SAFE = "safe"  # inert: nothing at run time can tell
    LIKELY = "likely"  # something unusual could


class Scope(StrEnum):
    """Whose files an entry speaks of."""

    DISTRIBUTION = "distribution"  # files of installed distributions
    PROJECT = "project"  # first-party files
    ANY = "any"


class Check(StrEnum):
    """What must hold before a match may be left out."""

    ALWAYS = "always"  # the match is enough
    UNIMPORTED = "unimported"  # nothing live imports a module in or at it
    UNREAD = "unread"  # nor does live code of its owner name the file, or its folder, in a string


@dataclass(frozen=True, slots=True)
class Junk:
    """One kind of junk.

    Attributes:
        slug: Its stable name, `test-suites`.
        patterns: gitignore patterns; for `Scope.PROJECT` relative to the function's folder, else to the package root.
        why: One clause for people.
        source: Where the fact is from: a URL or what was run.
        unless: gitignore patterns of files that look so and are needed all the same.
        readers: Endings of names in own code of what reads such files all the same, wherever they lie.
        folders: The patterns name folders, to be judged as a whole: `Check` asks about everything beneath.
    """

    slug: str
    scope: Scope
    patterns: tuple[str, ...]
    why: str
    risk: Risk
    check: Check
    source: str
    unless: tuple[str, ...] = ()
    readers: tuple[str, ...] = ()
    folders: bool = False

    def matches(self, path: str) -> bool:
        """Whether a package path is of this kind; what `check` asks for is up to the caller."""
        return matcher(self.patterns)(path) and not (self.unless and matcher(self.unless)(path))


@functools.cache
def load_junk() -> tuple[Junk, ...]:
    """Every kind of junk, in the order in which the first match speaks.

    Raises:
        TypeError: an entry has a key that is not known, or lacks one.
    """
    table = tomllib.loads(files("lambda_slim.knowledge").joinpath("junk.toml").read_text("utf-8"))
    return tuple(_parse(slug, row) for slug, row in table.items())


def _parse(slug: str, row: dict[str, object]) -> Junk:
    fields = {name: tuple(value) if isinstance(value, list) else value for name, value in row.items()}
    fields |= {"scope": Scope(str(row["scope"])), "risk": Risk(str(row["risk"])), "check": Check(str(row["check"]))}
    return Junk(slug=slug, **fields)  # type: ignore[arg-type]
