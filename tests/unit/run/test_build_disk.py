"""What a build backend, which is foreign code, can write and read."""

import json
import os
from pathlib import Path

import pytest

from lambda_slim.base.errors import ConfigError, ResolveError
from lambda_slim.inputs.project.declared import declared_in
from lambda_slim.inputs.resolve import resolve
from lambda_slim.model.function import Function, Requirements, RequirementsKind
from lambda_slim.model.settings import Settings
from lambda_slim.run.build_disk import repositories
from lambda_slim.run.credentials import credential_places
from lambda_slim.run.foreign import Disk, ForeignProgram, Limits
from lambda_slim.run.runner import run_foreign
from lambda_slim.run.uv_environment import find_sources
from tests.backends import WRITES_WHEEL
from tests.unit.factory import TARGET

BACKEND = (
    WRITES_WHEEL
    + """
import os, json
def build_wheel(directory, *_):
    told = {"aws": os.path.isdir(os.path.expanduser("~/.aws")) and os.listdir(os.path.expanduser("~/.aws"))}
    for place in json.load(open("places.json")):
        try:
            open(place + "/written", "w").close()
            told[place] = "written"
        except OSError as error:
            told[place] = error.errno
    return write_wheel(directory, "loc", {"loc.json": json.dumps(told)})
"""
)
PROJECT = """[build-system]
requires = []
build-backend = "backend"
backend-path = ["."]
[project]
name = "loc"
version = "1"
"""


@pytest.fixture
def function(tmp_path, monkeypatch):
    """A function that requires a local project with a curious build backend."""
    home, local = tmp_path / "home", tmp_path / "project/local"
    (home / ".aws").mkdir(parents=True)
    (home / ".aws/credentials").write_text("secret")
    local.mkdir(parents=True)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("UV_CACHE_DIR", str(tmp_path / "uv"))
    places = [str(place) for place in (home, tmp_path / "project", local, tmp_path / "uv", "/var/tmp")]
    (local / "places.json").write_text(json.dumps(places))
    (local / "backend.py").write_text(BACKEND)
    (local / "pyproject.toml").write_text(PROJECT)
    file = tmp_path / "project/requirements.txt"
    file.write_text("./local\n")
    requirements = Requirements(RequirementsKind.REQUIREMENTS, file)
    return Function("F", "app.handler", file.parent, TARGET, requirements=requirements)


def namespaces(folder):
    program = ForeignProgram(["/bin/true"], {"TMPDIR": str(folder)}, folder)
    return run_foreign(program, Limits(20), disk=Disk()).private


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="Linux only")
def test_a_build_writes_only_beside_its_sources_and_to_uv_s_cache(function, tmp_path):
    if not namespaces(tmp_path):
        pytest.skip("no namespaces here")

    tree = resolve(function, Settings(function.source, offline=True)).tree

    told = json.loads((tree / "loc.json").read_text())
    home, project, local, cache, shared = [value for name, value in told.items() if name != "aws"]
    assert (home, project, shared) == (30, 30, 30)  # read-only
    assert (local, cache) == ("written", "written")
    assert told["aws"] == []
    assert (Path(os.environ["HOME"]) / ".aws/credentials").read_text() == "secret"


@pytest.mark.parametrize("how", ["environment", "uv.toml", "pyproject.toml"])
def test_builds_that_the_user_forbids_do_not_run(function, monkeypatch, how):
    if how == "environment":
        monkeypatch.setenv("UV_NO_BUILD", "1")
    else:
        text = "no-build = true\n" if how == "uv.toml" else "[tool.uv]\nno-build = true\n"
        (function.source / how).write_text(text)

    with pytest.raises(ResolveError, match="would have to be built") as raised:
        resolve(function, Settings(function.source, offline=True))

    assert "UV_NO_BUILD" in raised.value.hint
    assert not (function.source / "local/written").exists()


def test_places_of_credentials_are_known_by_every_home_and_left_where_they_are_needed(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in (".aws", ".ssh", ".docker/project"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / ".netrc").touch()

    def found(*needed, around=()):
        return [Path(place).name for place in credential_places(needed, around) if place.startswith(str(tmp_path))]

    assert found() == [".aws", ".docker", ".netrc", ".ssh"]
    assert found(".netrc", ".ssh", around=[str(tmp_path / ".docker/project")]) == [".aws"]


def test_a_local_project_is_written_with_its_repository(tmp_path):
    (tmp_path / "a/.git").mkdir(parents=True)
    (tmp_path / "a/b/c").mkdir(parents=True)
    (tmp_path / "d").mkdir()

    assert repositories([tmp_path / "a/b/c", tmp_path / "a/b", tmp_path / "d"]) == (tmp_path / "a", tmp_path / "d")


@pytest.mark.parametrize("name", ["requirements.txt", "pyproject.toml", "poetry.lock", "Pipfile.lock"])
@pytest.mark.parametrize("target", ["nowhere", "/dev/zero"])
def test_a_declaration_that_is_no_file_is_an_error(tmp_path, name, target):
    (tmp_path / name).symlink_to(target)

    with pytest.raises(ConfigError, match="is not a file"):
        declared_in(tmp_path)


def test_uv_is_not_started_on_settings_without_end(tmp_path):
    (tmp_path / "uv.toml").symlink_to("/dev/zero")

    with pytest.raises(ResolveError, match="is not a file"):
        find_sources(tmp_path)
