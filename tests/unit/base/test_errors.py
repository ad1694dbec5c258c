"""Errors in one line."""

import pytest

from lambda_slim.base.errors import SlimError


@pytest.mark.parametrize(
    ("cause", "hint", "reason", "line"),
    [
        ("", "", "no wheel", "no wheel"),
        ("too old", "", "no wheel: too old", "no wheel: too old"),
        ("", "pin it", "no wheel", "no wheel (pin it)"),
        ("too old", "pin it", "no wheel: too old", "no wheel: too old (pin it)"),
    ],
)
def test_an_error_has_only_the_parts_that_there_are(cause, hint, reason, line):
    error = SlimError("no wheel", cause=cause, hint=hint)

    assert (error.reason, error.line) == (reason, line)
