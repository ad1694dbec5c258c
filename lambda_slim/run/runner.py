"""The one way in which foreign programs are run: handlers, tests, build backends, interpreters.

A program gets the environment that it is given and no other, and cannot read ours. It is stopped at its limits, and
when it ends, or we do, all that it started ends. docs/security.md says what holds where.
"""

import contextlib
import ctypes
import functools
import json
import marshal
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import IO, Any

from lambda_slim.base.cache import cache_folders
from lambda_slim.run.credentials import credential_places
from lambda_slim.run.foreign import Disk, Finished, ForeignProgram, Limits
from lambda_slim.run.usage import Clock, look, marked

MIB = 1 << 20
STARTED: Counter[str] = Counter()  # programs that this process has started, by name; of Python's, the script's
USED: Counter[str] = Counter()  # CPU microseconds of these
_LOOK = 0.1  # seconds between two looks at what a program uses
_SLACK = 20  # so many times its limit a program may take by the clock on the wall, on a machine that is loaded
_DUMPABLE = 4  # PR_SET_DUMPABLE
# Address space that is written to and not resident: stacks of threads, arenas, buffers of BLAS by processor.
_CORES = os.cpu_count() or 1  # all of the machine's: a child may use those that we may not
_SPARE_MB = 2048 + 64 * _CORES


@dataclass(slots=True)
class _Life:
    """A program that runs."""

    child: subprocess.Popen[bytes]
    limits: Limits
    outputs: tuple[IO[bytes], ...]
    begun: float = field(default_factory=time.monotonic)
    clock: Clock = field(default_factory=Clock)
    looked: float = 0.0

    def reached(self) -> str:
        """The limit that was reached; measures only now and then."""
        now = time.monotonic()
        elapsed = now - (self.looked or self.begun)
        if elapsed < min(_LOOK, self.limits.seconds / 4):
            return ""
        self.looked = now
        usage = look(self.child.pid)
        spent = self.clock.tick(usage, elapsed)
        printed = sum(os.fstat(output.fileno()).st_size for output in self.outputs)
        most = self.limits
        reached = {
            "time": spent >= most.seconds or now - self.begun >= _SLACK * most.seconds,
            "memory": 0 < most.memory_mb * MIB < usage.resident,
            "output": 0 < most.output_mb * MIB < printed,
            "processes": 0 < most.processes < usage.processes,
        }
        return next((limit for limit, yes in reached.items() if yes), "")


def run_foreign(
    program: ForeignProgram,
    limits: Limits,
    *,
    disk: Disk | None = None,
    until: Callable[[], bool] | None = None,
    merged: bool = False,
    private: bool = True,
) -> Finished:
    """Runs a program to its end, to a limit, or until its work is done; nothing of it is left.

    Args:
        program: What to run.
        limits: What it may use.
        disk: What it may write; None for what we may.
        until: Looked at often; when true, the program has done its work and is ended.
        merged: Whether stderr goes where stdout goes.
        private: Whether namespaces are used where the system has them.

    Raises:
        OSError: it could not be started.
    """
    name = _name_of(program.command)
    STARTED[name] += 1
    if os.name != "posix":
        return _run_plainly(program, limits)
    _close_environment()
    with contextlib.ExitStack() as stack:
        given, out, request, report = (stack.enter_context(tempfile.TemporaryFile()) for _ in range(4))
        err = out if merged else stack.enter_context(tempfile.TemporaryFile())
        given.write(program.stdin)
        request.write(marshal.dumps(_request(program, limits, disk) | {"private": private}))
        for file in (given, request):
            file.flush()
            file.seek(0)
        numbers = request.fileno(), report.fileno()
        script = str(files("lambda_slim.run.probe").joinpath("launch.py"))
        child = subprocess.Popen(
            [sys.executable, "-I", "-S", "-B", script, *map(str, numbers)],
            env={},
            stdin=given,
            stdout=out,
            stderr=err,
            pass_fds=numbers,
            start_new_session=True,
        )
        life = _Life(child, limits, (out,) if merged else (out, err))
        stopped, done = "", False
        try:
            stopped, done = _wait(life, until)
        finally:
            _end(child, program.env.get("TMPDIR", ""))
        told = _reported(report, program.command[0])
        USED[name] += int(told.get("used_us", 0))
        code = -signal.SIGKILL if stopped else _exit_code(told, ended=done)
        for file in (out, err):
            file.seek(0)
        most = (limits.output_mb or 1024) * MIB
        printed = out.read(most), b"" if merged else err.read(most)
        private = bool(told.get("private"))
        return Finished(code, *printed, stopped, life.clock.spent, private)


