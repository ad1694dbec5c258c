"""Drives a handler through the real awslambdaric against a Runtime API of our own, on this machine only."""

import contextlib
import functools
import http.server
import json
import os
import queue
import re
import tempfile
import threading
import time
import uuid
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any

from lambda_slim.formats.json_text import load_table
from lambda_slim.model.function import Function
from lambda_slim.model.run import Answer, ImportTrial, Run
from lambda_slim.run.aws_stub import stub
from lambda_slim.run.child import clean_environment, python_options, run_child
from lambda_slim.run.exec_wrapper import through_wrapper
from lambda_slim.run.provided import provide
from lambda_slim.run.runner import ForeignProgram
from lambda_slim.run.search_path import layer_path

_PREFIX = "/2018-06-01/runtime/"
_ARN = "arn:aws:lambda:us-east-1:123456789012:function:"
WANTS_SDK = re.compile(r"No module named \\?['\"](?:boto3|botocore|s3transfer|jmespath|dateutil)\b")


def drive(  # noqa: PLR0913  (a life has this many conditions)
    interpreter: Path,
    package: Path,
    function: Function,
    events: Sequence[tuple[str, bytes]],
    *,
    trace: bool = False,
    timeout: float = 60,
    network: bool = False,
    offline: bool = False,
    stub_aws: bool = False,
    sdk: bool | None = None,
    startup: bool = False,
    blame: Sequence[str] | None = None,
    bytecode: Path | None = None,
    loaded: bool = False,
) -> Run:
    """Starts the function, gives it every event in turn, and stops it when it asks for one more.

    What comes to its limit of time is tried once more.

    Args:
        interpreter: A Python of the target's minor version.
        package: The unpacked package.
        function: Its handler and environment.
        events: (name, JSON) pairs.
        trace: Whether to record what was touched.
        timeout: Seconds for INIT and for each event.
        network: Whether the network may be used; off, Python code reaches only this machine.
        offline: Do not fetch awslambdaric where it is not cached.
        stub_aws: Whether AWS clients get empty successes; see `aws_stub`.
        sdk: Whether boto3 is there although the package has none, as in the managed runtimes. None for where a first
            run shows that it is asked for; what was left out of a package must not be hidden by it.
        startup: Whether to record what importing changed; see `probe/startup.py`.
        blame: What importing changes, to record which module does it; empty to see what that is.
        bytecode: A folder with bytecode of the package, see `lay_bytecode`; it need not be complete.
        loaded: Whether to tell which modules of the package were loaded.
    """
    live = functools.partial(
        _live,
        interpreter,
        package,
        function,
        events,
        trace=trace,
        timeout=timeout,
        network=network,
        offline=offline,
        stub_aws=stub_aws,
        startup=startup,
        blame=blame,
        bytecode=bytecode,
        loaded=loaded,
    )
    session = live(sdk=bool(sdk))
    if session.stopped == "time":  # a machine that is loaded, or was held up, is no verdict
        session = live(sdk=bool(sdk))
    carried = any((package / name).is_dir() for name in ("boto3", "botocore"))
    if sdk is None and not carried and _asks_for_sdk(session) and runtime_sdk(interpreter, offline=offline):
        return live(sdk=True)
    return session


def _asks_for_sdk(session: Run) -> bool:
    said = (session.init_error or "", session.logs, *(answer.body for answer in session.answers))
    return any(map(WANTS_SDK.search, said))


def _live(  # noqa: PLR0913  (as above)
    interpreter: Path,
    package: Path,
    function: Function,
    events: Sequence[tuple[str, bytes]],
    *,
    trace: bool,
    timeout: float,
    network: bool,
    offline: bool,
    stub_aws: bool,
    sdk: bool,
    startup: bool,
    blame: Sequence[str] | None,
    bytecode: Path | None,
    loaded: bool,
) -> Run:
    client = runtime_client(interpreter, offline=offline)
    spare = runtime_sdk(interpreter, offline=offline) if sdk else None
    server = _Server(events)
    with tempfile.TemporaryDirectory(prefix="lambda-slim-") as folder:
        record, scratch = Path(folder) / "record.jsonl", Path(folder) / "tmp"

        def tidy(text: str) -> str:
            return text.replace(str(scratch), "/tmp")

        (Path(folder) / "blame.json").write_text(json.dumps(blame), "utf-8")  # too long for a variable
        try:
            env = clean_environment(function, package)
            env |= {
                "AWS_LAMBDA_RUNTIME_API": f"127.0.0.1:{server.port}",
                "TMPDIR": str(scratch),
                "SLIM_RIC": str(client or ""),
                "SLIM_SDK": str(spare or ""),
                "SLIM_LAYERS": os.pathsep.join(layer_path(function)),
                "SLIM_RECORD": str(record),
                "SLIM_TRACE": "1" if trace else "",
                "SLIM_NETWORK": "1" if network else "",
                "SLIM_LOADED": "1" if loaded else "",
                "SLIM_STARTUP": str(len(events)) if startup else "",
                "SLIM_BLAME": "" if blame is None else str(Path(folder) / "blame.json"),
            }
            if stub_aws:
                env["AWS_ENDPOINT_URL"] = f"http://127.0.0.1:{server.port}"
            script = files("lambda_slim.run.probe").joinpath("bootstrap.py")
            python = [str(interpreter), *python_options(bytecode), str(script)]
            command = through_wrapper(python, function, package, Path(folder))
            ended = run_child(
                ForeignProgram(command, env, package),
                function,
                seconds=timeout * (1 + len(events)),
                folder=Path(folder),
                until=server.finished,
                keep=[place for place in (client, spare, bytecode) if place],
            )
        finally:
            server.close()
        recorded = record.read_text("utf-8", "replace") if record.exists() else ""
    return Run(
        init_error=tidy(server.init_error) if server.init_error else None,
        answers=tuple(Answer(one.event, one.kind, tidy(one.body)) for one in server.answers),
        code=ended.code,
        logs=tidy(ended.output),
        stopped=ended.stopped,
        seconds=ended.seconds,
        init_us=_init_us(recorded),
        client=client_name(client),
        asked=tuple(dict.fromkeys((*_asked(recorded), *server.stubbed))),
        record=recorded,
        loaded=_loaded(recorded),
        sdk=_version_in(spare, "boto3") if spare else "",
    )


