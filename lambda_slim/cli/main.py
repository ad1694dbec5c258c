"""The command line: the table of commands, and how failures are printed.

A command is a module of `lambda_slim.cli` whose function `command` declares its flags for typer and returns an
`ExitCode`. Only the module of the command that was asked for is imported: start-up is a feature.
"""

import errno
import os
import shutil
import sys
from collections.abc import Callable
from difflib import get_close_matches
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple

from lambda_slim.base.errors import ExitCode, PackageError, SlimError, UsageError, WriteError, error_text
from lambda_slim.base.files import OddFileError
from lambda_slim.base.text import SIMPLER, shown
from lambda_slim.cli._started_in import started_in


class Entry(NamedTuple):
    """A command in the help: its panel and one line."""

    panel: str
    summary: str


COMMANDS = {
    "analyze": Entry("Look", "show where every byte and every cold-start millisecond comes from"),
    "why": Entry("Look", "say why a file, module or distribution is in the package or not"),
    "cost": Entry("Look", "measure what a dependency would add to this project"),
    "diff": Entry("Look", "compare two reports, zips, folders or git:REF"),
    "files": Entry("Look", "list the decision for every file"),
    "audit": Entry("Look", "find what in a package would break on Lambda"),
    "build": Entry("Ship", "build the minimal, reproducible zip"),
    "slim": Entry("Ship", "slim what sam, cdk, serverless, chalice or zappa has built, in place"),
    "verify": Entry("Ship", "prove that a package behaves like another"),
    "trace": Entry("Ship", "record what the function touches when it runs"),
    "reproduce": Entry("Ship", "build twice under different conditions and compare the bytes"),
    "check": Entry("Guard", "check size and cold-start budgets"),
    "lint": Entry("Guard", "find cold-start and state mistakes in Python files; no import, no network"),
    "merge": Entry("Guard", "join the reports of check --shard"),
    "init": Entry("Set up", "propose settings, budgets, hook and workflow"),
    "cache": Entry("Set up", "show, prune or verify what is kept between runs"),
    "calibrate": Entry("Set up", "fit the cold-start model to your CloudWatch REPORT lines"),
    "explain": Entry("Set up", "explain what a rule means and how to silence it"),
    "schema": Entry("Set up", "print the JSON schema of the report, the settings or the lock"),
}

_COMPLETE = "_LAMBDA_SLIM_COMPLETE"  # set where a shell asks what could come next

# Failures of the machine can happen anywhere and are no bugs of ours.
_OUTSIDE = frozenset(
    {
        errno.EACCES,
        errno.EFBIG,
        errno.EINVAL,
        errno.EISDIR,
        errno.ELOOP,
        errno.ENAMETOOLONG,
        errno.ENODEV,
        errno.ENOENT,
        errno.ENOTDIR,
        errno.ENXIO,
        errno.ESTALE,
        errno.EDQUOT,
        errno.EIO,
        errno.EMFILE,
        errno.ENFILE,
        errno.ENOMEM,
        errno.ENOSPC,
        errno.EPERM,
        errno.EROFS,
    }
)


def help_text() -> str:
    """The top-level help, without typer."""
    lines = [
        "Usage: lambda-slim COMMAND [TARGET] [OPTIONS]",
        "",
        "Minimal, reproducible, proven AWS Lambda packages for Python.",
        "TARGET is a project folder (default .), a deployment file, or a zip or folder of any tool.",
    ]
    panel = ""
    for name, entry in COMMANDS.items():
        if entry.panel != panel:
            panel = entry.panel
            lines += ["", f"{panel}:"]
        lines.append(f"  {name:<11}{entry.summary}")
    lines += [
        "",
        "lambda-slim COMMAND --help lists a command's options; lambda-slim -C DIR COMMAND works in DIR.",
        "--version prints the version; --install-completion sets up completion in your shell.",
    ]
    return "\n".join(lines) + "\n"


