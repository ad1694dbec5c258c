"""What locks of other tools ask for, and whether they fit their project."""

import json
from dataclasses import replace

import pytest

from lambda_slim.base.errors import LockError, ResolveError
from lambda_slim.formats.pipfile import pipfile_hash
from lambda_slim.formats.poetry import content_hashes
from lambda_slim.inputs import lockfiles
from lambda_slim.inputs.declarations import LockReading, read_toml
from lambda_slim.inputs.lockfiles import _uv_batches
from lambda_slim.inputs.project.declared import declared_at
from lambda_slim.inputs.requirements import read_inputs
from lambda_slim.model.function import Requirements, RequirementsKind
from tests.unit.factory import TARGET

PYPROJECT = '[project]\nname = "app"\nversion = "1"\ndependencies = [\n  "lib>=1",\n]\n'
PYLOCK = 'lock-version = "1.0"\n[[packages]]\nname = "Lib"\nversion = "{}"\n'
POETRY = """\
[[package]]
name = "lib"
version = "1.5"
optional = false
python-versions = "*"
groups = ["main"]
files = [{{file = "lib-1.5.tar.gz", hash = "sha256:00"}}]
[metadata]
lock-version = "2.1"
content-hash = "{}"
"""
PIPFILE = '[packages]\nlib = ">=1"\n'


def read(folder, name, *, allow_stale=False):
    """The inputs of a lock that lies in a folder, and what was noted."""
    kinds = {
        "uv.lock": (RequirementsKind.UV_LOCK, lockfiles.of_uv),
        "pylock.toml": (RequirementsKind.PYLOCK, lockfiles.of_pylock),
        "poetry.lock": (RequirementsKind.POETRY_LOCK, lockfiles.of_poetry),
        "pdm.lock": (RequirementsKind.PDM_LOCK, lockfiles.of_pdm),
        "Pipfile.lock": (RequirementsKind.PIPFILE_LOCK, lockfiles.of_pipfile_lock),
    }
    kind, reader = kinds[name]
    reading = LockReading(TARGET, offline=True, allow_stale=allow_stale)
    return reader(Requirements(kind, folder / name), reading), reading.notes


def pipfile_lock(folder, *, digest=None):
    said = digest or pipfile_hash(read_toml(folder / "Pipfile"))
    package = {"version": "==1.5", "hashes": ["sha256:00"]}
    (folder / "Pipfile.lock").write_text(json.dumps({"_meta": {"hash": {"sha256": said}}, "default": {"lib": package}}))


def test_a_pylock(tmp_path):
    (tmp_path / "pylock.toml").write_text(PYLOCK.format("1.2"))
    inputs, _ = read(tmp_path, "pylock.toml")
    assert (inputs.pinned, inputs.direct, inputs.cwd) == (True, {}, tmp_path)
    assert [batch.arguments for batch in inputs.batches] == [("-r", "pylock.toml")]

    (tmp_path / "pyproject.toml").write_text(PYPROJECT)
    inputs, notes = read(tmp_path, "pylock.toml")
    assert (inputs.direct, notes) == ({"lib": "pyproject.toml:5"}, [])


def test_a_pylock_that_does_not_fit(tmp_path):
    (tmp_path / "pyproject.toml").write_text(PYPROJECT)
    (tmp_path / "pylock.toml").write_text(PYLOCK.format("0.9"))

    with pytest.raises(LockError, match=r"pylock\.toml"):
        read(tmp_path, "pylock.toml")

    _, (note,) = read(tmp_path, "pylock.toml", allow_stale=True)
    assert "lib" in note


def test_a_poetry_lock(tmp_path):
    (tmp_path / "pyproject.toml").write_text('[tool.poetry.dependencies]\npython = "^3.12"\nlib = "^1"\n')
    known = min(content_hashes(read_toml(tmp_path / "pyproject.toml")))
    (tmp_path / "poetry.lock").write_text(POETRY.format(known))

    inputs, notes = read(tmp_path, "poetry.lock")

    assert (inputs.pinned, inputs.direct, notes) == (True, {"lib": "pyproject.toml:3"}, [])
    assert [batch.text for batch in inputs.batches] == ["lib==1.5 --hash=sha256:00\n"]


def test_a_poetry_lock_of_another_project(tmp_path):
    (tmp_path / "pyproject.toml").write_text('[tool.poetry.dependencies]\nlib = "^1"\n')
    (tmp_path / "poetry.lock").write_text(POETRY.format("0" * 64))

    with pytest.raises(LockError) as caught:
        read(tmp_path, "poetry.lock")

    assert "poetry lock" in caught.value.hint
    _, (note,) = read(tmp_path, "poetry.lock", allow_stale=True)
    assert "hash is that of another pyproject.toml" in note


def test_a_pipfile_lock(tmp_path):
    (tmp_path / "Pipfile").write_text(PIPFILE)
    pipfile_lock(tmp_path)

    inputs, notes = read(tmp_path, "Pipfile.lock")

    assert (inputs.direct, notes) == ({"lib": "Pipfile:2"}, [])
    assert [batch.text for batch in inputs.batches] == ["lib==1.5 --hash=sha256:00\n"]


def test_a_pipfile_lock_that_does_not_fit(tmp_path):
    (tmp_path / "Pipfile").write_text(PIPFILE)
    pipfile_lock(tmp_path, digest="0" * 64)
    with pytest.raises(LockError, match=r"Pipfile.lock"):
        read(tmp_path, "Pipfile.lock")

    (tmp_path / "Pipfile.lock").write_text("{")
    with pytest.raises(ResolveError, match="is not JSON"):
        read(tmp_path, "Pipfile.lock")


