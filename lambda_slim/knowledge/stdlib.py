"""What standard modules import from outside the standard library."""

import functools
import tomllib
from collections.abc import Mapping
from importlib.resources import files


@functools.cache
def stdlib_imports() -> Mapping[str, tuple[str, ...]]:
    """Hidden imports by standard module, from `stdlib.toml` (each row there has its why and source)."""
    table = tomllib.loads(files("lambda_slim.knowledge").joinpath("stdlib.toml").read_text("utf-8"))
    return {name: tuple(row["imports"]) for name, row in table.items()}