def _name_of(command: Sequence[str]) -> str:
    """The program, or the script of a Python, with what it is to do where that is one word."""
    place = next((place for place, word in enumerate(command) if place and word.endswith(".py")), 0)
    job = [word for word in command[place + 1 : place + 2] if place and word.isalpha()]
    return " ".join([os.path.basename(command[place]), *job])  # noqa: PTH119  (a word, no path of ours)


def _wait(life: _Life, until: Callable[[], bool] | None) -> tuple[str, bool]:
    """The limit that a program reached, and whether it ended by itself."""
    pause = 0.001
    while True:
        if life.child.poll() is not None:
            return "", True
        if until and until():
            return "", False
        if stopped := life.reached():
            return stopped, False
        time.sleep(pause)
        pause = min(0.02, pause * 1.5)


def _request(program: ForeignProgram, limits: Limits, disk: Disk | None) -> dict[str, Any]:
    disk_or_none = disk or Disk()
    work = [(folder, upper, upper.with_name(f"{upper.name}.work")) for folder, upper in disk_or_none.copied]
    for _, upper, place in work:
        upper.mkdir(exist_ok=True)
        place.mkdir(exist_ok=True)
    private, visible = disk_or_none.private_tmp, _visible(program, disk_or_none)
    shared = () if private or not disk_or_none.shared_tmp else ("/tmp", "/var/tmp")
    return {
        "command": [*program.command],
        "env": dict(program.env),
        "cwd": str(program.cwd),
        "parent": os.getpid(),
        "read_only": disk is not None,
        "shared": [*shared],
        "closed": [os.path.realpath(place) for place in cache_folders()],
        "writable": [os.path.realpath(place) for place in disk_or_none.writable],
        "copied": _real(work),
        "cover": [["/tmp", os.path.realpath(private)]] if private else [],
        "keep": visible,
        "replaced": _real(disk_or_none.replaced),
        "hidden": credential_places(disk_or_none.needed, visible),
        "limits": _rlimits(limits),
    }


def _real(rows: Iterable[Iterable[Path]]) -> list[list[str]]:
    return [[os.path.realpath(place) for place in row] for row in rows]


def _visible(program: ForeignProgram, disk: Disk) -> list[str]:
    """The places that stay visible, as they are written and as they are resolved."""
    ours = (sys.prefix, sys.base_prefix, program.command[0], str(files("lambda_slim.run.probe")))
    places = [*disk.keep, *disk.writable, *map(Path, ours), program.cwd]
    return sorted({str(form) for place in places for form in (place.absolute(), place.resolve())})


def _rlimits(limits: Limits) -> dict[str, int]:
    """What the kernel holds a single process to, however busy we are."""
    most = {"CORE": 0, "CPU": int(limits.seconds * _CORES) + 10}
    if limits.memory_mb:
        most["DATA"] = (limits.memory_mb + _SPARE_MB) * MIB
    if limits.file_mb:
        most["FSIZE"] = limits.file_mb * MIB
    return most


def _end(child: subprocess.Popen[bytes], folder: str) -> None:
    """Ends the launcher, which ends everything else; where it was ended by others, what has its TMPDIR is ended."""
    if child.poll() is None:
        child.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(30)
    if child.poll() == 0:
        return
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(child.pid, signal.SIGKILL)
    child.kill()
    child.wait()
    while folder and (left := marked(f"TMPDIR={folder}")):
        for pid in left:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGKILL)
        time.sleep(0.01)


def _exit_code(told: dict[str, Any], *, ended: bool) -> int | None:
    """The program's exit code by what the launcher told; None where it was stopped after its work."""
    if "status" in told:
        return os.waitstatus_to_exitcode(told["status"])
    return -signal.SIGKILL if ended else None


def _reported(report: IO[bytes], name: str) -> dict[str, Any]:
    """What the launcher told; nothing where it was ended itself.

    Raises:
        OSError: the program could not be started.
    """
    report.seek(0)
    try:
        told: dict[str, Any] = json.loads(report.read())
    except ValueError:
        return {}
    if "errno" in told:
        raise OSError(told["errno"], os.strerror(told["errno"]), name)
    return told


@functools.cache
def _close_environment() -> None:
    """From here on no other process of this user can read our environment and memory, where the system can do that."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(_DUMPABLE, 0, 0, 0, 0)


def _run_plainly(program: ForeignProgram, limits: Limits) -> Finished:
    """Where there are no process groups either: one process, one limit."""
    more: dict[str, Any] = {"env": dict(program.env), "cwd": program.cwd, "input": program.stdin}
    try:
        done = subprocess.run(program.command, **more, capture_output=True, timeout=limits.seconds, check=False)
    except subprocess.TimeoutExpired as error:
        return Finished(None, error.stdout or b"", error.stderr or b"", "time", limits.seconds)
    return Finished(done.returncode, done.stdout, done.stderr)
