"""What a Lambda runtime is: its Python, its C library, and what it has already loaded or installed."""

import functools
import tomllib
from datetime import date
from importlib.resources import files

from lambda_slim.model.target import Runtime


@functools.cache
def runtimes() -> dict[str, Runtime]:
    """Every known runtime by name, oldest first."""
    table = tomllib.loads(files("lambda_slim.knowledge").joinpath("runtimes.toml").read_text("utf-8"))
    return {
        name: Runtime(
            name=name,
            os=row["os"],
            glibc=(row["glibc"][0], row["glibc"][1]),
            glibcxx=(row["glibcxx"][0], row["glibcxx"][1], row["glibcxx"][2]),
            magic=row.get("magic"),
            deprecated=row.get("deprecated"),
            preview=row.get("preview", False),
        )
        for name, row in table["runtime"].items()
    }


@functools.cache
def retired() -> dict[str, date]:
    """Python runtimes that Lambda has retired, to the day that AWS stopped patching them, oldest first."""
    table = tomllib.loads(files("lambda_slim.knowledge").joinpath("runtimes.toml").read_text("utf-8"))
    dates: dict[str, date] = table["retired"]
    return dates


def retired_hint(name: str) -> str:
    """Since when a runtime is retired and what to build for in its place; "" for one that is not."""
    if name not in retired():
        return ""
    nearest = next(iter(runtimes().values()))
    return (
        f"Lambda retired {name} on {retired()[name]}; --python {nearest.python} builds for the nearest, {nearest.name}"
    )