def _asked(record: str) -> tuple[str, ...]:
    rows = [load_table(line) for line in record.splitlines() if line.startswith('{"kind": "network"')]
    return tuple(dict.fromkeys(str(row["what"]) for row in rows if "what" in row))


def _init_us(record: str) -> int:
    rows = (load_table(line).get("what") for line in record.splitlines() if line.startswith('{"kind": "init"'))
    return next((took for took in rows if isinstance(took, int)), 0)


def _loaded(record: str) -> frozenset[str]:
    rows = [load_table(line) for line in record.splitlines() if line.startswith('{"kind": "loaded"')]
    return frozenset(name for row in rows for name in str(row.get("what", "")).split("\n"))


def client_name(folder: Path | None) -> str:
    """`awslambdaric 4.2.2`, or what stands in for it."""
    return _version_in(folder, "awslambdaric") if folder else "own client"


def _version_in(folder: Path, name: str) -> str:
    found = (path.name.split("-")[1].removesuffix(".dist") for path in folder.glob(f"{name}-*.dist-info"))
    return next((f"{name} {version}" for version in found), name)


@functools.cache
def runtime_client(interpreter: Path, *, offline: bool = False) -> Path | None:
    """A folder with awslambdaric for an interpreter, installed once into the cache; None where it cannot be had."""
    return provide(interpreter, "awslambdaric", offline=offline)


@functools.cache
def runtime_sdk(interpreter: Path, *, offline: bool = False) -> Path | None:
    """A folder with boto3, which the managed runtimes have, as `runtime_client`."""
    return provide(interpreter, "boto3", offline=offline)


class _Server:
    """The Runtime API for one life of a function."""

    def __init__(self, events: Sequence[tuple[str, bytes]]) -> None:
        self.events: queue.SimpleQueue[tuple[str, bytes]] = queue.SimpleQueue()
        for event in events:
            self.events.put(event)
        self.names: dict[str, str] = {}
        self.answers: list[Answer] = []
        self.init_error: str | None = None
        self.stubbed: list[str] = []
        self.done = threading.Event()
        self.closing = threading.Event()
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _handler_for(self))
        self.server.daemon_threads = True
        self.port = self.server.server_port
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def finished(self) -> bool:
        """Whether the function has asked for an event when there was none left, or INIT has failed and said so."""
        return self.done.is_set()

    def close(self) -> None:
        self.closing.set()
        self.server.shutdown()
        self.server.server_close()


