"""Drives a handler through the real awslambdaric against a Runtime API of our own, on this machine only."""

import functools
import json
import os
import re
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

from lambda_slim.base.cache import cache_root
from lambda_slim.base.files import text_or_nothing
from lambda_slim.formats.json_text import load_table
from lambda_slim.model.function import Function
from lambda_slim.model.run import PLAIN, Answer, ImportTrial, Run, RunConditions
from lambda_slim.run.child import AS_ON_LAMBDA, Ended, clean_environment, run_child
from lambda_slim.run.exec_wrapper import through_wrapper
from lambda_slim.run.foreign import MOST_RECORDED, ForeignProgram
from lambda_slim.run.provided import provide
from lambda_slim.run.runtime_api import RuntimeApi
from lambda_slim.run.search_path import layer_path

TRIAL_SECONDS = 300.0  # for all imports that are tried
_TRIED = '{"kind": "trial", "what": "begins"}\n'  # from here on nothing is the function's own doing
_IMPORT_ERROR = re.compile(r"\b(?:ImportModuleError|ImportError|ModuleNotFoundError)\b")
WANTS_SDK = re.compile(r"No module named \\?['\"](?:boto3|botocore|s3transfer|jmespath|dateutil)\b")


def drive(
    interpreter: Path,
    package: Path,
    function: Function,
    events: Sequence[tuple[str, bytes]],
    conditions: RunConditions = PLAIN,
) -> Run:
    """Starts the function, gives it every event in turn, and stops it when it asks for one more.

    A run that reaches its time limit is repeated once.

    Args:
        interpreter: A Python of the target's minor version.
        package: The unpacked package.
        function: Its handler and environment.
        events: (name, JSON) pairs.
        conditions: Under which it runs.
    """
    sure = replace(conditions, sdk=bool(conditions.sdk))
    life = _live(interpreter, package, function, events, sure)
    if life.stopped == "time":  # a machine that is loaded, or was held up, is no verdict
        life = _live(interpreter, package, function, events, sure)
    may_ask = conditions.sdk is None and not carries_sdk(package)
    if may_ask and _may_want_sdk(life) and runtime_sdk(interpreter, offline=conditions.offline):
        again = _live(interpreter, package, function, events, replace(conditions, sdk=True))
        return again if asks_for_sdk(life) or not again.init_error else life
    return life


def _may_want_sdk(life: Run) -> bool:
    """Whether the runtime's boto3 may be missed; a fallback may hide that: `except ImportError: from .own import x`."""
    return asks_for_sdk(life) or fails_to_import(life.init_error or "")


def fails_to_import(error: str) -> bool:
    """Whether INIT ended with an import, by its error."""
    return bool(_IMPORT_ERROR.search(error))


def carries_sdk(package: Path) -> bool:
    """Whether a package has boto3 and botocore of its own; with one of them it takes the other from the runtime."""
    return all((package / name).is_dir() for name in ("boto3", "botocore"))


def asks_for_sdk(life: Run) -> bool:
    """Whether a life misses the runtime's boto3, by what it said."""
    said = (life.init_error or "", life.logs, *(answer.body for answer in life.answers))
    return any(map(WANTS_SDK.search, said))


def _live(
    interpreter: Path,
    package: Path,
    function: Function,
    events: Sequence[tuple[str, bytes]],
    conditions: RunConditions,
) -> Run:
    client, sdk = beside(interpreter, conditions)
    server = RuntimeApi(events)
    with tempfile.TemporaryDirectory(prefix="lambda-slim-") as name:
        folder = Path(name)
        record = folder / "record.jsonl"
        watch = {"blame": conditions.blame, "names": [*conditions.names]}
        (folder / "watch.json").write_text(json.dumps(watch), "utf-8")  # too long for a variable
        (folder / "trial.json").write_text(json.dumps({**(conditions.trial or {}), "after": len(events)}), "utf-8")
        try:
            env = clean_environment(function, package) | _instructions(folder, len(events), conditions)
            env |= places(function, server, (client, sdk), conditions)
            if conditions.stub_aws:
                env["AWS_ENDPOINT_URL"] = f"http://127.0.0.1:{server.port}"
            command = through_wrapper(bootstrap(interpreter), function, package, folder)
            ended = run_child(
                ForeignProgram(command, env, package),
                function,
                seconds=conditions.timeout * (1 + len(events)) + (TRIAL_SECONDS if conditions.trial else 0),
                folder=folder,
                until=server.finished,
                keep=kept_in_sight(client, sdk, conditions),
            )
        finally:
            server.close()
        recorded = text_or_nothing(record, MOST_RECORDED)
        run = told(server, ended, recorded, scratch=folder / "tmp")
    return replace(run, client=client_name(client), sdk=version_in(sdk, "boto3") if sdk else "")


def bootstrap(interpreter: Path) -> list[str]:
    """The command that starts `probe/bootstrap.py`."""
    return [str(interpreter), *AS_ON_LAMBDA, str(files("lambda_slim.run.probe").joinpath("bootstrap.py"))]


def places(
    function: Function, server: RuntimeApi, provided: tuple[Path | None, Path | None], conditions: RunConditions
) -> dict[str, str]:
    """The variables that tell `probe/bootstrap.py` where the Runtime API is, and what lies beside the package."""
    client, sdk = provided
    return {
        "AWS_LAMBDA_RUNTIME_API": f"127.0.0.1:{server.port}",
        "SLIM_RIC": str(client or ""),
        "SLIM_SDK": str(sdk or ""),
        "SLIM_LAYERS": os.pathsep.join(layer_path(function)),
        "SLIM_BYTECODE": str(conditions.bytecode or ""),
    }


