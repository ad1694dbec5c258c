"""Errors in one line."""

import pickle

import pytest

from lambda_slim.base.errors import NoWheelError, SeveralDeploymentsError, SlimError


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


@pytest.mark.parametrize("kind", [SlimError, NoWheelError, SeveralDeploymentsError])
def test_an_error_comes_back_from_a_worker_process_as_it_was(kind):
    error = kind("no wheel", cause="too old", hint="pin it")
    error.name = "six"

    back = pickle.loads(pickle.dumps(error))

    assert (type(back), back.line, back.exit_code, back.name) == (kind, error.line, error.exit_code, "six")