def _handler_for(life: _Server) -> type[http.server.BaseHTTPRequestHandler]:  # noqa: C901
    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1  # headers and body in one segment, or every answer waits 40 ms for an acknowledgement
        disable_nagle_algorithm = True

        def log_message(self, *_: Any) -> None:
            pass

        def handle(self) -> None:
            with contextlib.suppress(OSError):  # the function was stopped while it waited
                super().handle()

        def answer(self, code: int, body: bytes = b"", headers: Sequence[tuple[str, str]] = ()) -> None:
            self.send_response(code)
            for name, value in headers:
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def stubbed(self) -> None:
            headers = {name.lower(): value for name, value in self.headers.items()}
            found = stub(self.command, self.path, headers, self.body())
            life.stubbed.append(found.asked)
            self.answer(200, b"" if self.command == "HEAD" else found.body, found.headers)

        do_PUT = do_DELETE = do_HEAD = do_PATCH = stubbed  # noqa: N815  (names of http.server)

        def do_GET(self) -> None:
            if not self.path.startswith(_PREFIX):
                return self.stubbed()
            if self.path == f"{_PREFIX}restore/next":
                return self.answer(200)
            try:
                name, event = life.events.get_nowait()
            except queue.Empty:
                life.done.set()
                life.closing.wait()
                return None
            request = str(uuid.uuid4())
            life.names[request] = name
            headers = [
                ("Content-Type", "application/json"),
                ("Lambda-Runtime-Aws-Request-Id", request),
                ("Lambda-Runtime-Deadline-Ms", str(int((time.time() + 30) * 1000))),
                ("Lambda-Runtime-Invoked-Function-Arn", f"{_ARN}local"),
                (
                    "Lambda-Runtime-Trace-Id",
                    "Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Parent=9a9197af755a6419;Sampled=0",
                ),
            ]
            return self.answer(200, event, headers)

        def do_POST(self) -> None:
            if not self.path.startswith(_PREFIX):
                return self.stubbed()
            body = self.body().decode("utf-8", "replace")
            parts = self.path.removeprefix(_PREFIX).split("/")
            self.answer(202, b'{"status":"OK"}', [("Content-Type", "application/json")])
            if parts[-1] == "error" and parts[0] in ("init", "restore"):
                life.init_error = body
            elif len(parts) == 3:
                life.answers.append(Answer(life.names.get(parts[1], parts[1]), parts[2], body))
            return None

        def body(self) -> bytes:
            if "chunked" not in (self.headers.get("Transfer-Encoding") or ""):
                return self.rfile.read(int(self.headers.get("Content-Length") or 0))
            found = b""
            while size := int(self.rfile.readline().strip() or b"0", 16):
                found += self.rfile.read(size)
                self.rfile.readline()
            self.rfile.readline()
            return found

    return Handler


def try_imports(  # noqa: PLR0913  (as above)
    interpreter: Path,
    package: Path,
    function: Function,
    request: dict[str, Any],
    *,
    timeout: float = 300,
    offline: bool = False,
    sdk: bool = False,
    bytecode: Path | None = None,
) -> ImportTrial | None:
    """What fails to import or load in a package; None where the child did not live to say.

    Args:
        interpreter: A Python of the target's minor version.
        package: The unpacked package.
        function: Its environment.
        request: modules, entry_points, libraries and the names of first-party modules; see `probe/imports.py`.
        timeout: Seconds for all of them.
        offline: Do not fetch awslambdaric where it is not cached.
        sdk: Whether boto3 is there although the package has none; see `drive`.
        bytecode: As in `drive`.
    """
    beside = _beside(interpreter, offline=offline, sdk=sdk)
    text = _ask("imports.py", '{"failed": ', interpreter, package, function, request, beside, timeout, bytecode)
    table = load_table(text) if text else {}
    failed, touched = table.get("failed"), table.get("touched", ())
    if not isinstance(failed, dict):
        return None
    return ImportTrial({str(what): str(error) for what, error in failed.items()}, frozenset(map(str, touched)))


def read_names(
    interpreter: Path,
    package: Path,
    function: Function,
    request: dict[str, Any],
    *,
    timeout: float = 900,
    offline: bool = False,
    sdk: bool = False,
) -> str:
    """What names of modules are after INIT, as the JSON of `probe/names.py`; "" where the child did not live to say.

    Args:
        interpreter: A Python of the target's minor version.
        package: The unpacked package.
        function: Its environment.
        request: handler, fork and groups; see `probe/names.py`.
        timeout: Seconds for all of them.
        offline: Do not fetch awslambdaric where it is not cached.
        sdk: Whether boto3 is there although the package has none; see `drive`.
    """
    beside = _beside(interpreter, offline=offline, sdk=sdk)
    return _ask("names.py", '{"groups": ', interpreter, package, function, request, beside, timeout)


def _beside(interpreter: Path, *, offline: bool, sdk: bool) -> tuple[str, str]:
    """The folders that lie beside a package: awslambdaric's, and boto3's; "" for none."""
    client = runtime_client(interpreter, offline=offline)
    spare = runtime_sdk(interpreter, offline=offline) if sdk else None
    return str(client or ""), str(spare or "")


def _ask(  # noqa: PLR0913, PLR0917  (what a child needs)
    name: str,
    answer: str,
    interpreter: Path,
    package: Path,
    function: Function,
    request: dict[str, Any],
    beside: tuple[str, str],
    timeout: float,
    bytecode: Path | None = None,
) -> str:
    """The last thing that a probe printed, from where its answer begins; "" where it did not get that far."""
    script = files("lambda_slim.run.probe").joinpath(name)
    command = [str(interpreter), *python_options(bytecode), str(script), str(package), *beside]
    request = {**request, "layers": layer_path(function)}
    env = clean_environment(function, package) | {"LAMBDA_SLIM_SPARE": "off"}  # what has to import has to ship
    keep = [*(Path(place) for place in beside if place), *([bytecode] if bytecode else [])]
    with tempfile.TemporaryDirectory(prefix="lambda-slim-") as folder:
        program = ForeignProgram(command, env | {"TMPDIR": f"{folder}/tmp"}, package, json.dumps(request).encode())
        ended = run_child(program, function, seconds=timeout, folder=Path(folder), keep=keep)
    if ended.late:
        return ""  # something waits outside Python, where the probe's own limit does not reach
    start = ended.output.rfind(answer)
    return ended.output[start:] if start >= 0 else ""
