"""What distributions have in them: `contents.toml`, for packages that lack their metadata."""

import functools
import tomllib
from collections.abc import Callable, Collection
from importlib.resources import files

from lambda_slim.knowledge.modules import distribution_of


@functools.cache
def _table(kind: str) -> dict[str, list[str] | str]:
    table = tomllib.loads(files("lambda_slim.knowledge").joinpath("contents.toml").read_text("utf-8"))
    return dict(table[kind])


def distribution_with(top: str, modules: Collection[str], read: Callable[[], str]) -> str:
    """The name of the distribution that a top-level package or module is from; "" where that is not known.

    Args:
        top: Its name.
        modules: Its modules, from its folder, without endings: `__init__`, `auth/client`; none of a single file.
        read: Gives the text of a single file.

    >>> distribution_with("yaml", {"__init__", "constructor", "resolver", "loader"}, str)
    'PyYAML'
    >>> distribution_with("yaml", {"__init__", "mine"}, str)
    ''
    """
    marks = _table("packages" if modules else "modules").get(top)
    if marks is None:
        return ""
    known = marks in read() if isinstance(marks, str) else {"__init__", *marks} <= set(modules)
    return (distribution_of(top) or top) if known else ""
