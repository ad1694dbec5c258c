"""Ctrl-C or SIGTERM in the middle: exit 130, the old zip is whole, and nothing is left behind."""

import http.server
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from tests.cli.bad.conftest import PYTHON

ROOT = Path(__file__).parents[3]
PROC = Path("/proc")
pytestmark = pytest.mark.skipif(not PROC.is_dir() or sys.platform != "linux", reason="looks at processes in /proc")


def processes(marker):
    """Processes whose environment or command line has the marker."""
    found = []
    for path in PROC.glob("[0-9]*"):
        try:
            text = (path / "environ").read_bytes() + (path / "cmdline").read_bytes()
        except OSError:
            continue
        if marker.encode() in text:
            found.append((path.name, (path / "cmdline").read_bytes().replace(b"\0", b" ")))
    return found


def heed_interrupts():
    """A child of a job in the background would ignore them."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@pytest.fixture
def interrupted(tmp_path):
    """Runs a build, sends a signal when its progress says so, and looks at what is left."""

    def run(root, when, *arguments, group=False, sent=signal.SIGINT, runs=""):
        out, temporary = tmp_path / "out", tmp_path / "marker-of-this-test"
        out.mkdir()
        temporary.mkdir()
        (out / "project.zip").write_bytes(b"the old one")
        env = {
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "LAMBDA_SLIM_CACHE": str(tmp_path / "cache"),
            "TMPDIR": str(temporary),
            "UV_CACHE_DIR": str(tmp_path / "uv"),
        }
        child = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "lambda_slim",
                "build",
                str(root),
                "-v",
                "-o",
                str(out),
                "--python",
                PYTHON,
                *arguments,
            ],
            env=env,
            stderr=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            text=True,
            start_new_session=True,
            preexec_fn=heed_interrupts,  # noqa: PLW1509
        )
        said = ""
        for line in child.stderr:
            said += line
            if when in line:
                break
        limit = time.monotonic() + 60
        while runs and not any(runs.encode() in command for _, command in processes(str(temporary))):
            assert time.monotonic() < limit, said
            time.sleep(0.05)
        time.sleep(0.4)
        started = time.monotonic()
        (os.killpg if group else os.kill)(child.pid, sent)
        said += child.stderr.read()
        assert child.wait(timeout=20) == 130, said
        assert time.monotonic() - started < 10
        assert "Traceback" not in said
        assert [path.name for path in out.iterdir()] == ["project.zip"]
        assert (out / "project.zip").read_bytes() == b"the old one"
        assert list(temporary.iterdir()) == []
        assert processes(str(temporary)) == []
        assert [path for path in (tmp_path / "cache").rglob(".*") if path.name != ".lock"] == []  # uv leaves its lock

    return run


@pytest.fixture
def silent_index():
    """A package index that takes every question and never answers."""
    asked = threading.Event()
    end = threading.Event()

    class Silent(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            asked.set()
            end.wait(60)

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Silent)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/simple"
    end.set()
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("group", [False, True], ids=["one process", "as a terminal does"])
def test_while_uv_resolves(interrupted, project, silent_index, group):
    root = project({"requirements.txt": f"--index-url {silent_index}\nsix\n"})

    interrupted(root, "installing requirements.txt", group=group)


def test_while_uv_resolves_and_ci_ends_the_job(interrupted, project, silent_index):
    root = project({"requirements.txt": f"--index-url {silent_index}\nsix\n"})

    interrupted(root, "installing requirements.txt", sent=signal.SIGTERM)


@pytest.mark.parametrize("group", [False, True], ids=["one process", "as a terminal does"])
def test_while_files_are_compressed(interrupted, project, group):
    noise = os.urandom(3_000_000)
    root = project({f"m{n}.py": f"x = {noise[n * 500_000 : (n + 1) * 500_000]!r}\n" for n in range(6)})

    interrupted(root, "compressing", "--release", group=group)


@pytest.mark.parametrize("group", [False, True], ids=["one process", "as a terminal does"])
@pytest.mark.e2e
@pytest.mark.network
def test_while_the_function_runs(interrupted, project, group):
    """Level trace runs the handler in a child of its own."""
    text = "import time\n\ndef handler(e, c):\n    time.sleep(60)\n"
    root = project({"app.py": text, "event.json": "{}", "lambda-slim.toml": ""})

    sent = signal.SIGINT if group else signal.SIGTERM
    flags = ("--level", "trace", "-e", str(root / "event.json"))
    interrupted(root, "tracing", *flags, group=group, sent=sent, runs="bootstrap.py")
