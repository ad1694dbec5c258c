"""Projects that are made to harm, or that change while they are read."""

import contextlib
import io
import os
import subprocess
import sys
import tarfile
import threading
import time

import pytest


def test_lint_does_not_wait_for_a_pipe_or_a_device(tool):
    os.mkfifo(tool.folder / "pipe.py")
    (tool.folder / "zero.py").symlink_to("/dev/zero")
    tool("lint", ".")
    done = tool("diff", "pipe.py", "pipe.py", code=2)
    assert "pipe or a device" in done.stderr


@pytest.mark.parametrize("name", ["requirements.txt", "template.yaml", "lambda-slim.toml", "lambda-slim.lock"])
def test_inputs_that_are_pipes_are_told_or_passed_over(tool, name):
    (tool.folder / name).unlink(missing_ok=True)
    os.mkfifo(tool.folder / name)
    command = ["check", ".", "--no-import"] if name.endswith("lock") else ["files", "."]
    done = subprocess.run(
        [sys.executable, "-m", "lambda_slim", *command, "--handler", "app.handler", "--python", "3.12", "--offline"],
        cwd=tool.folder,
        env=tool.env,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode in (0, 2, 3), done.stderr


@pytest.mark.parametrize("name", ["serverless.yml", "template.yaml"])
def test_a_deployment_file_that_is_none_is_not_passed_over(tool, name):
    (tool.folder / name).symlink_to("nowhere")
    (tool.folder / "lambda-slim.toml").unlink()
    assert f"`{name}` is not a file" in tool("files", ".", "--offline", code=2).stderr


def test_a_handler_or_package_that_is_a_pipe_is_told(tool):
    os.mkfifo(tool.folder / "pipe.py")
    os.mkfifo(tool.folder / "x.zip")
    done = tool("files", ".", "--handler", "pipe.handler", "--offline", code=2)
    assert "pipe.py" in done.stderr
    assert "is a pipe, a device, or a link to nothing" in done.stderr
    assert "`x.zip` cannot be read\ncause: it is a pipe or a device" in tool("audit", "x.zip", code=2).stderr


def test_a_file_of_30_gib_is_refused_before_it_is_read(tool):
    with (tool.folder / "big.bin").open("wb") as file:
        file.truncate(30 << 30)
    limited = "import resource; resource.setrlimit(resource.RLIMIT_AS, (4 << 30, 4 << 30))"
    code = f"{limited}\nimport sys\nfrom lambda_slim.cli.main import run\nsys.exit(run(sys.argv[1:]))"
    for command in (["build", ".", "-o", "out", "--no-verify"], ["analyze", ".", "--no-import"]):
        done = subprocess.run(
            [sys.executable, "-c", code, *command, "--offline"],
            cwd=tool.folder,
            env=tool.env,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 3, done.stderr
        assert "big.bin 30.0 GiB" in done.stderr
    tool.write(".lambdaslimignore", "big.bin\n")
    tool("build", ".", "-o", "out", "--no-verify", "--offline")


def test_a_library_and_a_package_of_30_gib_are_not_read(tool):
    with (tool.folder / "big.so").open("wb") as file:
        file.truncate(30 << 30)
    tool("files", ".", "--offline")
    assert "cannot read `big.so`" in tool("audit", ".", code=3).stderr


def test_templates_that_stand_for_too_much_end_at_once(tool):
    lines = ["a: &a [x,x,x,x,x,x,x,x,x]"]
    lines += [f"{b}: &{b} [{','.join([f'*{a}'] * 9)}]" for a, b in zip("abcdefghi", "bcdefghij", strict=True)]
    lines += ["Resources: {F: {Type: 'AWS::Serverless::Function', Properties: {Handler: *j, Runtime: python3.12}}}"]
    (tool.folder / "lambda-slim.toml").unlink()
    tool.write("template.yaml", "\n".join(lines))
    done = tool("build", ".", "--dry-run", "--offline", code=2)
    assert "aliases stand for more" in done.stderr


@pytest.mark.slow
def test_files_that_vanish_are_told(tool):
    folder = tool.folder / "many"
    folder.mkdir()
    for number in range(1500):
        (folder / f"m{number}.py").write_text(f"X = {number}\n")
    command = [sys.executable, "-m", "lambda_slim", "build", ".", "-o", "out", "-q", "--no-verify", "--offline"]
    seen = set()
    for delay in (0.2, 0.4, 0.6):
        stopped = threading.Event()

        def vanish(wait=delay, done=stopped):
            time.sleep(wait)
            for path in sorted(folder.iterdir(), reverse=True)[:200]:
                if done.is_set():
                    return
                with contextlib.suppress(OSError):
                    path.unlink()

        thread = threading.Thread(target=vanish)
        thread.start()
        done = subprocess.run(
            command, cwd=tool.folder, env=tool.env, capture_output=True, text=True, timeout=60, check=False
        )
        stopped.set()
        thread.join()
        seen.add(done.returncode)
        assert done.returncode in (0, 3), done.stderr
        assert "Traceback" not in done.stderr
    assert seen <= {0, 3}


def test_names_do_nothing_where_they_are_shown(tool):
    names = ("x\n::error file=a.py::pwned\n.env", "a`@octocat`<b>.env", "\x1b]0;t\x07.env", "gpj.\u202eexe.env")
    for name in names:
        (tool.folder / name).write_text("SECRET=1\n")
    for command in (["files", ".", "--explain"], ["check", ".", "--no-import", "-f", "github", "--against", "none"]):
        done = subprocess.run(
            [sys.executable, "-m", "lambda_slim", *command, "--offline"],
            cwd=tool.folder,
            env=tool.env,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode in (0, 1), done.stderr
        said = done.stdout + done.stderr
        assert "::error file=a.py" not in said
        assert not {"\x1b", "\x07", "\u202e"} & {*said}


EVIL = """#!/bin/sh
echo ran > "$PWD/MARK"
exec python3 "$@"
"""


@pytest.mark.parametrize(
    "command",
    [
        ["check", ".", "--no-import", "--against", "none"],
        ["build", ".", "--dry-run"],
        ["files", "."],
        ["why", "app.py"],
        ["lint", "."],
    ],
    ids=lambda command: command[0],
)
def test_static_commands_run_no_interpreter_that_the_repository_names(tool, command):
    evil = tool.write("evil", EVIL)
    evil.chmod(0o755)
    settings = tool.folder / "lambda-slim.toml"
    settings.write_text(f'interpreter = "evil"\n{settings.read_text()}')
    tool(*command, *([] if command[0] == "lint" else ["--offline"]))
    assert not (tool.folder / "MARK").exists()


def test_code_that_cannot_be_read_is_not_left_out(tool):
    place = tool.folder / "app.py"
    place.chmod(0)
    if os.access(place, os.R_OK):
        pytest.skip("this user may read everything")
    done = tool("build", ".", "-o", "out", "-q", "--offline", code=3)
    assert "app.py" in done.stderr
    place.chmod(0o644)
    (tool.folder / "lib").mkdir(mode=0)
    done = tool("build", ".", "-o", "out", "-q", "--offline", code=3)
    (tool.folder / "lib").chmod(0o755)
    assert "`lib/` cannot be read" in done.stderr


SETUP = (
    "open({mark!r}, 'a').write('ran')\nfrom setuptools import setup\nsetup(name='evil', version='1', py_modules=[])\n"
)
STATIC = [["files", "."], ["build", ".", "--dry-run"], ["check", ".", "--no-import", "--against", "none"]]


def source_distribution(folder, mark):
    folder.mkdir()
    with tarfile.open(folder / "evil-1.tar.gz", "w:gz") as file:
        for name, text in (("setup.py", SETUP.format(mark=mark)), ("PKG-INFO", "Name: evil\nVersion: 1\n")):
            info = tarfile.TarInfo(f"evil-1/{name}")
            info.size = len(text)
            file.addfile(info, io.BytesIO(text.encode()))


@pytest.mark.parametrize("command", STATIC, ids=lambda command: command[0])
@pytest.mark.parametrize("line", ["./local", "-e ./local", "evil @ file:local", "evil==1", "./links/evil-1.tar.gz"])
def test_static_commands_build_nothing(tool, tmp_path, command, line):
    mark = tmp_path / "MARK"
    tool.write("local/setup.py", SETUP.format(mark=str(mark)))
    source_distribution(tool.folder / "links", str(mark))
    tool.write("requirements.txt", f"--no-index\n--find-links ./links\n{line}\n")
    listed = line == "evil==1" and command[0] != "check"
    done = tool(*command, code=0 if listed else 3, AWS_SECRET_ACCESS_KEY="x", UV_CACHE_DIR=str(tmp_path / "uv"))
    assert not mark.exists()
    assert "builds nothing" in done.stderr + done.stdout
