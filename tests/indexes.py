"""Package indexes on this machine, and projects with every kind of lock that ask them."""

import base64
import functools
import hashlib
import http.server
import io
import json
import threading
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from lambda_slim.formats.pdm import pdm_hashes
from lambda_slim.formats.pipfile import pipfile_hash
from lambda_slim.formats.poetry import content_hashes

NAME, MODULE, VERSION = "internal-lib", "internal_lib", "1.0"
FORMATS = ("requirements", "uv", "pylock", "poetry", "pdm", "pipenv")
APP = "import internal_lib\n\n\ndef handler(event, context):\n    return internal_lib.WHO\n"


def wheel(who: str, version: str = VERSION, requires: str = "") -> bytes:
    """A wheel of `internal-lib` that says who made it."""
    info = f"{MODULE}-{version}.dist-info"
    needs = f"Requires-Dist: {requires}\n" if requires else ""
    files = {
        f"{MODULE}.py": f"WHO = {who!r}\n",
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {NAME}\nVersion: {version}\n{needs}",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: x\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    rows = [f"{name},sha256={_digest(text.encode())},{len(text)}\n" for name, text in files.items()]
    files[f"{info}/RECORD"] = "".join([*rows, f"{info}/RECORD,,\n"])
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as file:
        for name, text in files.items():
            file.writestr(zipfile.ZipInfo(name), text)
    return data.getvalue()


def _digest(data: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()


@dataclass
class Indexes:
    """Indexes by name, each with its wheels of `internal-lib` by version; a name may ask for a password.

    `sources` are source distributions that each of them has, by the name of the distribution.
    """

    port: int
    wheels: dict[str, dict[str, bytes]]
    passwords: dict[str, str] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    sources: dict[str, bytes] = field(default_factory=dict)

    def url(self, name: str, user: str = "") -> str:
        """The address of an index."""
        return f"http://{user and user + '@'}127.0.0.1:{self.port}/{name}/simple"

    def sha(self, name: str, version: str = VERSION) -> str:
        """The sha256 of a wheel."""
        return hashlib.sha256(self.wheels[name][version]).hexdigest()

    def answer(self, path: str) -> bytes | None:
        """The page or file at a path."""
        index, _, rest = path.strip("/").partition("/")
        kind, _, asked = rest.partition("/")
        source = asked.removesuffix("-1.tar.gz")
        if source in self.sources:
            name = f"{source}-1.tar.gz"
            return f'<a href="/{index}/files/{name}">{name}</a>'.encode() if kind == "simple" else self.sources[source]
        versions = self.wheels.get(index, {})
        if rest == f"simple/{NAME}" and versions:
            names = [file_name(version) for version in versions]
            return "".join(f'<a href="/{index}/files/{name}">{name}</a>\n' for name in names).encode()
        return next((data for version, data in versions.items() if rest == f"files/{file_name(version)}"), None)


def file_name(version: str = VERSION) -> str:
    return f"{MODULE}-{version}-py3-none-any.whl"


class _Handler(http.server.BaseHTTPRequestHandler):
    def __init__(self, indexes: Indexes, *arguments: object) -> None:
        self.indexes = indexes
        super().__init__(*arguments)

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        index = path.strip("/").partition("/")[0]
        self.indexes.asked.append(self.path)
        wanted = self.indexes.passwords.get(index)
        known = not wanted or self.headers.get("Authorization") == "Basic " + base64.b64encode(wanted.encode()).decode()
        data = self.indexes.answer(path) if known else None
        self.send_response(401 if not known else 404 if data is None else 200)
        self.send_header("WWW-Authenticate", 'Basic realm="x"')
        self.send_header("Content-Type", "text/html" if "/simple/" in path else "application/octet-stream")
        self.send_header("Content-Length", str(len(data or b"")))
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(data or b"")

    def do_HEAD(self) -> None:
        self.do_GET()

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def served(wheels: Mapping[str, Mapping[str, bytes]], passwords: Mapping[str, str] | None = None) -> Iterator[Indexes]:
    """Serves indexes on this machine."""
    indexes = Indexes(0, {name: dict(versions) for name, versions in wheels.items()}, dict(passwords or {}))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Handler, indexes))
    indexes.port = server.server_port
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield indexes
    finally:
        server.shutdown()
        server.server_close()


