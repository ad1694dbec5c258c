"""`-C DIR`: the command works as if it had been started in another folder, as `git -C` and `make -C` do."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from lambda_slim.base.errors import UsageError, error_text
from lambda_slim.base.places import enter


@contextmanager
def started_in(arguments: list[str]) -> Iterator[list[str]]:
    """Goes to the folder that the arguments name, gives the other arguments, and comes back.

    Raises:
        UsageError: there is no such folder.
    """
    here = ""
    with suppress(OSError):  # it was removed
        here = os.getcwd()  # noqa: PTH109  (a text, "" for none)
    try:
        rest = enter(arguments)
    except OSError as error:
        message = f"`-C {error.filename}` is no folder to work in"
        raise UsageError(message, cause=error_text(error), hint="name the folder of the project") from error
    try:
        yield rest
    finally:
        if here:
            os.chdir(here)
