"""What is looked at after uv has installed, and what its failures are called."""

import base64
import hashlib
from pathlib import Path

import pytest

from lambda_slim.base.errors import LockError, ResolveError
from lambda_slim.base.manifest import take_manifest
from lambda_slim.base.progress import silent
from lambda_slim.inputs.declarations import Inputs
from lambda_slim.inputs.install import (
    Installation,
    _explained,
    _foreign,
    _newer,
    installed_versions,
    make_tree,
    record_faults,
)
from tests.unit.factory import TARGET

NOTHING = Inputs((), (), pinned=True, direct={}, cwd=Path("/nowhere"))


def installed(folder, name, version, files, *, tags=("py3-none-any",)):
    """Writes a distribution with its RECORD and WHEEL."""
    info = folder / f"{name}-{version}.dist-info"
    info.mkdir(parents=True)
    rows = [f"{name}-{version}.dist-info/RECORD,,"]
    for path, text in files.items():
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text)
        digest = base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).decode().rstrip("=")
        rows.append(f"{path},sha256={digest},{len(text)}")
    (info / "RECORD").write_text("\n".join(rows) + "\n")
    (info / "WHEEL").write_text("Wheel-Version: 1.0\n" + "".join(f"Tag: {tag}\n" for tag in tags))


def test_files_that_are_not_what_their_record_says(tmp_path):
    installed(tmp_path, "lib", "1.0", {"lib/a.py": "a", "lib/b.py": "b", "lib/c.py": "c", "lib/d.pyc": "d"})
    assert record_faults(tmp_path, take_manifest(tmp_path).digests) == ()

    (tmp_path / "lib/a.py").write_text("changed")
    (tmp_path / "lib/b.py").unlink()
    (tmp_path / "lib/d.pyc").write_text("compiled again")
    assert record_faults(tmp_path, take_manifest(tmp_path).digests) == ("lib/a.py", "lib/b.py")


def test_a_damaged_tree_is_emptied_before_all_is_fetched_again(tmp_path):
    installed(tmp_path, "lib", "1.0", {"lib/a.py": "a"})
    (tmp_path / "lib/a.py").write_text("changed")
    (tmp_path / "link").symlink_to(tmp_path / "lib")
    told = []

    make_tree(tmp_path, Installation(NOTHING, TARGET, (), told.append), "lib")

    assert list(tmp_path.iterdir()) == []
    assert told == ["installing lib", "uv's cache is damaged (lib/a.py): fetching again"]


def test_a_whole_tree_stays(tmp_path):
    installed(tmp_path, "lib", "1.0", {"lib/a.py": "a"})

    manifest = make_tree(tmp_path, Installation(NOTHING, TARGET, (), silent), "lib")

    assert (tmp_path / "lib/a.py").read_text() == "a"
    assert manifest == take_manifest(tmp_path)


def test_the_manifest_is_of_the_files_as_they_are_left(tmp_path):
    installed(tmp_path, "lib", "1.0", {"lib/a.py": "a"})
    noted = tmp_path / "lib-1.0.dist-info" / "direct_url.json"
    noted.write_text('{"url": "https://me:secret@index.example/lib.whl"}')

    manifest = make_tree(tmp_path, Installation(NOTHING, TARGET, (), silent), "lib")

    assert "secret" not in noted.read_text()
    assert manifest == take_manifest(tmp_path)


@pytest.mark.parametrize(
    ("tags", "foreign"),
    [
        (("py3-none-any",), ""),
        (("cp312-cp312-manylinux_2_17_x86_64", "cp312-cp312-manylinux2014_x86_64"), ""),
        (("cp311-cp311-linux_x86_64",), "lib-1.0"),
        ((), ""),  # it does not say
    ],
)
def test_what_was_built_for_this_machine(tmp_path, tags, foreign):
    installed(tmp_path, "lib", "1.0", {}, tags=tags)

    assert _foreign(tmp_path) == foreign


def test_versions_that_are_not_installed(tmp_path):
    installed(tmp_path, "My_Lib", "1.0", {})
    installed(tmp_path, "other", "2.0", {})

    assert installed_versions(tmp_path) == {"my-lib": "1.0", "other": "2.0"}
    assert _newer({"my.lib": "1.1", "other": "2.0", "new": "1"}, installed_versions(tmp_path)) == {
        "my.lib": "1.1",
        "new": "1",
    }


@pytest.mark.parametrize(
    ("stderr", "kind", "message"),
    [
        ("error: Hash mismatch for `lib==1.0`", LockError, "a file does not have the hash that was asked for"),
        ("network was disabled", ResolveError, "not in the cache, and the network is off"),
        ("missing valid authentication credentials", ResolveError, "the index does not let us in"),
        ("TOML parse error at line 3", ResolveError, "a lock or project file cannot be read"),
        ("Couldn't parse requirement in x", ResolveError, "a line of the requirements cannot be read"),
        ("Distribution not found at: file:///x", ResolveError, "a file that the requirements name is not there"),
        ("Because lib was not found in the package registry", ResolveError, "a requirement does not exist"),
        ("Because there is no version of lib==9", ResolveError, "a version does not exist"),
        ("No solution found when resolving", ResolveError, "the requirements cannot be met together"),
        ("Failed to fetch: https://x", ResolveError, "the index cannot be reached"),
        ("No space left on device", ResolveError, "the disk is full"),
        ("something new", ResolveError, f"uv could not install for {TARGET.label}"),
    ],
)
def test_what_a_failure_of_uv_is_called(stderr, kind, message):
    error = _explained(stderr, TARGET)

    assert (type(error), error.message) == (kind, message)
    assert error.hint
