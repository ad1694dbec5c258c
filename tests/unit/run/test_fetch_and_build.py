"""Whoever builds sees no credentials of indexes, wherever uv has them from, and gets what it needs all the same."""

import io
import json
import os
import tarfile
from pathlib import Path

import pytest

from lambda_slim.inputs.resolve import resolve
from lambda_slim.model.function import Function, Requirements, RequirementsKind
from lambda_slim.model.settings import Settings
from lambda_slim.run.fetch_and_build import _late
from lambda_slim.run.without_credentials import without_credentials
from tests.backends import WRITES_WHEEL
from tests.indexes import served, wheel
from tests.unit.factory import TARGET
from tests.unit.run.test_build_disk import namespaces

SECRET = "s3cret"
# The requirement that it names only when it runs lies on the same index.
BACKEND = (
    WRITES_WHEEL
    + """
import glob, json, os

def get_requires_for_build_wheel(settings=None):
    return ["internal-lib>=1"]

def texts():
    yield "environment", repr(os.environ)
    for pattern in json.load(open("places.json")):
        for path in glob.glob(pattern, recursive=True, include_hidden=True):
            try:
                yield path, open(path, errors="replace").read()
            except OSError:
                continue

def build_wheel(directory, *_):
    import internal_lib
    told = {"lib": internal_lib.WHO, "found": sorted({place for place, text in texts() if "s3cr" + "et" in text})}
    return write_wheel(directory, "curious", {"curious.json": json.dumps(told)})
"""
)
PROJECT = '[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n'


def sdist(places, backend=BACKEND):
    data = io.BytesIO()
    contents = {"backend.py": backend, "pyproject.toml": PROJECT, "places.json": json.dumps(places)}
    contents["PKG-INFO"] = "Metadata-Version: 2.1\nName: curious\nVersion: 1\n"
    with tarfile.open(fileobj=data, mode="w:gz") as file:
        for name, text in contents.items():
            member = tarfile.TarInfo(f"curious-1/{name}")
            member.size = len(text)
            file.addfile(member, io.BytesIO(text.encode()))
    return data.getvalue()


def in_environment(place, _home, _project):
    return {"UV_DEFAULT_INDEX": place(f"me:{SECRET}")}


def by_name(place, _home, project):
    (project / "uv.toml").write_text(f'[[index]]\nname = "mine"\nurl = "{place("")}"\ndefault = true\n')
    return {"UV_INDEX_MINE_USERNAME": "me", "UV_INDEX_MINE_PASSWORD": SECRET}


def in_netrc(place, home, _project):
    (home / ".netrc").write_text(f"machine 127.0.0.1 login me password {SECRET}\n")
    return {"UV_DEFAULT_INDEX": place("")}


def in_settings(place, home, _project):
    (home / ".config/uv").mkdir(parents=True)
    (home / ".config/uv/uv.toml").write_text(f'index-url = "{place(f"me:{SECRET}")}"\n')
    return {}


def in_requirements(place, _home, project):
    (project / "more.txt").write_text(f"--index-url {place(f'${{NAME}}:{SECRET}')}\n")
    (project / "requirements.txt").write_text("-r more.txt\ncurious\n")
    return {"NAME": "me"}


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="Linux only")
@pytest.mark.parametrize("where", [in_environment, by_name, in_netrc, in_settings, in_requirements])
def test_a_backend_that_hunts_for_credentials_finds_none(tmp_path, monkeypatch, where):
    if not namespaces(tmp_path):
        pytest.skip("no namespaces here")
    home, project = tmp_path / "home", tmp_path / "project"
    (home / ".ssh").mkdir(parents=True)
    (home / ".ssh/id_ed25519").write_text(SECRET)
    project.mkdir()
    (project / "requirements.txt").write_text("curious\n")
    for name in [name for name in os.environ if name.startswith(("UV_", "XDG_CONFIG"))]:
        monkeypatch.delenv(name)
    environment = {"HOME": str(home), "UV_CACHE_DIR": str(tmp_path / "uv"), "UV_GITHUB_TOKEN": SECRET}
    places = [f"{home}/**", f"{project}/**", "/proc/*/environ", "/proc/*/cmdline", "/tmp/lambda-slim-*/**"]
    with served({"private": {"1.0": wheel("us")}}, {"private": f"me:{SECRET}"}) as indexes:
        indexes.sources["curious"] = sdist(places)
        environment |= where(lambda user: indexes.url("private", user), home, project)
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        requirements = Requirements(RequirementsKind.REQUIREMENTS, project / "requirements.txt")

        tree = resolve(Function("F", "app.handler", project, TARGET, requirements=requirements), Settings(project)).tree

    assert json.loads((tree / "curious.json").read_text()) == {"lib": "us", "found": []}


NEEDY = (
    WRITES_WHEEL
    + """
def build_wheel(directory, *_):
    return write_wheel(directory, "curious", {}, needs="Requires-Dist: internal-lib>=1\\n")
"""
)


def test_what_only_a_build_shows_to_be_needed_is_fetched_from_the_same_index(tmp_path, monkeypatch):
    (tmp_path / "requirements.txt").write_text("curious\n")
    monkeypatch.setenv("UV_CACHE_DIR", str(tmp_path / "uv"))
    with served({"private": {"1.0": wheel("us")}}, {"private": f"me:{SECRET}"}) as indexes:
        indexes.sources["curious"] = sdist((), NEEDY)
        monkeypatch.setenv("UV_DEFAULT_INDEX", indexes.url("private", f"me:{SECRET}"))
        requirements = Requirements(RequirementsKind.REQUIREMENTS, tmp_path / "requirements.txt")

        tree = resolve(
            Function("F", "app.handler", tmp_path, TARGET, requirements=requirements), Settings(tmp_path)
        ).tree

    assert "us" in (tree / "internal_lib.py").read_text()


def test_what_a_backend_names_is_fetched_only_where_it_is_a_name():
    said = "No solution found when resolving: `a>=1`, `b @ https://x/${TOKEN}`, `c[x]; python_version > '3'`, `--pre`"

    assert [*_late(said)] == ["a>=1", "c[x]; python_version > '3'"]


def test_a_network_is_open_to_a_build_only_where_no_index_asks_who_we_are(tmp_path):
    plain = {"HOME": str(tmp_path), "PATH": "/bin", "SSH_AUTH_SOCK": "/x", "UV_DEFAULT_INDEX": "https://x/simple"}

    def bare(**more):
        return without_credentials(tmp_path, plain | more, "six\n", ())

    assert bare().environment == {name: plain[name] for name in ("HOME", "PATH", "UV_DEFAULT_INDEX")}
    assert not bare().indexes
    (tmp_path / ".local/share/uv/credentials").mkdir(parents=True)
    (tmp_path / ".local/share/uv/credentials/credentials.toml.lock").write_text("")
    assert not bare().indexes
    assert bare(UV_DEFAULT_INDEX="https://me@x/simple").indexes
    assert bare(UV_INDEX_X_PASSWORD="x").indexes
    assert bare(UV_KEYRING_PROVIDER="subprocess").indexes
    assert bare(TOKEN="x").environment == bare().environment
    (tmp_path / ".local/share/uv/credentials/credentials.toml").write_text("x")
    assert bare().indexes
