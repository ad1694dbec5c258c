"""Which shared libraries an operating system of Lambda has: `system_libraries.toml`."""

import functools
import tomllib
from importlib.resources import files


@functools.cache
def load_libraries(system: str) -> frozenset[str]:
    """Sonames that the runtimes on `system` (AL2 or AL2023) can load without shipping them."""
    table = tomllib.loads(files("lambda_slim.knowledge").joinpath("system_libraries.toml").read_text("utf-8"))
    return frozenset(table["every"]["sonames"]) | frozenset(table.get(system, {}).get("sonames", ()))
