"""The exec wrapper of a function: the script in its package or layer that Lambda starts with the runtime's command."""

import contextlib
import os
import re
from collections.abc import Sequence
from pathlib import Path

from lambda_slim.base.files import read_regular_text
from lambda_slim.model.function import Function

_LAMBDA_PATH = re.compile(r"/(?:var/task|opt)(?=[/:\"'\s]|$)")


def through_wrapper(command: Sequence[str], function: Function, package: Path, folder: Path) -> list[str]:
    """The command that Lambda would start: the wrapper, followed by the runtime's command.

    A wrapper that names /var/task or /opt is copied, with the folders that stand for them on this machine; one that is
    not executable is copied too, as it is executable in what we build.

    Args:
        command: What starts the runtime.
        function: Its environment names the wrapper.
        package: The unpacked package, which stands for /var/task.
        folder: Where a copy may be written.
    """
    wrapper = _script(function, package)
    if wrapper is None:
        return [*command]
    text = _text(wrapper)
    places = {"/var/task": package, "/opt": function.opt or Path("/opt")}
    adapted = _LAMBDA_PATH.sub(lambda path: str(places[path[0]]), text)
    if text and (adapted != text or not os.access(wrapper, os.X_OK)):
        wrapper = folder / f"exec-wrapper-{wrapper.name}"
        wrapper.write_text(adapted, "utf-8")
        wrapper.chmod(0o755)
    # By a shell, so that a wrapper that cannot be started is an exit code of the function, not an error of ours.
    return ["/bin/sh", "-c", 'exec "$@"', "sh", str(wrapper), *command]


def _script(function: Function, package: Path) -> Path | None:
    """The wrapper on this machine; None without one, and where no layer that is here has it."""
    if function.exec_wrapper:
        return package / function.exec_wrapper
    named = function.environment.get("AWS_LAMBDA_EXEC_WRAPPER", "")
    place = function.opt / named.removeprefix("/opt/") if function.opt and function.layer_wrapper else None
    return place if place and place.is_file() else None


def _text(wrapper: Path) -> str:
    """The text of a script; "" for a binary, or if there is none."""
    with contextlib.suppress(OSError, ValueError):
        return read_regular_text(wrapper)
    return ""
