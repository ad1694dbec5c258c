"""The errors that end a command, each with its exit code."""

import functools
from enum import IntEnum
from typing import Any


class ExitCode(IntEnum):
    """The documented exit codes; changed only in a major version."""

    OK = 0
    FINDINGS = 1  # a budget, rule or proof failed; returned, never raised
    USAGE = 2  # flags, configuration, a handler or file that is not there
    UNANALYSABLE = 3  # resolving, installing, importing or writing failed
    INTERNAL = 4  # our bug
    NOTHING = 5  # no function found, nothing to do
    INTERRUPTED = 130


class SlimError(Exception):
    """A failure the user can act on, printed as `error:`, `cause:`, `hint:`.

    Attributes:
        message: What failed, lower-case, no full stop.
        cause: Why it most likely failed, e.g. the child's last stderr lines.
        hint: What to do, imperative.
        exit_code: See `ExitCode`.
    """

    exit_code = ExitCode.UNANALYSABLE

    def __init__(self, message: str, *, cause: str, hint: str) -> None:
        super().__init__(message)
        self.message = message
        self.cause = cause
        self.hint = hint

    def __reduce__(self) -> tuple[Any, ...]:
        """It travels from a worker process to the one that reports it."""
        return functools.partial(type(self), cause=self.cause, hint=self.hint), (self.message,), self.__dict__

    @property
    def reason(self) -> str:
        """What failed, and why, in one line."""
        return f"{self.message}: {self.cause}" if self.cause else self.message

    @property
    def line(self) -> str:
        """What failed, why, and what to do, in one line."""
        return f"{self.reason} ({self.hint})" if self.hint else self.reason


def error_text(error: OSError) -> str:
    """What the system says of a failure: `No space left on device`."""
    return error.strerror or str(error)


class UsageError(SlimError):
    """Flags or arguments that make no sense together."""

    exit_code = ExitCode.USAGE


class SeveralDeploymentsError(UsageError):
    """A folder with several deployments below it, of which none was named."""


class ConfigError(SlimError):
    """A settings file, template or lock that cannot be used as it is."""

    exit_code = ExitCode.USAGE


class HandlerError(SlimError):
    """A handler string whose module or function is not there."""

    exit_code = ExitCode.USAGE


class NothingToDoError(SlimError):
    """No function to work on."""

    exit_code = ExitCode.NOTHING


class ResolveError(SlimError):
    """The dependency tree could not be resolved or installed for the target."""


class NoWheelError(ResolveError):
    """A requirement has no wheel, and nothing may be built.

    Attributes:
        name: The distribution; "" where it is not known.
    """

    name = ""


class LockError(SlimError):
    """A lock that does not fit its project, or files that do not have the hashes that it has."""


class PackageError(SlimError):
    """A package (zip or folder) that cannot be read, or is not safe to read."""


class LimitError(SlimError):
    """The package exceeds a hard limit of AWS Lambda."""


class WriteError(SlimError):
    """An output could not be written; what was there before is intact."""


class RunError(SlimError):
    """A child process (the handler, a trace, a compiler) failed."""
