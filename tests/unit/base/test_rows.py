"""Sums and tables of records."""

from dataclasses import dataclass

from lambda_slim.base.rows import by_name, present, size_of, total_bytes, total_size


@dataclass(frozen=True)
class _Item:
    name: str
    size: int = 0
    bytes: int = 0


def test_records_by_name():
    rows = [_Item("a", 1), _Item("b", 2), _Item("a", 3)]
    assert by_name(rows) == {"a": rows[2], "b": rows[1]}


def test_sums():
    rows = [_Item("a", 1, 10), _Item("b", 2, 20)]
    assert (total_size(rows), total_bytes(rows), total_size([])) == (3, 30, 0)


def test_entries_with_a_value():
    assert present({"a": 0, "b": None, "c": ""}) == {"a": 0, "c": ""}


def test_a_path_without_a_size_has_none():
    assert size_of(["a", "gone", "b"], {"a": 2, "b": 3, "c": 4}) == 5
