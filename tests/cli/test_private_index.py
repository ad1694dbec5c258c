"""A package index that asks for a password: it is used as uv is configured, and is nowhere to be seen.

aws-cdk#27903, aws-sam-cli#794: tokens in command lines, logs, cache keys and packages.
"""

import base64
import http.server
import io
import os
import sys
import threading
import zipfile
from pathlib import Path

import pytest

SECRET = "s3cr3t-t0ken"
WANTED = "Basic " + base64.b64encode(f"user:{SECRET}".encode()).decode()
INFO = "ours-1.0.dist-info"
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks at processes in /proc")


def wheel():
    members = {
        "ours.py": "VALUE = 1\n",
        f"{INFO}/METADATA": "Metadata-Version: 2.1\nName: ours\nVersion: 1.0\n",
        f"{INFO}/WHEEL": "Wheel-Version: 1.0\nGenerator: x\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"{INFO}/RECORD": f"ours.py,,\n{INFO}/METADATA,,\n{INFO}/WHEEL,,\n{INFO}/RECORD,,\n",
    }
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as file:
        for name, text in members.items():
            file.writestr(name, text)
    return data.getvalue()


@pytest.fixture
def index():
    """Its address, without name and password."""
    name = "ours-1.0-py3-none-any.whl"
    pages = {"/simple/ours/": f'<a href="/files/{name}">{name}</a>'.encode(), f"/files/{name}": wheel()}

    class Index(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            known = self.headers.get("Authorization") == WANTED
            data = pages.get(self.path, b"") if known else b""
            self.send_response((200 if data else 404) if known else 401)
            self.send_header("WWW-Authenticate", 'Basic realm="x"')
            self.send_header("Content-Type", "text/html" if self.path.endswith("/") else "application/octet-stream")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data if self.command == "GET" else b"")

        def do_HEAD(self):
            self.do_GET()

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Index)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"127.0.0.1:{server.server_port}/simple"
    server.shutdown()
    server.server_close()


class Watch(threading.Thread):
    """Remembers the command lines of all processes that come by."""

    def __init__(self):
        super().__init__(daemon=True)
        self.seen, self.over = set(), threading.Event()

    def run(self):
        while not self.over.wait(0.01):
            for path in Path("/proc").glob("[0-9]*/cmdline"):
                try:
                    self.seen.add(path.read_bytes())
                except OSError:
                    continue


@pytest.mark.parametrize("how", ["requirements", "environment", "pyproject", "keyring"])
def test_the_password_is_nowhere(tool, index, how, tmp_path):
    tool.write("app.py", "import ours\n\ndef handler(event, context):\n    return ours.VALUE\n")
    (tool.folder / "helper.py").unlink()
    whole = f"http://user:{SECRET}@{index}"
    env = {"UV_CACHE_DIR": str(tmp_path / "uv")}
    if how == "requirements":
        tool.write("requirements.txt", f"--index-url {whole}\nours\n")
    elif how == "environment":
        tool.write("requirements.txt", "ours\n")
        env["UV_DEFAULT_INDEX"] = whole
    elif how == "keyring":
        tool.write("requirements.txt", f"--index-url http://user@{index}\nours\n")
        script = tool.write(
            "../bin/keyring", f'#!{sys.executable}\nimport sys\nif sys.argv[1] == "get": print("{SECRET}")\n'
        )
        script.chmod(0o755)
        env |= {"UV_KEYRING_PROVIDER": "subprocess", "PATH": f"{script.parent}:{os.environ['PATH']}"}
    else:
        tool.write(
            "pyproject.toml",
            '[project]\nname = "app"\nversion = "1"\ndependencies = ["ours"]\n'
            f'[[tool.uv.index]]\nname = "private"\nurl = "http://{index}"\ndefault = true\n',
        )
        env |= {"UV_INDEX_PRIVATE_USERNAME": "user", "UV_INDEX_PRIVATE_PASSWORD": SECRET}
    watch = Watch()
    watch.start()

    done = tool("build", "-vv", "--json", "report.json", "--markdown", "report.md", "-o", "dist", **env)
    watch.over.set()
    watch.join()

    with zipfile.ZipFile(tool.folder / "dist/One.zip") as file:
        assert "ours.py" in file.namelist()
        shipped = b"".join(file.read(name) for name in file.namelist())
    reports = (tool.folder / "report.json").read_text() + (tool.folder / "report.md").read_text()
    assert SECRET not in done.stdout + done.stderr + reports
    assert SECRET.encode() not in shipped
    assert not [line for line in watch.seen if SECRET.encode() in line]
    assert any(b"uv" in line and b"install" in line for line in watch.seen)
    cached = [path for path in (tmp_path / "cache").rglob("*") if path.is_file()]
    assert cached
    assert not [path for path in cached if SECRET.encode() in path.read_bytes()]


def test_a_wrong_password_is_told_without_it(tool, index, tmp_path):
    tool.write("requirements.txt", f"--index-url http://user:{SECRET}-wrong@{index}\nours\n")

    told = tool("build", "-vv", "-o", "dist", code=3, UV_CACHE_DIR=str(tmp_path / "uv")).stderr

    assert SECRET not in told
    lines = [line for line in told.splitlines() if line.startswith(("error: ", "cause: ", "hint:  "))]
    assert lines[0] == "error: One: the index does not let us in"
    assert len(lines) == 3
