"""Runs INIT once in a child of the target's Python, with the import tracer."""

import json
import re
import tempfile
from collections.abc import Mapping, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any

from lambda_slim.base.files import text_or_nothing
from lambda_slim.formats.json_text import load_table
from lambda_slim.model.function import Function
from lambda_slim.model.run import PLAIN, RunConditions, Timed
from lambda_slim.run.child import clean_environment, run_child
from lambda_slim.run.foreign import ForeignProgram
from lambda_slim.run.lambda_runtime import (
    WANTS_SDK,
    carries_sdk,
    client_name,
    fails_to_import,
    runtime_client,
    runtime_sdk,
)
from lambda_slim.run.search_path import layer_path


def time_init(
    interpreter: Path,
    package: Path,
    function: Function,
    own: Sequence[str],
    conditions: RunConditions = PLAIN,
    *,
    plain: bool = False,
) -> Timed:
    """One INIT in a fresh child; with the runtime's boto3 where the package has none and asks for it.

    Args:
        interpreter: A Python of the target's minor version.
        package: The unpacked package.
        function: Its handler and environment.
        own: Package paths of the project's modules, whose bodies are timed line by line.
        conditions: `timeout` and `offline` count.
        plain: Without the tracer, to see what that costs.
    """
    root = package.resolve()
    request = {
        "root": str(root),
        "ric": str(runtime_client(interpreter, offline=conditions.offline) or ""),
        "sdk": "",
        "handler": function.started,
        "own": [*own],
        "plain": plain,
        "layers": layer_path(function),
        "limit": max(0.5, conditions.timeout - 1),
    }
    timed = _run(interpreter, function, root, request)
    error = json.dumps(timed.answer.get("error") or {})
    sure = WANTS_SDK.search(error)
    if carries_sdk(package) or not (sure or fails_to_import(error)):
        return timed
    sdk = runtime_sdk(interpreter, offline=conditions.offline)
    again = _run(interpreter, function, root, {**request, "sdk": str(sdk)}) if sdk else timed
    return again if sure or not again.answer.get("error") else timed


def _run(interpreter: Path, function: Function, root: Path, request: Mapping[str, Any]) -> Timed:
    with tempfile.TemporaryDirectory(prefix="lambda-slim-") as folder:
        out = Path(folder) / "init.json"
        env = clean_environment(function, root)
        env |= {"AWS_LAMBDA_RUNTIME_API": "127.0.0.1:9", "TMPDIR": f"{folder}/tmp"}
        script = files("lambda_slim.run.probe").joinpath("importtime.py")
        command = [str(interpreter), "-I", "-S", "-B", str(script), str(out)]
        program = ForeignProgram(command, env, root, json.dumps(request).encode())
        keep = [Path(request[name]) for name in ("ric", "sdk") if request[name]]
        ended = run_child(program, function, seconds=request["limit"] + 1, folder=Path(folder), keep=keep)
        stack = out.with_name("init.json.stack")
        return Timed(
            answer=load_table(text_or_nothing(out)),
            code=ended.code,
            late=ended.late,
            at=_innermost(text_or_nothing(stack), root),
            output=ended.output,
        )


def timed_by(interpreter: Path, *, offline: bool = False) -> str:
    """What stands for the managed runtime: `awslambdaric 4.2.2`, or `own client`."""
    return client_name(runtime_client(interpreter, offline=offline))


def _innermost(stack: str, root: Path) -> str:
    """The innermost line of the package in what faulthandler wrote of the main thread, which comes last."""
    main = stack[stack.rfind("most recent call first") :]
    place = re.search(rf'File "{re.escape(str(root))}/([^"]+)", line (\d+)', main)
    return f"{place[1]}:{place[2]}" if place else ""
