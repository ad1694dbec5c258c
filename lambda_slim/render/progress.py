"""What is said on stderr while a command works: nothing for what is quick, one changing line for what is not."""

import contextlib
import sys
import time
from collections.abc import Iterator

from lambda_slim.base.progress import Progress, silent
from lambda_slim.base.text import shown

_PATIENCE = 0.5  # seconds before anything is shown


def warn(message: str) -> None:
    """One line on stderr."""
    sys.stderr.write(f"warning: {shown(message)}\n")


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
        sys.stderr.write(f"{time.monotonic() - started:7.2f} s  {shown(message)}\n")

    return say


@contextlib.contextmanager
def _spinner() -> Iterator[Progress]:
    from rich.console import Console
    from rich.status import Status
    from rich.text import Text

    started = time.monotonic()
    with contextlib.ExitStack() as stack:
        status: Status | None = None

        def say(message: str) -> None:
            nonlocal status
            if status is not None:
                status.update(Text(shown(message)))
            elif time.monotonic() - started > _PATIENCE:
                status = stack.enter_context(Console(stderr=True).status(Text(shown(message))))

        yield say
