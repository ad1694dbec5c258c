"""What is said on stderr while a command works: nothing for what is quick, one changing line for what is not."""

import contextlib
import sys
import time
from collections.abc import Iterator

from lambda_slim.base.progress import Progress, silent

_PATIENCE = 0.5  # seconds before anything is shown


def warn(message: str) -> None:
    """One line on stderr."""
    sys.stderr.write(f"warning: {message}\n")


@contextlib.contextmanager
def progress_on_stderr(*, quiet: bool, verbose: int) -> Iterator[Progress]:
    """A `Progress` for a command: every step with its time (-v), a spinner on a terminal, or nothing (-q, pipes)."""
    if quiet:
        yield silent
    elif verbose:
        yield _log()
    elif not sys.stderr.isatty():
        yield silent
    else:
        with _spinner() as progress:
            yield progress


def _log() -> Progress:
    started = time.monotonic()

    def say(message: str) -> None:
        sys.stderr.write(f"{time.monotonic() - started:7.2f} s  {message}\n")

    return say


@contextlib.contextmanager
def _spinner() -> Iterator[Progress]:
    from rich.console import Console
    from rich.status import Status

    started = time.monotonic()
    with contextlib.ExitStack() as stack:
        status: Status | None = None

        def say(message: str) -> None:
            nonlocal status
            if status is not None:
                status.update(message)
            elif time.monotonic() - started > _PATIENCE:
                status = stack.enter_context(Console(stderr=True).status(message))

        yield say