def load_command(name: str) -> Callable[..., ExitCode]:
    """The function behind a command; only its module is imported."""
    module = import_module(f"lambda_slim.cli.{name}")
    command: Callable[..., ExitCode] = module.command
    return command


def _invoke(names: list[str], arguments: list[str]) -> int:
    import typer

    from lambda_slim.cli._examples import examples_of

    width = {"max_content_width": shutil.get_terminal_size().columns}
    app = typer.Typer(
        name="lambda-slim",
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        add_completion=len(names) > 1,
    )
    app.callback()(lambda: None)
    for name in names:
        told = examples_of(name)
        app.command(name, help=COMMANDS[name].summary, epilog=told, context_settings=width)(load_command(name))
    result = app(arguments, prog_name="lambda-slim", standalone_mode=False)
    return int(result) if isinstance(result, int) else ExitCode.OK


def _tell(error: SlimError) -> int:
    told = (("error: ", error.message), ("cause: ", error.cause), ("hint:  ", error.hint))
    lines = [label + shown(" ".join(text.split())) for label, text in told if text]
    sys.stderr.write("\n".join(lines) + "\n")
    return error.exit_code


def _unknown(name: str) -> int:
    near = get_close_matches(name, COMMANDS, 1)
    hint = f"did you mean `{near[0]}`?" if near else "lambda-slim --help lists the commands"
    return _tell(UsageError(f"there is no command `{name}`", cause=f"there are {', '.join(COMMANDS)}", hint=hint))


# Options of several commands that take a value, which may stand before the command as well.
_VALUED = frozenset(
    {"-C", "--directory", "--config", "-F", "--function", "--handler", "--python", "--arch", "--level", "--interpreter"}
)


def _order(arguments: list[str]) -> list[str]:
    """The arguments with the command first, so that `lambda-slim -C DIR -q build` is `lambda-slim build -C DIR -q`."""
    value = False
    for index, argument in enumerate(arguments):
        if value:
            value = False
        elif argument in COMMANDS:
            return [argument, *arguments[:index], *arguments[index + 1 :]]
        elif not argument.startswith("-"):
            return arguments[index:]
        else:
            value = argument in _VALUED
    return arguments


def _dispatch(arguments: list[str]) -> int:
    if _COMPLETE in os.environ:
        return _invoke(list(COMMANDS), [])
    if not arguments or arguments in (["--help"], ["-h"], ["help"]):
        sys.stdout.write(help_text())
        return ExitCode.OK
    if arguments[0] in ("--install-completion", "--show-completion"):
        return _invoke(list(COMMANDS), arguments)
    arguments = _order(arguments)
    if arguments[0] not in COMMANDS:
        return _unknown(arguments[0])
    if arguments[0] in _WITHOUT_CACHE:
        return _invoke([arguments[0]], arguments)
    from lambda_slim.base.cache import open_cache
    from lambda_slim.base.owned import own_temporary
    from lambda_slim.base.storage import prune_daily

    with own_temporary():
        open_cache()
        prune_daily()
        return _invoke([arguments[0]], arguments)


# These commands neither read the cache nor leave anything behind.
_WITHOUT_CACHE = frozenset({"explain", "merge", "schema"})


_VANISHED = frozenset({errno.ENOENT, errno.ENOTDIR, errno.EISDIR, errno.ESTALE})
_OURS = str(Path(__file__).parents[1])


def _refused(error: OSError) -> SlimError:
    if error.errno in _VANISHED:
        return PackageError(
            f"`{error.filename2 or error.filename or 'a file'}` was changed or removed meanwhile",
            cause=error_text(error),
            hint="run it again when nothing else writes to the project",
        )
    if isinstance(error, OddFileError):
        return PackageError(
            f"`{error.filename}` cannot be read",
            cause=error_text(error),
            hint="docs/security.md has the limits; correct the file, or take it out of the project",
        )
    return WriteError(
        f"the system refused: {error.strerror}",
        cause=f"`{error.filename2 or error.filename or 'a file'}`",
        hint="check free space and rights; TMPDIR and LAMBDA_SLIM_CACHE name other folders",
    )


