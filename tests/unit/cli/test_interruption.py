"""An interruption is told as one, wherever it strikes."""

import pytest

from lambda_slim.cli.main import is_interruption


def test_an_interruption_while_a_class_is_made_is_one():
    class Interrupts:
        def __set_name__(self, owner, name):
            raise KeyboardInterrupt

    with pytest.raises((RuntimeError, KeyboardInterrupt)) as caught:
        type("Record", (), {"field": Interrupts()})

    assert is_interruption(caught.value)


def test_an_error_is_none():
    assert not is_interruption(ValueError("x"))
    assert not is_interruption(None)
