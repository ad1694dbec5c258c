"""The documentation lists the recipes that there are."""

from tests.knowledge.table import DOCUMENT, updated


def test_the_table_is_up_to_date():
    text = DOCUMENT.read_text("utf-8")

    assert updated(text) == text, "run `python -m tests.knowledge.table`"
