"""What the cache holds and how it is kept small."""

import os
import time

import pytest

from lambda_slim.base import cache
from lambda_slim.base.cache import open_cache
from lambda_slim.base.errors import ConfigError, WriteError
from lambda_slim.base.shelf import Shelf
from lambda_slim.base.storage import cache_limit, list_entries, prune, prune_daily, verify_cache
from lambda_slim.base.stored_tree import ensure_tree

DAY = 86_400


@pytest.fixture(autouse=True)
def _own(tmp_path, monkeypatch):
    monkeypatch.setenv("LAMBDA_SLIM_CACHE", str(tmp_path / "cache"))


def keep(key, days, size=100):
    cache.store("things", key, b"x" * size)
    os.utime(cache.entry("things", key), (time.time() - days * DAY,) * 2)


def tree(tmp_path, name="abcd"):
    place = tmp_path / "cache/trees/ab" / name

    def fill(folder):
        (folder / "a.py").write_text("x")

    return ensure_tree(place, lambda _: True, fill, lambda: None)


def test_what_was_not_used_longest_goes_first():
    for number, key in enumerate(("aa", "bb", "cc")):
        keep(key, days=number + 1)
    size = list_entries()[0].size

    gone = prune(2 * size, 60 * DAY)

    assert [row.path.name for row in gone] == ["cc"]
    assert cache.load("things", "aa")
    assert cache.load("things", "cc") is None


def test_what_is_too_old_goes_and_what_was_used_now_stays():
    keep("aa", days=90)
    keep("bb", days=0)

    assert [row.path.name for row in prune(1 << 30, 60 * DAY)] == ["aa"]
    assert prune(0, 0) == ()
    assert [row.path.name for row in prune(0, 0, spare=0)] == ["bb"]


def test_asking_for_an_entry_keeps_it():
    keep("aa", days=90)
    assert cache.load("things", "aa")

    assert prune(1 << 30, 60 * DAY) == ()


def test_a_tree_that_a_process_uses_stays(tmp_path):
    stored = tree(tmp_path)
    os.utime(stored.folder.parent / "used", (1, 1))

    assert [row.busy for row in list_entries()] == [True]
    assert prune(0, 0, spare=0) == ()
    assert stored.folder.is_dir()


def test_verify_finds_every_kind_of_damage(tmp_path):
    stored = tree(tmp_path)
    cache.store("imports", "aabb", b"data")
    cache.store("imports", "ccdd", b"data")
    shelf = Shelf("numbers")
    shelf.put(b"1" * 20, b"value")
    shelf.close()
    assert verify_cache() == ()

    cache.entry("imports", "aabb").write_bytes(cache.entry("imports", "ccdd").read_bytes())
    (tmp_path / "cache/numbers.2.shelf").write_bytes((tmp_path / "cache/numbers.2.shelf").read_bytes()[:-1] + b"X")
    (stored.folder / "a.py").write_text("y")
    os.close(__import__("lambda_slim.base.stored_tree", fromlist=["_held"])._held.pop(stored.folder.parent))

    assert {row.path.name for row in verify_cache()} == {"aabb", "numbers.2.shelf", "abcd"}
    assert verify_cache() == ()
    assert cache.load("imports", "ccdd") == b"data"


def test_an_entry_in_the_place_of_another_is_not_taken():
    cache.store("imports", "aabb", b"one")
    cache.store("imports", "aacc", b"two")
    cache.entry("imports", "aabb").replace(cache.entry("imports", "aacc"))

    assert cache.load("imports", "aacc") is None


def test_the_cache_is_its_user_s_alone(tmp_path):
    cache.store("imports", "aabb", b"one")
    (tmp_path / "cache").chmod(0o777)

    open_cache()

    assert (tmp_path / "cache").stat().st_mode & 0o777 == 0o700


def test_the_cache_of_another_user_is_refused(tmp_path, monkeypatch):
    (tmp_path / "cache").mkdir()
    monkeypatch.setattr(os, "geteuid", lambda: (tmp_path / "cache").stat().st_uid + 1)

    with pytest.raises(WriteError, match="another user"):
        open_cache()


def test_the_limit(monkeypatch):
    assert cache_limit() == 10 << 30
    monkeypatch.setenv("LAMBDA_SLIM_CACHE_LIMIT", "2 GiB")
    assert cache_limit() == 2 << 30
    monkeypatch.setenv("LAMBDA_SLIM_CACHE_LIMIT", "much")
    with pytest.raises(ConfigError, match="must be a size"):
        cache_limit()


def test_once_a_day(tmp_path):
    keep("aa", days=90)
    prune_daily()
    assert cache.load("things", "aa") is None

    keep("aa", days=90)
    prune_daily()
    assert cache.load("things", "aa")
