import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lambda_slim.base.errors import ConfigError
from lambda_slim.budgets.lock import LockEntry, lock_json, make_entry, parse_lock, read_lock, write_lock

FACTS = make_entry(1000, 400, 7, {"b": ("2.0", 5), "a": ("1.0", 9)}, ["pkg.x", "pkg", "own"], "all")

names = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), min_size=1, max_size=20)
sizes = st.integers(0, 10**9)
facts = st.builds(
    make_entry, sizes, sizes, sizes, st.dictionaries(names, st.tuples(names, sizes)), st.lists(names), names
)


@given(st.dictionaries(names, facts, max_size=4))
def test_what_is_written_is_read(functions):
    assert parse_lock(lock_json(functions)) == functions


def test_it_is_sorted_and_has_a_line_a_distribution():
    text = lock_json({"Two": FACTS, "One": FACTS})

    assert text.index('"One"') < text.index('"Two"')
    assert text.index('"a": {"version": "1.0", "bytes": 9}') < text.index('"b": ')
    assert json.loads(text)["functions"]["One"]["init_modules"] == {"own": 1, "pkg": 2}


def test_the_digest_sees_a_module_that_takes_anothers_place():
    other = make_entry(1000, 400, 7, {}, ["pkg.y", "pkg", "own"])

    assert FACTS.init_modules == other.init_modules
    assert FACTS.digest != other.digest


def test_how_it_was_compiled_is_told_but_not_compared():
    assert make_entry(1, 1, 1, {}, [], "all") == make_entry(1, 1, 1, {}, [], "none")
    assert replace(FACTS, level="safe") == replace(FACTS, level="reach")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("{\n<<<<<<< ours\n", "lambda-slim.lock:2: there are conflict markers"),
        ("not json", "cannot be read"),
        ("[]", "cannot be read"),
        ('{"lock_version": 99, "functions": {}}', "has version 99"),
        ('{"lock_version": 1, "functions": {"A": {}}}', "is damaged"),
        ('{"lock_version": 1, "functions": {"A": {"unzipped_bytes": "x"}}}', "is damaged"),
    ],
)
def test_a_damaged_lock_is_refused(text, told):
    with pytest.raises(ConfigError, match=told) as caught:
        parse_lock(text)

    assert "check --update" in caught.value.hint


def test_nothing_is_written_when_nothing_changed(tmp_path):
    path = tmp_path / "lambda-slim.lock"

    assert read_lock(path) is None
    assert write_lock({"A": FACTS}, path)
    assert not write_lock({"A": FACTS}, path)
    assert read_lock(path) == {"A": FACTS}
    assert isinstance(FACTS, LockEntry)


@pytest.mark.parametrize("value", ["Infinity", "NaN"])
def test_a_number_that_json_does_not_have_cannot_be_read(value):
    text = lock_json({"One": make_entry(5, 4, 3, {}, ["app"])}).replace(
        '"unzipped_bytes": 5', f'"unzipped_bytes": {value}'
    )

    with pytest.raises(ConfigError, match="cannot be read") as caught:
        parse_lock(text)
    assert "version control" in (caught.value.hint or "")


@pytest.mark.parametrize("value", ["-1", "true", "1.5", '"3"', "null", "[]"])
def test_a_number_that_is_none_is_damage(value):
    text = lock_json({"One": make_entry(5, 4, 3, {}, ["app"])}).replace(
        '"unzipped_bytes": 5', f'"unzipped_bytes": {value}'
    )

    with pytest.raises(ConfigError, match="is damaged") as caught:
        parse_lock(text)
    assert "function One: `unzipped_bytes` cannot be" in caught.value.cause
