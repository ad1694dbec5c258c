"""A command in the process of the tests themselves, which `coverage` watches: see `LAMBDA_SLIM_TESTS_HERE`.

The command finds the working directory, environment, standard streams and empty memories that a process of its own
would have; what it changes is put back.
"""

import contextlib
import io
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pytest

ASKED = bool(os.environ.get("LAMBDA_SLIM_TESTS_HERE"))
apart = pytest.mark.skipif(ASKED, reason="is about processes of their own")


def run(arguments: Sequence[str], folder: Path, env: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    """The finished command, as a process would give it."""
    from lambda_slim.__main__ import main

    _forget()
    with tempfile.TemporaryDirectory(prefix="said-") as said:
        files = [Path(said, "1"), Path(said, "2")]
        with _put_back(), _streams(*files):
            os.chdir(folder)
            os.environ.clear()
            os.environ.update(env)
            sys.path.insert(0, str(folder))
            sys.argv = ["lambda_slim", *arguments]
            code = 0
            try:
                main()
            except SystemExit as end:
                code = end.code if isinstance(end.code, int) else int(end.code is not None)
        out, err = (file.read_text("utf-8") for file in files)
    return subprocess.CompletedProcess(list(arguments), code, out, err)


def _forget() -> None:
    """Empties the memories of the package's functions: a new process has none."""
    for name, module in list(sys.modules.items()):
        if name.startswith("lambda_slim"):
            for value in list(vars(module).values()):
                for kept in (value, *(vars(value).values() if isinstance(value, type) else ())):
                    if callable(clear := getattr(kept, "cache_clear", None)):
                        clear()


@contextlib.contextmanager
def _put_back() -> Iterator[None]:
    """What a command changes of its process is as it was, after it."""
    place, env, path, argv = Path.cwd(), dict(os.environ), list(sys.path), sys.argv
    stop = signal.getsignal(signal.SIGTERM)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, stop)
        os.chdir(place)
        os.environ.clear()
        os.environ.update(env)
        sys.path[:], sys.argv = path, argv


@contextlib.contextmanager
def _streams(out: Path, err: Path) -> Iterator[None]:
    """Standard output and error are files, for child processes too; standard input is empty."""
    before = sys.stdin, sys.stdout, sys.stderr
    for stream in before[1:]:
        stream.flush()
    kept = [os.dup(number) for number in range(3)]
    try:
        for number, (file, flags) in enumerate(
            [(os.devnull, os.O_RDONLY), (out, os.O_WRONLY | os.O_CREAT), (err, os.O_WRONLY | os.O_CREAT)]
        ):
            opened = os.open(file, flags, 0o600)
            os.dup2(opened, number)
            os.close(opened)
        sys.stdin = io.TextIOWrapper(io.FileIO(0, "r", closefd=False), "utf-8")
        sys.stdout, sys.stderr = (
            io.TextIOWrapper(io.FileIO(number, "w", closefd=False), "utf-8", write_through=True) for number in (1, 2)
        )
        yield
    finally:
        for stream in (sys.stdout, sys.stderr):
            with contextlib.suppress(ValueError, OSError):
                stream.flush()
        sys.stdin, sys.stdout, sys.stderr = before
        for number, copy in enumerate(kept):
            os.dup2(copy, number)
            os.close(copy)
