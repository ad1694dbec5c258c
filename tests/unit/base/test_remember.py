"""Answers about shared objects: given again for the very same ones, worked out anew for equal ones."""

from dataclasses import dataclass

from lambda_slim.base.remember import of_same_objects


@dataclass(frozen=True, slots=True)
class Row:
    """Any record."""

    value: int


def test_the_same_objects_get_the_same_answer_and_equal_ones_their_own() -> None:
    asked = []

    @of_same_objects()
    def names(row: Row) -> list[int]:
        asked.append(row)
        return [row.value]

    row, equal = Row(1), Row(1)
    assert names(row) is names(row)
    assert names(equal) is not names(row)
    assert len(asked) == 2


def test_an_object_that_took_the_place_of_another_in_memory_is_not_mistaken_for_it() -> None:
    @of_same_objects(2)
    def value(row: Row) -> int:
        return row.value

    assert [value(Row(number)) for number in range(100)] == list(range(100))


def test_of_many_objects_the_last_ones_are_kept() -> None:
    asked = []

    @of_same_objects(2)
    def value(row: Row) -> int:
        asked.append(row.value)
        return row.value

    first, second, third = Row(1), Row(2), Row(3)
    for row in (first, second, first, third, first, second):
        value(row)
    assert asked == [1, 2, 3, 2]
