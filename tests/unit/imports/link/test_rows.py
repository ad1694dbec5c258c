"""Which of two ways to the same module counts."""

import pytest

from lambda_slim.imports.link.rows import add_rows
from lambda_slim.model.imports import How


@pytest.mark.parametrize(
    ("first", "second", "kept"),
    [
        (How.TOP, How.DEFERRED, How.TOP),  # the first of two that are certain
        (How.DEFERRED, How.TOP, How.DEFERRED),
        (How.TEXT, How.TOP, How.TOP),
        (How.CHOICE, How.NAMED, How.NAMED),
        (How.TEXT, How.CHOICE, How.TEXT),
        (How.CHOICE, How.TEXT, How.CHOICE),
        (How.UNKNOWN, How.TEXT, How.TEXT),  # any guess says more than that nothing is known
        (How.UNKNOWN, How.CHOICE, How.CHOICE),
        (How.UNKNOWN, How.TOP, How.TOP),
        (How.TEXT, How.UNKNOWN, How.TEXT),
        (How.TOP, How.UNKNOWN, How.TOP),
    ],
)
def test_a_stronger_way_replaces_a_guess(first, second, kept):
    rows = {}

    add_rows(rows, [("lib", 1, first), ("other", 3, How.TOP), ("lib", 2, second)])

    assert rows == {"lib": ("lib", 1 if kept is first else 2, kept), "other": ("other", 3, How.TOP)}
