"""Which sources are read, or looked for by their ending, rather than just imported?"""

import re
from collections.abc import Collection

from lambda_slim.inventory import PROJECT, File, Inventory, Kind

_LISTS = re.compile(rb"\b(?:listdir|scandir|iterdir|r?glob|walk)\(")
_LOADS = re.compile(rb"\b(?:__import__|import_module|spec_from_file_location|load_module|exec)\(")
_ENDING = re.compile(rb"""\.py[)?$]*["']""")


def plain_sources(inventory: Inventory) -> frozenset[str]:
    """Sources in a folder without `__init__` that lies in a package with one: templates such as alembic's `env.py`."""
    sources = [file for file in inventory.files if file.kind is Kind.SOURCE]
    packages = {file.path.removesuffix("/__init__.py") for file in sources if file.path.endswith("/__init__.py")}
    return frozenset(
        file.path
        for file in sources
        if file.owner != PROJECT
        and (folder := file.path.rpartition("/")[0]) not in packages
        and not packages.isdisjoint(_above(folder))
    )


def opened_sources(inventory: Inventory, live: Collection[str]) -> frozenset[str]:
    """Sources that may be opened, listed or told by their name, so that bytecode cannot stand for them.

    Those are sources below a module that loads what it finds by the ending `.py` in a folder, as apprise does, and
    all of the project's own: libraries read a user's functions and classes with `inspect.getsource` (pydantic's
    attribute docstrings, langchain), and own code derives names from `__file__` or loads a file of a computed name.

    Args:
        inventory: Every file that could ship.
        live: Files of modules that kept code leads to.
    """
    sources = [file for file in inventory.files if file.kind is Kind.SOURCE]
    loaders = {
        (file.owner, file.path.rpartition("/")[0]) for file in sources if file.path in live and _loads_listed(file)
    }
    return frozenset(
        file.path
        for file in sources
        if file.owner == PROJECT or any((file.owner, folder) in loaders for folder in ("", *_above(file.path)))
    )


def _loads_listed(file: File) -> bool:
    try:
        source = file.source.read_bytes()
    except OSError:
        return False
    return all(pattern.search(source) for pattern in (_LISTS, _LOADS, _ENDING))


def _above(folder: str) -> list[str]:
    parts = folder.split("/")
    return ["/".join(parts[:end]) for end in range(1, len(parts))]
