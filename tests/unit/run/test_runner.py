"""Foreign programs: what they can read, write and use, and that nothing of them is left."""

import os
import signal
import sys
import tempfile
from pathlib import Path

import pytest

from benchmarks.attack.children import WAYS, left_alive
from lambda_slim.run.foreign import Disk, ForeignProgram, Limits
from lambda_slim.run.lambda_runtime import carries_sdk
from lambda_slim.run.runner import run_foreign
from lambda_slim.run.usage import Clock, Usage

pytestmark = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="Linux only")
BOTH = pytest.mark.parametrize("private", [True, False], ids=["namespaces", "no namespaces"])


@pytest.fixture
def run(tmp_path):
    def inner(code, limits=None, **more):
        with tempfile.TemporaryDirectory(prefix="lambda-slim-") as folder:
            program = ForeignProgram([sys.executable, "-I", "-S", "-c", code], {"TMPDIR": folder}, tmp_path, b"given")
            return run_foreign(program, limits or Limits(20), **more)

    return inner


@BOTH
def test_input_outputs_and_exit_code_go_through(run, private):
    code = "import sys\nsys.stderr.write('bad')\nprint(sys.stdin.read())\nsys.exit(7)"
    done = run(code, private=private)
    assert (done.code, done.stdout, done.stderr, done.stopped) == (7, b"given\n", b"bad", "")


@BOTH
def test_death_by_a_signal_is_told(run, private):
    assert run("import os\nos.kill(os.getpid(), 11)", private=private).code == -signal.SIGSEGV


@BOTH
def test_a_program_that_is_not_there_is_an_os_error(tmp_path, private):
    with pytest.raises(FileNotFoundError):
        run_foreign(ForeignProgram(["/no/such/program"], {}, tmp_path), Limits(5), private=private)


@BOTH
@pytest.mark.parametrize("way", ["double fork", "empty environment", "kills its parent", "runs into its limit"])
def test_nothing_is_left_alive(way, private):
    assert way in WAYS
    assert left_alive(way, private=private) == []


@BOTH
def test_the_environment_of_the_parent_cannot_be_read(run, monkeypatch, private):
    monkeypatch.setenv("SECRET_OF_THE_CALLER", "x")
    code = f"""
import os
seen = [sorted(os.environ)]
for pid in [{os.getpid()}, os.getppid(), 1]:
    try:
        seen.append('SECRET' in open(f'/proc/{{pid}}/environ').read())
    except OSError:
        seen.append(False)
print(seen)
"""
    said = run(code, private=private).stdout.decode()
    assert "SECRET" not in said
    assert "True" not in said


MANY = "import os, time\nfor _ in range(40): os.fork() or time.sleep(60)\ntime.sleep(60)"


@BOTH
@pytest.mark.parametrize(
    ("code", "limits", "stopped"),
    [
        ("while True: pass", Limits(0.5), "time"),
        ("import time\ntime.sleep(60)", Limits(0.5), "time"),
        ("kept = [bytearray(1 << 20) for _ in range(600)]\nwhile True: pass", Limits(20, memory_mb=300), "memory"),
        ("while True: print('x' * 100_000)", Limits(20, output_mb=2), "output"),
        (MANY, Limits(20, processes=20), "processes"),
    ],
    ids=["busy", "waiting", "memory", "output", "processes"],
)
def test_a_program_is_stopped_at_its_limits(run, code, limits, stopped, private):
    done = run(code, limits, private=private)
    assert (done.stopped, done.code) == (stopped, -signal.SIGKILL)
    assert len(done.stdout) <= 2 << 20


def test_one_file_cannot_fill_the_disk(run):
    code = "import os\nwith open(os.environ['TMPDIR'] + '/x', 'wb') as file: file.truncate(3 << 20)"
    assert run(code, Limits(20, file_mb=2)).code != 0
    assert run(code, Limits(20, file_mb=4)).code == 0