def _explained(arguments: list[str]) -> int:
    try:
        with started_in(arguments) as rest:
            return _dispatch(rest)
    except SlimError as error:
        return _tell(error)
    except KeyboardInterrupt:
        sys.stderr.write("interrupted\n")
        return ExitCode.INTERRUPTED
    except BrokenPipeError:
        sys.stderr.close()
        return ExitCode.OK
    except MemoryError:
        return _tell(
            PackageError(
                "there is not enough memory",
                cause="the system gave no more",
                hint="leave very large files out of the project, or allow more",
            )
        )
    except RecursionError:
        cause = "files that include each other, or functions that call each other, over many hundred levels"
        return _tell(
            PackageError("the project is nested too deeply", cause=cause, hint="take it apart, or leave it out")
        )
    except OSError as error:
        if error.errno not in _OUTSIDE or str(error.filename).startswith(_OURS):
            raise
        return _tell(_refused(error))


def run(arguments: list[str]) -> int:
    """Runs a command and returns its exit code; no exception leaves this function."""
    for name in ("stdout", "stderr"):  # closed by the caller: `>&-`, or a service without a terminal
        if getattr(sys, name) is None:
            setattr(sys, name, os.fdopen(os.open(os.devnull, os.O_WRONLY), "w", encoding="utf-8"))
        if hasattr(stream := getattr(sys, name), "reconfigure"):  # what the terminal cannot show is no reason to fail
            stream.reconfigure(errors=SIMPLER)
    try:
        return _explained(arguments)
    except Exception as error:  # noqa: BLE001  (the one boundary: anything left is our bug, or typer's usage error)
        if hasattr(error, "format_message"):  # typer's own: wrong flags or arguments
            return _tell(_misused(arguments, error))
        if type(error).__name__ in ("Exit", "Abort"):
            return int(getattr(error, "exit_code", ExitCode.INTERRUPTED))
        if is_interruption(error):
            sys.stderr.write("interrupted\n")
            return ExitCode.INTERRUPTED
        return _bug(arguments, error)


def is_interruption(error: BaseException | None) -> bool:
    """Whether an error was caused by an interruption; Python 3.11 wraps some of them."""
    while error is not None and not isinstance(error, KeyboardInterrupt):
        error = error.__cause__ or error.__context__
    return error is not None


def _misused(arguments: list[str], error: Any) -> SlimError:
    """What typer says about wrong flags, as one of our errors."""
    message = " ".join(str(error.format_message()).split()).partition(" (Possible options")[0].rstrip(".")
    command = " ".join(["lambda-slim", *[name for name in arguments if name in COMMANDS][:1]])
    near = get_close_matches(str(getattr(error, "option_name", "")), getattr(error, "possibilities", None) or (), 1)
    hint = f"did you mean `{near[0]}`?" if near else f"{command} --help shows what it takes"
    if "unexpected extra argument" in message and {"-e", "--event"} & {*arguments}:
        hint = "if your shell has made several of one -e: quote the pattern, -e 'events/*.json', or name the folder"
    missing = type(error).__name__ == "MissingParameter"
    cause = f"`{command}` cannot run without it" if missing else f"`{command}` does not accept this"
    return UsageError(message[:1].lower() + message[1:], cause=cause, hint=hint)


def _bug(arguments: list[str], error: Exception) -> int:
    import traceback

    if "-v" in arguments or "--verbose" in arguments:
        traceback.print_exception(error)
    sys.stderr.write(
        f"error: lambda-slim failed: {type(error).__name__}: {shown(str(error))}\n"
        "cause: this is a bug in lambda-slim\n"
        "hint:  run again with -v and report the traceback\n"
    )
    return ExitCode.INTERNAL
