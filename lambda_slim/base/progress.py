"""How a stage says what it is doing; the terminal decides whether to show it."""

from collections.abc import Callable

Progress = Callable[[str], None]


def silent(_: str) -> None:
    """Says nothing."""
