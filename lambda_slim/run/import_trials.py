"""Tries the imports of a package in a child process, and reads the values of its names."""

import json
import tempfile
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

from lambda_slim.model.function import Function
from lambda_slim.model.run import PLAIN, ImportTrial, RunConditions
from lambda_slim.run.child import AS_ON_LAMBDA, clean_environment, run_child
from lambda_slim.run.foreign import ForeignProgram
from lambda_slim.run.lambda_runtime import TRIAL_SECONDS, beside, parse_trial
from lambda_slim.run.search_path import layer_path


@dataclass(frozen=True, slots=True)
class _Probe:
    """A script that answers one request.

    Attributes:
        script: Its name in `run/probe`.
        answer: What its answer begins with.
        seconds: Its limit, for all that it is asked.
    """

    script: str
    answer: str
    seconds: float


_IMPORTS = _Probe("imports.py", '{"failed": ', TRIAL_SECONDS)
_NAMES = _Probe("names.py", '{"groups": ', 900)


def try_imports(
    interpreter: Path, package: Path, function: Function, request: dict[str, Any], conditions: RunConditions = PLAIN
) -> ImportTrial | None:
    """What fails to import or load in a package; None where the child did not live to say.

    Args:
        interpreter: A Python of the target's minor version.
        package: The unpacked package.
        function: Its environment.
        request: modules, entry_points, libraries and the names of first-party modules; see `probe/imports.py`.
        conditions: `offline`, `sdk` and `bytecode` count.
    """
    return parse_trial(_ask(_IMPORTS, interpreter, package, function, request, conditions))


def read_names(
    interpreter: Path, package: Path, function: Function, request: dict[str, Any], conditions: RunConditions = PLAIN
) -> str:
    """What names of modules are after INIT, as the JSON of `probe/names.py`; "" where the child did not live to say.

    Args:
        interpreter: A Python of the target's minor version.
        package: The unpacked package.
        function: Its environment.
        request: handler, fork, at_once and groups; see `probe/names.py`.
        conditions: `offline`, `sdk` and `bytecode` count.
    """
    return _ask(_NAMES, interpreter, package, function, request, conditions)


def _ask(
    probe: _Probe,
    interpreter: Path,
    package: Path,
    function: Function,
    request: dict[str, Any],
    conditions: RunConditions,
) -> str:
    """The answer at the end of a probe's output; "" if it did not get that far."""
    client, sdk = beside(interpreter, conditions)
    script = files("lambda_slim.run.probe").joinpath(probe.script)
    arguments = [str(package), str(client or ""), str(sdk or "")]
    command = [str(interpreter), *AS_ON_LAMBDA, str(script), *arguments]
    request = {**request, "layers": layer_path(function), "bytecode": str(conditions.bytecode or "")}
    env = clean_environment(function, package) | {"LAMBDA_SLIM_SPARE": "off"}  # what has to import has to ship
    keep = [place for place in (client, sdk, conditions.bytecode) if place]
    with tempfile.TemporaryDirectory(prefix="lambda-slim-") as folder:
        program = ForeignProgram(command, env | {"TMPDIR": f"{folder}/tmp"}, package, json.dumps(request).encode())
        ended = run_child(program, function, seconds=probe.seconds, folder=Path(folder), keep=keep)
    start = ended.output.rfind(probe.answer)
    # One that is late waits outside Python, where the probe's own limit does not reach.
    return "" if ended.late or start < 0 else ended.output[start:]
