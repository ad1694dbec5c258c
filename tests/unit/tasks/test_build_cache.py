"""Was exactly this built before?"""

import os
from dataclasses import replace
from pathlib import Path

import pytest

from lambda_slim.base.cache import cache_root
from lambda_slim.bundle.archive import write
from lambda_slim.model.decision import Plan
from lambda_slim.model.distribution import Resolution
from lambda_slim.model.file import FIRST_PARTY, File, FileKind, Inventory
from lambda_slim.model.function import Function
from lambda_slim.model.member import Member
from lambda_slim.model.package_report import PackageReport
from lambda_slim.model.settings import Level, Settings
from lambda_slim.tasks import build_cache as buildcache
from lambda_slim.tasks.assemble import Results, report_function
from lambda_slim.tasks.build_cache import build_key, load_build, store_build
from lambda_slim.tasks.ledger import Shipped
from tests.unit.factory import TARGET

NOTHING = Resolution(None, (), "nothing")


@pytest.fixture
def inputs(tmp_path, monkeypatch):
    monkeypatch.setenv("LAMBDA_SLIM_CACHE", str(tmp_path / "cache"))
    source = tmp_path / "app.py"
    source.write_text("x = 1\n")
    return {
        "function": Function("F", "app.handler", tmp_path, TARGET),
        "settings": Settings(root=tmp_path),
        "resolution": NOTHING,
        "inventory": Inventory((File("app.py", source, 6, FIRST_PARTY, FileKind.SOURCE),)),
        "extra": [],
    }


def test_nothing_changed_is_the_same_key(inputs):
    assert build_key(**inputs) == build_key(**inputs)


def test_whatever_decides_changes_the_key(inputs, tmp_path):
    function, settings = inputs["function"], inputs["settings"]
    changes = (
        {},
        {"function": replace(function, environment={"A": "1"})},
        {"settings": replace(settings, level=Level.REACH)},
        {"settings": replace(settings, keep=("x",))},
        {"resolution": Resolution(None, (), "other")},
        {"extra": ["an event"]},
    )
    keys = [build_key(**{**inputs, **change}) for change in changes]
    (tmp_path / "app.py").write_text("x = 2\n")
    keys.append(build_key(**inputs))
    (tmp_path / ".lambdaslimignore").write_text("*.md\n")
    keys.append(build_key(**inputs))

    assert len(set(keys)) == len(keys)


def test_what_decides_nothing_does_not(inputs):
    other = replace(inputs["settings"], budgets={"zipped": "1 MiB"}, select=("F",), lines={"level": 3})

    assert build_key(**{**inputs, "settings": other}) == build_key(**inputs)


def test_a_zip_that_is_unpacked_elsewhere_is_the_same(inputs, tmp_path):
    function = replace(inputs["function"], artifact=tmp_path / "x.zip")
    other = replace(function, source=tmp_path / "elsewhere")

    assert build_key(**{**inputs, "function": function}) == build_key(**{**inputs, "function": other})


def stored(inputs, place: Path):
    archive = write([Member("app.py", b"x = 1\n")], place)
    package = PackageReport("", archive.sha256, archive.code_sha256, "none", "safe")
    report = report_function(
        inputs["function"], NOTHING, Plan(()), Results(shipped=Shipped(archive, {"app.py": "app.py"}), package=package)
    )
    store_build("key", archive, report)
    return archive, report


def test_a_kept_build_comes_back(inputs, tmp_path):
    archive, report = stored(inputs, tmp_path / "a.zip")

    found = load_build("key", tmp_path / "b.zip")

    assert found
    assert (found[0].sha256, found[1]) == (archive.sha256, report)
    assert (tmp_path / "b.zip").read_bytes() == (tmp_path / "a.zip").read_bytes()
    assert load_build("another key", tmp_path / "c.zip") is None


@pytest.mark.parametrize("name", ["package.zip", "report.json"])
@pytest.mark.parametrize("data", [b"", b"damaged", None])
def test_a_damaged_one_does_not(inputs, tmp_path, name, data):
    stored(inputs, tmp_path / "a.zip")
    place = cache_root() / "builds" / "key" / name
    place.unlink() if data is None else place.write_bytes(data)

    assert load_build("key", tmp_path / "b.zip") is None
    assert not (tmp_path / "b.zip").exists()


def test_an_equal_zip_is_not_written_again(inputs, tmp_path):
    stored(inputs, tmp_path / "a.zip")
    before = (tmp_path / "a.zip").stat().st_mtime_ns

    load_build("key", tmp_path / "a.zip")

    assert (tmp_path / "a.zip").stat().st_mtime_ns == before


@pytest.mark.parametrize(
    ("limit", "kept"), [({"_ROOM": 250}, {"3", "4"}), ({"_KEPT": 1}, {"4"}), ({"_ROOM": 1}, {"4"})]
)
def test_the_oldest_make_room(tmp_path, monkeypatch, limit, kept):
    """A project of 200 functions must find all of them again: what counts is bytes, and a count far above that."""
    for name, value in limit.items():
        monkeypatch.setattr(buildcache, name, value)
    for number in range(5):
        place = tmp_path / str(number) / "package.zip"
        place.parent.mkdir()
        place.write_bytes(b"x" * 100)
        os.utime(place, (number, number))

    buildcache._tidy(tmp_path)

    assert {one.name for one in tmp_path.iterdir()} == kept