def kept_in_sight(client: Path | None, sdk: Path | None, conditions: RunConditions) -> list[Path]:
    """The folders beside a package that a run has to see."""
    later = (conditions.trial or {}).get("bytecode", "")
    return [*filter(None, (client, sdk, conditions.bytecode)), *([Path(later)] if later else [])]


def _instructions(folder: Path, events: int, conditions: RunConditions) -> dict[str, str]:
    """The variables that tell `probe/bootstrap.py` what to do, but for the folders beside the package."""
    return {
        "TMPDIR": str(folder / "tmp"),
        "SLIM_RECORD": str(folder / "record.jsonl"),
        "SLIM_TRACE": "1" if conditions.trace else "",
        "SLIM_NETWORK": "1" if conditions.network else "",
        "SLIM_LOADED": "1" if conditions.loaded else "",
        "SLIM_STARTUP": str(events) if conditions.startup else "",
        "SLIM_WATCH": str(folder / "watch.json") if conditions.startup else "",
        "SLIM_TRIAL": "" if conditions.trial is None else str(folder / "trial.json"),
    }


def told(server: RuntimeApi, ended: Ended, recorded: str, *, scratch: Path) -> Run:
    """What a run reported; its own folder for temporary files appears as `/tmp`, as on Lambda."""

    def tidy(text: str) -> str:
        return text.replace(str(scratch), "/tmp")

    recorded, tried, answer = recorded.partition(_TRIED)
    loaded = _loaded(recorded)
    return Run(
        init_error=tidy(server.init_error) if server.init_error else None,
        answers=tuple(Answer(answer.event, answer.kind, tidy(answer.body)) for answer in server.answers),
        code=None if tried else ended.code,
        logs=tidy(ended.output),
        client="",
        stopped="" if tried else ended.stopped,
        ready=server.ready,
        seconds=ended.seconds,
        init_us=_init_us(recorded),
        asked=tuple(dict.fromkeys((*_asked(recorded), *server.stubbed))),
        record=recorded,
        loaded=frozenset().union(*loaded),
        loaded_at_init=loaded[0] if loaded else frozenset(),
        trial=_trial(answer),
    )


def _trial(recorded: str) -> ImportTrial | None:
    """What a process told that tried imports after its last event; None where it did not live to tell."""
    line = next((line for line in recorded.splitlines() if line.startswith('{"kind": "tried"')), "")
    return parse_trial(str(load_table(line).get("what", ""))) if line else None


def parse_trial(text: str) -> ImportTrial | None:
    """The answer of `probe/trial.py`; None for anything else."""
    table = load_table(text) if text else {}
    failed, touched = table.get("failed"), table.get("touched", ())
    if not isinstance(failed, dict):
        return None
    return ImportTrial({str(what): str(error) for what, error in failed.items()}, frozenset(map(str, touched)))


def _asked(record: str) -> tuple[str, ...]:
    rows = [load_table(line) for line in record.splitlines() if line.startswith('{"kind": "network"')]
    return tuple(dict.fromkeys(str(row["what"]) for row in rows if "what" in row))


def _init_us(record: str) -> int:
    rows = (load_table(line).get("what") for line in record.splitlines() if line.startswith('{"kind": "init"'))
    return next((took for took in rows if isinstance(took, int)), 0)


def _loaded(record: str) -> list[frozenset[str]]:
    """The modules that were loaded between two requests for an event."""
    rows = [load_table(line) for line in record.splitlines() if line.startswith('{"kind": "loaded"')]
    return [frozenset(str(row.get("what", "")).split("\n")) for row in rows]


def client_name(folder: Path | None) -> str:
    """`awslambdaric 4.2.2`, or the name of the client that replaces it."""
    return version_in(folder, "awslambdaric") if folder else "own client"


def version_in(folder: Path, name: str) -> str:
    """The name and version of a distribution in a folder; only its name where there is no metadata."""
    versions = (path.name.split("-")[1].removesuffix(".dist") for path in folder.glob(f"{name}-*.dist-info"))
    return next((f"{name} {version}" for version in versions), name)


def runtime_client(interpreter: Path, *, offline: bool = False) -> Path | None:
    """A folder with awslambdaric for an interpreter, installed once into the cache; None where it cannot be had."""
    return _provided(interpreter, "awslambdaric", cache_root(), offline=offline)


def runtime_sdk(interpreter: Path, *, offline: bool = False) -> Path | None:
    """A folder with boto3, which the managed runtimes have, as `runtime_client`."""
    return _provided(interpreter, "boto3", cache_root(), offline=offline)


@functools.cache
def _provided(interpreter: Path, name: str, _cache: Path, *, offline: bool) -> Path | None:
    """A folder in the cache; each cache has its own."""
    return provide(interpreter, name, offline=offline)


def beside(interpreter: Path, conditions: RunConditions) -> tuple[Path | None, Path | None]:
    """The folders that lie beside a package: awslambdaric's, and boto3's where the conditions want it."""
    client = runtime_client(interpreter, offline=conditions.offline)
    sdk = runtime_sdk(interpreter, offline=conditions.offline) if conditions.sdk else None
    return client, sdk
