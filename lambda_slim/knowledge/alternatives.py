"""What people use in the place of distributions that have no wheel for Linux: `alternatives.toml`."""

import functools
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files

from lambda_slim.base.text import clause


@dataclass(frozen=True, slots=True)
class Alternative:
    """What to require in the place of a distribution.

    Attributes:
        instead: Requirements, the best first.
        how: What else changes.
    """

    instead: tuple[str, ...]
    how: str

    @property
    def told(self) -> str:
        """In words, for a hint."""
        names = " or ".join(f"`{name}`" for name in self.instead)
        return f"people require {names} in its place" + clause(": {}", self.how)


@functools.cache
def load_alternatives() -> Mapping[str, Alternative]:
    """By normalised name."""
    table = tomllib.loads(files("lambda_slim.knowledge").joinpath("alternatives.toml").read_text("utf-8"))
    return {name: Alternative(tuple(row["instead"]), row["how"]) for name, row in table.items()}
