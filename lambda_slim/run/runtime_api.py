"""The Runtime API of Lambda, on this machine only: gives a function its events, and takes its answers."""

import contextlib
import http.server
import queue
import threading
import time
import uuid
from collections.abc import Sequence
from typing import Any

from lambda_slim.model.run import Answer
from lambda_slim.run.aws_stub import stub

_PREFIX = "/2018-06-01/runtime/"
_ARN = "arn:aws:lambda:us-east-1:123456789012:function:"


class RuntimeApi:
    """The Runtime API for one life of a function, or for several, one after the other.

    Attributes:
        port: Where it listens on this machine.
        answers: What the events gave, in order.
        init_error: The error document that INIT reported, or None.
        ready: Whether the function has asked for an event: INIT is over.
        stubbed: Operations that AWS clients asked for, each of which got an empty success.
    """

    def __init__(self, events: Sequence[tuple[str, bytes]]) -> None:
        self.closing = threading.Event()
        self.renew(events)
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _handler_for(self))
        self.server.daemon_threads = True
        self.port = self.server.server_port
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def renew(self, events: Sequence[tuple[str, bytes]]) -> None:
        """Begins the life of another process, with these events; whoever waits for one of the last life gets none."""
        self.closing.set()
        self.events: queue.SimpleQueue[tuple[str, bytes]] = queue.SimpleQueue()
        for event in events:
            self.events.put(event)
        self.names: dict[str, str] = {}
        self.answers: list[Answer] = []
        self.init_error: str | None = None
        self.ready = False
        self.stubbed: list[str] = []
        self.done, self.closing = threading.Event(), threading.Event()

    def finished(self) -> bool:
        """Whether the function has asked for an event when there was none left, or INIT has failed and said so."""
        return self.done.is_set()

    def close(self) -> None:
        """Ends it, and whoever waits for an event."""
        self.closing.set()
        self.server.shutdown()
        self.server.server_close()


def _handler_for(life: RuntimeApi) -> type[http.server.BaseHTTPRequestHandler]:  # noqa: C901
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
            answer = stub(self.command, self.path, headers, self.body())
            life.stubbed.append(answer.asked)
            self.answer(200, b"" if self.command == "HEAD" else answer.body, answer.headers)

        do_PUT = do_DELETE = do_HEAD = do_PATCH = stubbed  # noqa: N815  (names of http.server)

        def do_GET(self) -> None:
            if not self.path.startswith(_PREFIX):
                return self.stubbed()
            if self.path == f"{_PREFIX}restore/next":
                return self.answer(200)
            life.ready = True
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
            body = b""
            while size := int(self.rfile.readline().strip() or b"0", 16):
                body += self.rfile.read(size)
                self.rfile.readline()
            self.rfile.readline()
            return body

    return Handler