def test_only_its_own_folders_can_be_written(run, tmp_path):
    project, upper, own, tmp = (tmp_path / name for name in ("project", "upper", "own", "tmp"))
    for folder in (project, upper, own, tmp):
        folder.mkdir()
    (project / "kept").write_text("before")
    code = f"""
def attempt(path):
    try:
        open(path, 'w').write('x')
    except OSError as error:
        return error.errno
    return open(path).read()
print([attempt(path) for path in ({str(project)!r} + '/kept', {str(own)!r} + '/x', '/tmp/x-of-a-test')])
"""
    done = run(code, disk=Disk(writable=(own,), private_tmp=tmp, keep=(tmp_path,)))
    if not done.private:
        pytest.skip("no namespaces here")
    assert done.stdout == b"[30, 'x', 'x']\n"
    assert (tmp / "x-of-a-test").exists()
    assert not Path("/tmp/x-of-a-test").exists()
    copied = run(code, disk=Disk(writable=(own,), copied=((project, upper),)))
    assert copied.stdout in (b"['x', 'x', 'x']\n", b"[30, 'x', 'x']\n")
    assert (project / "kept").read_text() == "before"
    Path("/tmp/x-of-a-test").unlink()


def test_a_cache_below_tmp_or_a_folder_of_the_program_cannot_be_written(run, tmp_path, monkeypatch):
    """All of /tmp may be written by a trace command; what other projects build from may not."""
    monkeypatch.setenv("LAMBDA_SLIM_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("UV_CACHE_DIR", str(tmp_path / "uv"))
    for name in ("cache/trees", "cache/fill", "uv", "own"):
        (tmp_path / name).mkdir(parents=True)
    code = f"""
def attempt(path):
    try:
        return open({str(tmp_path)!r} + '/' + path, 'w').write('x')
    except OSError as error:
        return error.errno
print([attempt(path) for path in ('cache/trees/x', 'uv/x', 'cache/fill/x', 'own/x')])
"""
    for disk in (Disk(writable=(tmp_path / "cache/fill",)), Disk(writable=(tmp_path / "cache/fill", tmp_path))):
        done = run(code, disk=disk)
        if not done.private:
            pytest.skip("no namespaces here")
        assert done.stdout == b"[30, 30, 1, 1]\n"


def test_time_in_which_a_program_is_not_let_run_does_not_count():
    clock = Clock()
    for step in range(100):
        clock.tick(Usage(cpu=step * 0.01, running=True), 0.1)
    assert clock.spent == pytest.approx(0.99)


def test_time_in_which_a_program_waits_counts_but_not_our_own_delay():
    clock = Clock(0.5)
    assert clock.tick(Usage(), 0.1) == pytest.approx(0.1)
    assert clock.tick(Usage(), 30.0) == pytest.approx(0.6)


def test_more_processors_give_no_less_time():
    clock = Clock()
    assert clock.tick(Usage(cpu=6.4, running=True), 0.1) == pytest.approx(0.1)


def test_a_package_with_a_part_of_the_sdk_takes_the_rest_from_the_runtime(tmp_path):
    """aws-xray-sdk brings botocore without boto3."""
    (tmp_path / "botocore").mkdir()
    assert not carries_sdk(tmp_path)
    (tmp_path / "boto3").mkdir()
    assert carries_sdk(tmp_path)


@BOTH
def test_what_a_program_has_used_when_it_is_ended_is_known(run, tmp_path, private):
    """Its processes are taken up by those that started them, so that CPU time with children is whole."""
    place = tmp_path / "done"
    work = "import time\nheld = bytearray(b'x') * (300 << 20)\nwhile time.process_time() < 0.5: pass\n"
    code = f"{work}open({str(place)!r}, 'w').close()\ntime.sleep(99)"
    before = os.times()
    done = run(code, until=place.exists, private=private)
    after = os.times()

    assert done.code is None
    assert after.children_user + after.children_system - before.children_user - before.children_system >= 0.5
