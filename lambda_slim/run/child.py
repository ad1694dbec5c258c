"""Child processes that run code of the user's project: a clean environment, no credentials, a time limit."""

import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from lambda_slim.model.function import Function
from lambda_slim.run.search_path import on_this_machine

# No `-I`: it would overlook PYTHONHASHSEED, without which sets come out in another order each time, and the
# function's own PYTHONPATH, which Lambda honours.
AS_ON_LAMBDA = ("-s", "-S", "-B")


@dataclass(frozen=True, slots=True)
class Ended:
    """How a child ended: its exit code (negative for a signal), what it printed, whether it had to be stopped."""

    code: int | None
    output: str
    late: bool


def clean_environment(function: Function, package: Path) -> dict[str, str]:
    """What a function sees on Lambda, with keys that open nothing, and nothing of the caller's environment.

    Source: aws-lambda's documented environment variables (dg/configuration-envvars.html).
    """
    runtime = function.target.runtime.name
    found = {
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
    if "PYTHONPATH" in own:
        own["PYTHONPATH"] = on_this_machine(own["PYTHONPATH"], package, function.opt)
    return {**found, **own}


def run_child(
    command: Sequence[str],
    *,
    env: Mapping[str, str],
    cwd: Path,
    timeout: float,
    stdin: bytes = b"",
    until: Callable[[], bool] | None = None,
) -> Ended:
    """Runs a child in its own process group and leaves nothing of it behind.

    Args:
        command: The program and its arguments.
        env: The whole environment.
        cwd: Its working directory.
        timeout: Seconds; then it is killed.
        stdin: What it reads.
        until: Looked at often; when true, the child has done its work and is killed.
    """
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as given:
        given.write(stdin)
        given.seek(0)
        child = subprocess.Popen(
            command, env=dict(env), cwd=cwd, stdin=given, stdout=out, stderr=subprocess.STDOUT, start_new_session=True
        )
        late = False
        try:
            late = not _wait(child, time.monotonic() + timeout, until)
            code = child.poll()
        finally:
            _end(child)
        out.seek(0)
        return Ended(code, out.read().decode("utf-8", "replace"), late)


def _wait(child: subprocess.Popen[bytes], deadline: float, until: Callable[[], bool] | None) -> bool:
    pause = 0.001
    while time.monotonic() < deadline:
        if child.poll() is not None or (until and until()):
            return True
        time.sleep(pause)
        pause = min(0.02, pause * 1.5)
    return False


def _end(child: subprocess.Popen[bytes]) -> None:
    try:
        os.killpg(child.pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        child.kill()
    child.wait()
