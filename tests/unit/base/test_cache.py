"""A cache is never a reason for a wrong answer."""

from hypothesis import given
from hypothesis import strategies as st

from lambda_slim.base import cache
from lambda_slim.base.cache import digest
from lambda_slim.base.shelf import Memory, Shelf


def test_where_it_is(monkeypatch, tmp_path):
    monkeypatch.setenv("LAMBDA_SLIM_CACHE", str(tmp_path / "mine"))
    assert cache.cache_root() == tmp_path / "mine"

    monkeypatch.delenv("LAMBDA_SLIM_CACHE")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert cache.cache_root() == tmp_path / "lambda-slim"


@given(st.lists(st.binary(max_size=5), max_size=4), st.lists(st.binary(max_size=5), max_size=4))
def test_equal_keys_mean_equal_parts(one, other):
    assert (digest(*one) == digest(*other)) == (one == other)


def test_values_come_back():
    cache.store("shelf", "ab12", b"value")

    assert cache.load("shelf", "ab12") == b"value"
    assert cache.load("shelf", "ab13") is None


def test_a_cache_that_cannot_be_written_is_not_used(monkeypatch, tmp_path):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("LAMBDA_SLIM_CACHE", str(tmp_path / "file" / "cache"))

    cache.store("shelf", "ab12", b"value")
    shelf = Shelf("numbers")

    assert shelf.get(b"upper", b"a", bytes.upper) == b"A"
    shelf.close()
    assert cache.load("shelf", "ab12") is None


def opened(monkeypatch, tmp_path, **more):
    monkeypatch.setenv("LAMBDA_SLIM_CACHE", str(tmp_path))
    return Shelf("values", **more)


def test_a_shelf_remembers(monkeypatch, tmp_path):
    shelf = opened(monkeypatch, tmp_path)
    assert [shelf.get(b"upper", data, bytes.upper) for data in (b"a", b"B")] == [b"A", b"B"]
    shelf.close()

    again = opened(monkeypatch, tmp_path)
    assert [again.get(b"upper", data, lambda _: b"made anew") for data in (b"a", b"B")] == [b"A", b"B"]
    assert again.get(b"other label", b"a", lambda _: b"made anew") == b"made anew"


def test_what_is_given_back_as_it_was_is_remembered_so(monkeypatch, tmp_path):
    shelf = opened(monkeypatch, tmp_path)
    assert shelf.get(b"same", b"data" * 1000, lambda data: data) == b"data" * 1000
    shelf.close()

    assert (tmp_path / "values.2.shelf").stat().st_size < 100
    assert opened(monkeypatch, tmp_path).get(b"same", b"data" * 1000, bytes.upper) == b"data" * 1000


def test_two_writers_lose_nothing(monkeypatch, tmp_path):
    one, other = opened(monkeypatch, tmp_path), opened(monkeypatch, tmp_path)
    one.put(b"1" * 20, b"one")
    other.put(b"2" * 20, b"two")
    one.close()
    other.close()

    both = opened(monkeypatch, tmp_path)
    assert (both.find(b"1" * 20), both.find(b"2" * 20)) == (b"one", b"two")


def test_every_damage_is_an_absence(monkeypatch, tmp_path):
    shelf = opened(monkeypatch, tmp_path)
    shelf.put(b"1" * 20, b"the first value")
    shelf.put(b"2" * 20, b"the second")
    shelf.close()
    data = (tmp_path / "values.2.shelf").read_bytes()
    for place in range(len(data)):
        for damaged in (data[:place], data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]):
            (tmp_path / "values.2.shelf").write_bytes(damaged)
            found = opened(monkeypatch, tmp_path)
            assert found.find(b"1" * 20) in (b"the first value", None)
            assert found.find(b"2" * 20) in (b"the second", None)


def test_a_shelf_over_its_limit_begins_anew(monkeypatch, tmp_path):
    for number in range(3):
        shelf = opened(monkeypatch, tmp_path, limit=200)
        shelf.put(str(number).encode() * 20, bytes(150))
        shelf.close()

    assert (tmp_path / "values.2.shelf").stat().st_size < 400
    assert opened(monkeypatch, tmp_path).find(b"2" * 20) == bytes(150)


def test_memory_forgets_what_was_not_asked_for_longest():
    memory = Memory(10)
    for key in "abc":
        memory.put(key, key.upper(), 3)
    assert memory.find("a") == "A"
    memory.put("d", "D", 4)

    assert [memory.find(key) for key in "abcd"] == ["A", None, "C", "D"]
    assert memory.held == 10
