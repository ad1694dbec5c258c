"""Private repositories are fetched and built, and who opens them is in no argument of a program."""

import base64
import functools
import http.server
import os
import subprocess
import threading
from pathlib import Path

import pytest

from lambda_slim.inputs.resolve import resolve
from lambda_slim.model.function import Function, Requirements, RequirementsKind
from lambda_slim.model.settings import Settings
from lambda_slim.run.git_sources import Commits, git_access
from tests.backends import WRITES_WHEEL
from tests.unit.factory import TARGET

SECRET = "s3cret"
COMMIT = "b23aecc1a6004cfd80b0b5da45615ffa5914270b"
PROJECT = '[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n'
POETRY = '[tool.poetry]\nname = "x"\n[tool.poetry.dependencies]\ncurious = {{ git = "{}", branch = "main" }}\n'
BACKEND = (
    WRITES_WHEEL
    + """
def build_wheel(directory, *_):
    return write_wheel(directory, "curious", {"curious.py": "X = 1"})
"""
)


class _Private(http.server.SimpleHTTPRequestHandler):
    def do_GET(self):
        user = base64.b64decode(self.headers.get("Authorization", "").removeprefix("Basic ")).decode()
        if SECRET not in user:
            self.send_response(401)
            self.send_header("WWW-Authenticate", 'Basic realm="x"')
            self.send_header("Content-Length", "0")
            self.end_headers()
        else:
            super().do_GET()

    def log_message(self, *_):
        pass


@pytest.fixture
def repository(tmp_path):
    """The address of a repository that asks for a user."""
    place = tmp_path / "served/repo"
    place.mkdir(parents=True)
    (place / "backend.py").write_text(BACKEND)
    (place / "pyproject.toml").write_text(PROJECT)
    git = functools.partial(subprocess.run, cwd=place, check=True, capture_output=True)
    git(["git", "init", "-q", "-b", "main"])
    git(["git", "add", "."])
    git(["git", "-c", "user.name=x", "-c", "user.email=x@x", "commit", "-qm", "x"])
    git(["git", "update-server-info"])
    handler = functools.partial(_Private, directory=str(tmp_path / "served"))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://{{user}}127.0.0.1:{server.server_port}/repo/.git"
    server.shutdown()
    server.server_close()


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="Linux only")
@pytest.mark.parametrize("way", ["in the address", "in netrc", "in Poetry's project"])
def test_a_private_repository(repository, tmp_path, monkeypatch, way):
    (tmp_path / "home").mkdir()
    if way == "in netrc":
        (tmp_path / "home/.netrc").write_text(f"machine 127.0.0.1 login me password {SECRET}\n")
    address = repository.format(user="" if way == "in netrc" else f"{SECRET}@")
    (tmp_path / "requirements.txt").write_text(f"curious @ git+{address}@main\n")
    (tmp_path / "pyproject.toml").write_text(POETRY.format(address) if "Poetry" in way else "")
    name, kind = ("pyproject.toml", "PYPROJECT") if "Poetry" in way else ("requirements.txt", "REQUIREMENTS")
    for variable in [name for name in os.environ if name.startswith(("UV_", "XDG_CONFIG"))]:
        monkeypatch.delenv(variable)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("UV_CACHE_DIR", str(tmp_path / "uv"))
    requirements = Requirements(RequirementsKind[kind], tmp_path / name)
    arguments = _Arguments()

    with arguments:
        tree = resolve(
            Function("F", "app.handler", tmp_path, TARGET, requirements=requirements), Settings(tmp_path)
        ).tree

    assert (tree / "curious.py").is_file()
    assert arguments.seen
    assert not [line for line in arguments.seen if SECRET.encode() in line]
    assert SECRET not in "".join(path.read_text() for path in tree.rglob("*.json"))


class _Arguments:
    """The arguments of git that could be seen while it ran."""

    def __init__(self):
        self.seen, self.ended = set(), threading.Event()
        self.thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self):
        self.thread.start()

    def __exit__(self, *_):
        self.ended.set()
        self.thread.join()

    def _watch(self):
        while not self.ended.wait(0.01):
            for place in Path("/proc").glob("[0-9]*/cmdline"):
                try:
                    line = place.read_bytes()
                except OSError:
                    continue
                if b"git" in line and b"127.0.0.1" in line:
                    self.seen.add(line)


def test_users_of_repositories_become_settings_of_git():
    text = (
        "a @ git+https://me:p%40w@git.example/a.git@v1\n"
        "b @ git+https://${TOKEN}@git.example/group/b.git#subdirectory=x\n"
        "c @ git+ssh://git@git.example/c.git\n"
        "--index-url https://me:pw@index.example/simple\n"
    )
    files = {Path("pyproject.toml"): 'x = { git = "https://me:pw@other.example/x" }', Path("y.txt"): "y\n"}

    access = git_access(text, files, {"TOKEN": "t", "GIT_CONFIG_COUNT": "1"})

    assert access.text == text.replace("me:p%40w@", "").replace("${TOKEN}@", "")
    assert access.files == {Path("pyproject.toml"): 'x = { git = "https://other.example/x" }'}
    count = int(access.variables["GIT_CONFIG_COUNT"])
    rows = [
        (access.variables[f"GIT_CONFIG_KEY_{n}"], access.variables[f"GIT_CONFIG_VALUE_{n}"]) for n in range(1, count)
    ]
    users = {key: base64.b64decode(value.removeprefix("Authorization: Basic ")).decode() for key, value in rows}
    assert users == {
        "http.https://git.example/group/b.git.extraHeader": "t:",
        "http.https://git.example/a.git.extraHeader": "me:p@w",
        "http.https://other.example/x.extraHeader": "me:pw",
        "http.https://git.example/.extraHeader": "me:p@w",
        "http.https://other.example/.extraHeader": "me:pw",
    }
    assert [key for key, _ in rows][-1] == "http.https://git.example/.extraHeader"


def test_a_build_takes_the_commits_that_were_fetched():
    stderr = (
        f"   Updating https://me:****@git.example/a (v1)\n   Updating ssh://git@git.example/b (HEAD)\n"
        f"    Updated https://me:****@git.example/a ({COMMIT})\n    Updated ssh://git@git.example/b ({COMMIT[::-1]})\n"
        f"   Building a @ git+https://me:****@git.example/a@{COMMIT}#subdirectory=x\n"
        "error: Failed to download and build `b @ git+ssh://git@git.example/b`\n"
    )

    commits = Commits({}, {}).and_of(stderr)

    assert commits.overrides(["A [x,y] @ git+https://git.example/a", "b"]) == (
        f"a[x,y] @ git+https://git.example/a@{COMMIT}#subdirectory=x\n"
        f"b[] @ git+ssh://git@git.example/b@{COMMIT[::-1]}\n"
    )
    assert commits.pinned(
        "git+https://git.example/a@v1#egg=a\ngit+ssh://git@git.example/b\nc @ git+https://x/c@v1"
    ) == (
        f"git+https://git.example/a@{COMMIT}#egg=a\ngit+ssh://git@git.example/b@{COMMIT[::-1]}\nc @ git+https://x/c@v1"
    )
