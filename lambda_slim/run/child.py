"""Child processes that run code of a function: the environment and the limits that Lambda gives it."""

import os
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from lambda_slim.model.function import Function
from lambda_slim.run.foreign import Disk, ForeignProgram, Limits
from lambda_slim.run.runner import run_foreign
from lambda_slim.run.search_path import on_this_machine

# No `-I`: it would overlook PYTHONHASHSEED, without which sets come out in another order each time, and the
# function's own PYTHONPATH, which Lambda honours.
AS_ON_LAMBDA = ("-s", "-S", "-B")
# Lambda's own limits are 512 MB in /tmp and 1,024 processes and threads; of memory see `_memory_mb`.
_FILE_MB, _PROCESSES, _LEAST_MEMORY_MB = 1024, 1024, 1024


@dataclass(frozen=True, slots=True)
class Ended:
    """How a child ended.

    Attributes:
        code: Exit code, negative for a signal; None where it was ended after its work.
        output: What it printed.
        stopped: "time", "memory", "output" or "processes" where it came to a limit.
        seconds: Time in which it ran or waited.
    """

    code: int | None
    output: str
    stopped: str = ""
    seconds: float = 0.0

    @property
    def late(self) -> bool:
        """Whether it came to the limit of time."""
        return self.stopped == "time"


def clean_environment(function: Function, package: Path) -> dict[str, str]:
    """What a function sees on Lambda, with keys that open nothing, and nothing of the caller's environment.

    Source: aws-lambda's documented environment variables (dg/configuration-envvars.html).
    """
    runtime = function.target.runtime.name
    allowed = {
        "AWS_LAMBDA_FUNCTION_NAME": function.name,
        "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(function.memory_mb),
        "AWS_LAMBDA_LOG_GROUP_NAME": f"/aws/lambda/{function.name}",
        "AWS_LAMBDA_LOG_STREAM_NAME": "2026/01/01/[$LATEST]0",
        "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
        "AWS_EXECUTION_ENV": f"AWS_Lambda_{runtime}",
        "AWS_REGION": "us-east-1",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": "lambda-slim",
        "AWS_SECRET_ACCESS_KEY": "lambda-slim",
        "AWS_SESSION_TOKEN": "lambda-slim",
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_MAX_ATTEMPTS": "1",  # there is no network here: botocore would wait for seconds and try again
        "LAMBDA_TASK_ROOT": str(package),
        "LAMBDA_RUNTIME_DIR": "/var/runtime",
        "LAMBDA_DISABLE_PREVIEW_WARN": "1",
        "_HANDLER": function.started,
        "LANG": "en_US.UTF-8",
        "TZ": ":UTC",
        "PATH": "/usr/local/bin:/usr/bin:/bin",
        # Lambda's user has a home that does not exist; without this, `~` would be the caller's, with its credentials.
        # Nothing can be made in /proc, and what is not there is not found: below /dev/null it is "not a directory".
        "HOME": "/proc/home",
        "no_proxy": "127.0.0.1,localhost",
        "NO_PROXY": "127.0.0.1,localhost",
        "PYTHONHASHSEED": "0",
    }
    own = dict(function.environment)
    if "PYTHONPATH" in own or function.python_path:
        own["PYTHONPATH"] = _python_path(function, package)
    return {**allowed, **own}


def _python_path(function: Function, package: Path) -> str:
    """PYTHONPATH of the function's environment, and the folders that its script adds."""
    given = on_this_machine(function.environment.get("PYTHONPATH", ""), package, function.opt)
    places = [str(package / place) for place in function.python_path]
    return os.pathsep.join(dict.fromkeys([*filter(None, given.split(os.pathsep)), *places]))


def run_child(
    program: ForeignProgram,
    function: Function,
    *,
    seconds: float,
    folder: Path,
    until: Callable[[], bool] | None = None,
    keep: Sequence[Path] = (),
) -> Ended:
    """Runs code of a function within Lambda's limits, and leaves nothing behind.

    Args:
        program: What to run; its working directory is the package.
        function: Its memory is the measure of what the child may use.
        seconds: Time in which it may run or wait.
        folder: An empty folder of its own; `tmp` below it stands for /tmp.
        until: Looked at often; when true, the child has done its work and is ended.
        keep: What it must see below /tmp.
    """
    private = folder / "tmp"
    private.mkdir(exist_ok=True)
    inside = Path(tempfile.gettempdir()).resolve() in program.cwd.resolve().parents
    layers = [function.opt] if function.opt else []
    disk = Disk(writable=(folder, *([program.cwd] if inside else [])), private_tmp=private, keep=(*keep, *layers))
    limits = Limits(seconds, memory_mb=_memory_mb(function), file_mb=_FILE_MB, processes=_PROCESSES)
    done = run_foreign(program, limits, disk=disk, until=until, merged=True)
    return Ended(done.code, done.stdout.decode("utf-8", "replace"), done.stopped, done.seconds)


def _memory_mb(function: Function) -> int:
    """MiB that the child may use: tracing needs some, and the memory of many functions is not known here."""
    return max(_LEAST_MEMORY_MB, 4 * function.memory_mb)