@pytest.mark.parametrize("hashes", [True, False])
def test_a_pdm_lock_and_a_package_that_could_be_anybody_s(tmp_path, hashes):
    source = '[[tool.pdm.source]]\nname = "ours"\nurl = "https://ours.example/simple"\n'
    (tmp_path / "pyproject.toml").write_text(PYPROJECT + source)
    files = '[{file = "lib-1.5.tar.gz", hash = "sha256:00"}]' if hashes else "[]"
    package = f'[[package]]\nname = "lib"\nversion = "1.5"\ngroups = ["default"]\nfiles = {files}\n'
    (tmp_path / "pdm.lock").write_text(f'[metadata]\nlock_version = "4.5.0"\n{package}')

    if hashes:
        inputs, notes = read(tmp_path, "pdm.lock")
        assert (inputs.direct, inputs.pinned, notes) == ({"lib": "pyproject.toml:5"}, True, [])
    else:
        with pytest.raises(LockError, match="has no hash for lib") as caught:
            read(tmp_path, "pdm.lock")
        assert "ours" in caught.value.cause


def test_one_batch_of_a_uv_lock_for_each_index(tmp_path, monkeypatch):
    monkeypatch.delenv("UV_INDEX", raising=False)
    ours = '[[tool.uv.index]]\nname = "ours"\nurl = "https://ours.example/simple/"\n'
    (tmp_path / "pyproject.toml").write_text(PYPROJECT + ours)
    rows = [
        {"name": name, "version": "1", "source": {"registry": place}}
        for name, place in (("a", "https://ours.example/simple"), ("b", "wheels"))
    ]
    text = "a==1 --hash=sha256:00\nb==1\nc @ file:///x\n"

    batches = {batch.text: batch.variables for batch in _uv_batches(text, {"package": rows}, tmp_path)}

    assert batches["a==1 --hash=sha256:00\n"]["UV_DEFAULT_INDEX"] == "https://ours.example/simple"
    assert "UV_FIND_LINKS" not in batches["a==1 --hash=sha256:00\n"]  # the hash says what it is
    assert str(tmp_path / "wheels") in batches["b==1\n"]["UV_FIND_LINKS"]
    assert "UV_DEFAULT_INDEX" not in batches["c @ file:///x\n"]


FOR_OTHERS = {
    "uv.lock": 'version = 1\nrequires-python = ">=3.13"\n',
    "pylock.toml": f'requires-python = ">=3.13"\n{PYLOCK.format("1.2")}',
    "poetry.lock": POETRY.format("") + 'python-versions = "^3.13"\n',
    "pdm.lock": '[metadata]\n[[metadata.targets]]\nrequires_python = ">=3.13"\n[[metadata.targets]]\n'
    'requires_python = "~=3.12"\nplatform = "windows_amd64"\n',
    "Pipfile.lock": json.dumps({"_meta": {"requires": {"python_version": "3.13"}}}),
}


@pytest.mark.parametrize("name", FOR_OTHERS)
def test_a_lock_for_other_versions_of_python(tmp_path, name):
    (tmp_path / name).write_text(FOR_OTHERS[name])
    if name == "Pipfile.lock":  # which Pipenv installs on other versions too: what it gives is checked
        doubt = read_inputs(Requirements(RequirementsKind(name), tmp_path / name), TARGET).doubt
        assert "`Pipfile.lock` is not for python3.12" in str(doubt)
        assert "3.13" in doubt.cause
    else:
        with pytest.raises(LockError, match=r"is not for python3\.12") as caught:
            read(tmp_path, name)
        assert "3.13" in caught.value.cause

    if name != "uv.lock":  # which uv reads as well
        assert "is not for python3.12: it is for Python" in read(tmp_path, name, allow_stale=True)[1][-1]
        (tmp_path / name).write_text(FOR_OTHERS[name].replace("3.13", "3.12"))
        assert not read(tmp_path, name)[1]


MORE = {
    "what the project names itself is not added": ("pyproject.toml", PYPROJECT, ("Lib",), ""),
    "what it lacks is": ("pyproject.toml", PYPROJECT, ("chalice==1.32.0", "lib"), "chalice==1.32.0\n"),
    "to one that names nothing": ("pyproject.toml", PYPROJECT.replace('"lib>=1",', ""), ("chalice",), "chalice\n"),
    "to a Pipfile": ("Pipfile", PIPFILE, ("chalice",), "chalice\n"),
    "what a lock has somewhere": ("pylock.toml", PYLOCK.format("1.5"), ("lib",), ""),
}


@pytest.mark.parametrize("kind", MORE)
def test_what_the_deployment_tool_adds_to_the_requirements(tmp_path, kind):
    name, text, more, added = MORE[kind]
    (tmp_path / name).write_text(text)
    plain = Requirements(declared_at(tmp_path / name).kind, tmp_path / name)
    before, inputs = (read_inputs(row, TARGET, offline=True) for row in (plain, replace(plain, more=more)))

    first = inputs.batches[0]
    assert first.text == (before.batches[0].text if before.batches else "") + added
    assert inputs.text == (before.text if not added else (*before.text, added))
    assert ("-" in first.arguments) == bool(added) or not before.batches or before.batches[0].arguments == ("-r", "-")
    assert inputs.direct == before.direct


def test_a_lock_is_not_added_to(tmp_path):
    (tmp_path / "pylock.toml").write_text(PYLOCK.format("1.5"))
    wanted = Requirements(RequirementsKind.PYLOCK, tmp_path / "pylock.toml", more=("werkzeug", "lib"))
    with pytest.raises(ResolveError, match=r"pylock\.toml: werkzeug must be added to it") as caught:
        read_inputs(wanted, TARGET, offline=True)
    assert "add werkzeug to the project" in caught.value.hint
