"""Files that a running function does not use, by the name or place they have everywhere: `junk.toml`."""

import functools
import tomllib
from importlib.resources import files

from lambda_slim.model.knowledge import Check, Junk, JunkScope, Risk


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
    fields |= {"scope": JunkScope(str(row["scope"])), "risk": Risk(str(row["risk"])), "check": Check(str(row["check"]))}
    return Junk(slug=slug, **fields)  # type: ignore[arg-type]
