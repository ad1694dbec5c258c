"""Sums and tables of records that have a name or a size."""

from collections.abc import Iterable, Mapping
from typing import Protocol, TypeVar


class HasName(Protocol):
    """A record with a name of its own."""

    @property
    def name(self) -> str:
        """The name."""
        ...


class HasSize(Protocol):
    """A record with a size in bytes."""

    @property
    def size(self) -> int:
        """Bytes."""
        ...


class HasBytes(Protocol):
    """A row of a report with its unzipped bytes."""

    @property
    def bytes(self) -> int:
        """Bytes."""
        ...


_Row = TypeVar("_Row", bound=HasName)
_Key = TypeVar("_Key")
_Value = TypeVar("_Value")


def by_name(rows: Iterable[_Row]) -> dict[str, _Row]:
    """The records by their names; the last of each name."""
    return {row.name: row for row in rows}


def values_by_key(pairs: Iterable[tuple[_Key, _Value]]) -> dict[_Key, list[_Value]]:
    """The values of each key, keys and values in the order in which they come.

    >>> values_by_key([("a", 1), ("b", 2), ("a", 3)])
    {'a': [1, 3], 'b': [2]}
    """
    groups: dict[_Key, list[_Value]] = {}
    for key, value in pairs:
        groups.setdefault(key, []).append(value)
    return groups


def present(values: Mapping[_Key, _Value | None]) -> dict[_Key, _Value]:
    """The entries of a table that have a value."""
    return {key: value for key, value in values.items() if value is not None}


def total_size(rows: Iterable[HasSize]) -> int:
    """The bytes of all records."""
    return sum(row.size for row in rows)


def total_bytes(rows: Iterable[HasBytes]) -> int:
    """The unzipped bytes of all rows of a report."""
    return sum(row.bytes for row in rows)


def size_of(paths: Iterable[str], sizes: Mapping[str, int]) -> int:
    """The bytes of some paths; a path without a size has none."""
    return sum(sizes.get(path, 0) for path in paths)
