"""Processes of lambda-slim that need not import it: forked, each for a command, from one that has run nothing yet.

Half of what a command on a small project takes is the import. A forked process starts where any other is after its
imports: with a working directory, environment, files and memory of its own.
"""

import atexit
import json
import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).parents[2]
_IMPORTED = ("lambda_slim.cli.main", "lambda_slim.cli.build", "lambda_slim.tasks.build_fresh", "lambda_slim.cli.check")
_FIXED = ("PYTHON", "LD_")  # what an interpreter reads as it starts


class Parent:
    """The process that has imported, and the socket that it listens at."""

    def __init__(self, env: Mapping[str, str]) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="ready-")
        self.place = f"{self._folder.name}/s"
        self._env = dict(env)
        command = [sys.executable, str(Path(__file__)), self.place]
        self._process = subprocess.Popen(command, env=self._env, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        assert self._process.stdout is not None
        assert self._process.stdout.readline() == b"ready\n"
        atexit.register(self.end)

    def fits(self, env: Mapping[str, str]) -> bool:
        """Whether an interpreter with this environment would start as this one did."""
        return _fixed(env) == _fixed(self._env)

    def run(self, arguments: Sequence[str], folder: Path, env: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
        """The finished process of a command."""
        with tempfile.TemporaryDirectory(prefix="said-") as said:
            files = [f"{said}/1", f"{said}/2"]
            request = {"arguments": arguments, "folder": str(folder), "env": dict(env), "files": files}
            with socket.socket(socket.AF_UNIX) as line:
                line.settimeout(120)
                line.connect(self.place)
                line.sendall(json.dumps(request).encode() + b"\n")
                code = int(line.makefile().readline())
            out, err = (Path(file).read_text("utf-8") for file in files)
        return subprocess.CompletedProcess(list(arguments), code, out, err)

    def end(self) -> None:
        """Ends the process: it does when nobody can ask any more."""
        self._process.communicate()
        self._folder.cleanup()


def _fixed(env: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in env.items() if name.startswith(_FIXED)}


def _serve(place: str) -> None:
    """Forks a process for each request, until standard input ends."""
    import importlib
    import select

    for name in _IMPORTED:
        importlib.import_module(name)
    running: set[int] = set()
    with socket.socket(socket.AF_UNIX) as door:
        door.bind(place)
        door.listen(64)
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        while sys.stdin not in select.select([sys.stdin, door], [], [])[0]:
            line, _ = door.accept()
            running.add(_forked(line, door))
            running = {child for child in running if not os.waitpid(child, os.WNOHANG)[0]}
    for child in running:
        os.waitpid(child, 0)


def _forked(line: socket.socket, door: socket.socket) -> int:
    """The process that sees to one request."""
    child = os.fork()
    if not child:
        door.close()
        _answer(line)
    line.close()
    return child


def _answer(line: socket.socket) -> None:
    """Runs the command of one request in a process of its own and says how it ended."""
    request = json.loads(line.makefile().readline())
    if child := os.fork():
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        line.sendall(f"{code}\n".encode())
        os._exit(0)
    line.close()
    _become(request)


def _become(request: Mapping[str, object]) -> None:
    """Is the process that a shell would have started."""
    import runpy

    os.chdir(str(request["folder"]))
    os.environ.clear()
    os.environ.update(request["env"])
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    for number, file in enumerate(request["files"], 1):
        os.dup2(os.open(file, os.O_WRONLY | os.O_CREAT, 0o600), number)
    sys.path[0] = str(request["folder"])
    sys.argv = ["lambda_slim", *request["arguments"]]
    runpy.run_module("lambda_slim", run_name="__main__", alter_sys=True)
    sys.exit()


if __name__ == "__main__":
    sys.path[0] = str(ROOT)
    _serve(sys.argv[1])
