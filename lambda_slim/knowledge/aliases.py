"""Names that modules give themselves in `sys.modules`: `aliases.toml`."""

import functools
import tomllib
from collections.abc import Container
from importlib.resources import files


@functools.cache
def _table() -> dict[str, tuple[str, ...]]:
    table = tomllib.loads(files("lambda_slim.knowledge").joinpath("aliases.toml").read_text("utf-8"))
    return {module: tuple(row["names"]) for module, row in table.items()}


def aliases(modules: Container[str]) -> frozenset[str]:
    """The names that some modules may give themselves."""
    return frozenset(name for module, names in _table().items() if module in modules for name in names)