@dataclass(frozen=True)
class Locked:
    """What a lock is to say: the version, the hash ("" for none), and the index."""

    url: str
    sha: str
    version: str = VERSION
    index: str = "private"

    @property
    def hash_flag(self) -> str:
        return f" --hash=sha256:{self.sha}" if self.sha else ""


def write_project(folder: Path, kind: str, locked: Locked, python: str) -> None:
    """A project whose lock fits it; `kind` is one of FORMATS."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "app.py").write_text(APP)
    (folder / "lambda-slim.toml").write_text(f'python = "{python}"\n[functions]\nFn = "app.handler"\n')
    _WRITERS[kind](folder, locked)


def _requirements(folder: Path, locked: Locked) -> None:
    (folder / "requirements.in").write_text(f"{NAME}>=1.0\n")
    (folder / "requirements.txt").write_text(
        "# This file was autogenerated by uv via the following command:\n"
        "#    uv pip compile requirements.in -o requirements.txt\n"
        f"--index-url {locked.url}\n{NAME}=={locked.version}{locked.hash_flag}\n"
    )


def _standard(folder: Path, more: str = "") -> None:
    text = '[project]\nname = "x"\nversion = "0"\nrequires-python = ">=3.9"\ndependencies = ["internal-lib>=1.0"]\n'
    (folder / "pyproject.toml").write_text(text + more)


def _uv(folder: Path, locked: Locked) -> None:
    _standard(
        folder,
        f'[tool.uv.sources]\ninternal-lib = {{ index = "{locked.index}" }}\n'
        f'[[tool.uv.index]]\nname = "{locked.index}"\nurl = "{locked.url}"\nexplicit = true\n',
    )
    files = locked.url.removesuffix("/simple") + f"/files/{file_name(locked.version)}"
    hashed = f', hash = "sha256:{locked.sha}"' if locked.sha else ""
    (folder / "uv.lock").write_text(
        'version = 1\nrevision = 3\nrequires-python = ">=3.9"\n'
        f'[[package]]\nname = "{NAME}"\nversion = "{locked.version}"\nsource = {{ registry = "{locked.url}" }}\n'
        f'wheels = [{{ url = "{files}"{hashed} }}]\n'
        '[[package]]\nname = "x"\nversion = "0"\nsource = { virtual = "." }\n'
        f'dependencies = [{{ name = "{NAME}" }}]\n[package.metadata]\n'
        f'requires-dist = [{{ name = "{NAME}", specifier = ">=1.0", index = "{locked.url}" }}]\n'
    )


def _pylock(folder: Path, locked: Locked) -> None:
    _standard(folder)
    files = locked.url.removesuffix("/simple") + f"/files/{file_name(locked.version)}"
    (folder / "pylock.toml").write_text(
        'lock-version = "1.0"\ncreated-by = "x"\n'
        f'[[packages]]\nname = "{NAME}"\nversion = "{locked.version}"\nindex = "{locked.url}"\n'
        f'wheels = [{{ url = "{files}", hashes = {{ sha256 = "{locked.sha}" }} }}]\n'
    )


def _poetry(folder: Path, locked: Locked) -> None:
    import tomllib

    text = (
        '[tool.poetry]\nname = "x"\nversion = "0"\n[tool.poetry.dependencies]\npython = ">=3.9"\n'
        f'{NAME} = {{ version = ">=1.0", source = "{locked.index}" }}\n'
        f'[[tool.poetry.source]]\nname = "{locked.index}"\nurl = "{locked.url}"\npriority = "explicit"\n'
    )
    (folder / "pyproject.toml").write_text(text)
    files = f'{{ file = "{file_name(locked.version)}", hash = "sha256:{locked.sha}" }}' if locked.sha else ""
    (folder / "poetry.lock").write_text(
        f'[[package]]\nname = "{NAME}"\nversion = "{locked.version}"\noptional = false\npython-versions = "*"\n'
        f'groups = ["main"]\nfiles = [{files}]\n'
        f'[package.source]\ntype = "legacy"\nurl = "{locked.url}"\nreference = "{locked.index}"\n'
        '[metadata]\nlock-version = "2.1"\npython-versions = ">=3.9"\n'
        f'content-hash = "{min(content_hashes(tomllib.loads(text)))}"\n'
    )


def _pdm(folder: Path, locked: Locked) -> None:
    import tomllib

    _standard(folder, f'[[tool.pdm.source]]\nname = "{locked.index}"\nurl = "{locked.url}"\nverify_ssl = true\n')
    table = tomllib.loads((folder / "pyproject.toml").read_text())
    files = f'{{ file = "{file_name(locked.version)}", hash = "sha256:{locked.sha}" }}' if locked.sha else ""
    (folder / "pdm.lock").write_text(
        '[metadata]\ngroups = ["default"]\nstrategy = ["inherit_metadata"]\nlock_version = "4.5.0"\n'
        f'content_hash = "{min(pdm_hashes(table))}"\n'
        f'[[package]]\nname = "{NAME}"\nversion = "{locked.version}"\nrequires_python = ">=3.9"\n'
        f'summary = ""\ngroups = ["default"]\nfiles = [{files}]\n'
    )


def _pipenv(folder: Path, locked: Locked) -> None:
    import tomllib

    text = (
        f'[[source]]\nurl = "{locked.url}"\nverify_ssl = true\nname = "{locked.index}"\n'
        f'[packages]\n{NAME} = {{ version = ">=1.0", index = "{locked.index}" }}\n[dev-packages]\n'
    )
    (folder / "Pipfile").write_text(text)
    package = {"hashes": [f"sha256:{locked.sha}"] if locked.sha else [], "index": locked.index}
    document = {
        "_meta": {
            "hash": {"sha256": pipfile_hash(tomllib.loads(text))},
            "pipfile-spec": 6,
            "requires": {},
            "sources": [{"name": locked.index, "url": locked.url, "verify_ssl": True}],
        },
        "default": {NAME: {**package, "version": f"=={locked.version}"}},
        "develop": {},
    }
    (folder / "Pipfile.lock").write_text(json.dumps(document))


_WRITERS = {
    "requirements": _requirements,
    "uv": _uv,
    "pylock": _pylock,
    "poetry": _poetry,
    "pdm": _pdm,
    "pipenv": _pipenv,
}

# The file that a lock is made for, and a change after which the lock no longer fits.
STALE = {
    "requirements": ("requirements.in", f"{NAME}>=1.0\n", f"{NAME}>=1.0\nsix\n"),
    "uv": ("pyproject.toml", '"internal-lib>=1.0"]', '"internal-lib>=1.0", "six"]'),
    "pylock": ("pyproject.toml", '"internal-lib>=1.0"]', '"internal-lib>=2.0"]'),
    "poetry": ("pyproject.toml", 'version = ">=1.0"', 'version = ">=2.0"'),
    "pdm": ("pyproject.toml", '"internal-lib>=1.0"]', '"internal-lib>=1.0", "six"]'),
    "pipenv": ("Pipfile", "[dev-packages]\n", 'six = "*"\n[dev-packages]\n'),
}


def make_stale(folder: Path, kind: str) -> None:
    """Changes what a lock was made for."""
    name, before, after = STALE[kind]
    path = folder / name
    text = path.read_text()
    assert before in text
    path.write_text(text.replace(before, after))
