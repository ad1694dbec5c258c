"""Readers of a few lines: JSON texts, RECORD, patches, Python sources."""

import ast
import hashlib

import pytest

from lambda_slim.formats.json_text import load_json, load_table
from lambda_slim.formats.patch import unified
from lambda_slim.formats.python_source import parse_python
from lambda_slim.formats.record import parse_record

EMPTY = hashlib.sha256(b"").hexdigest()


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("a.py,sha256=47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU,0\n", {"a.py": EMPTY}),
        ('"a,b.py",,\nRECORD,,\n', {"a,b.py": "", "RECORD": ""}),
        ("a.py,md5=abc,0\nb.py\n\n", {"a.py": "", "b.py": ""}),
        ("a.py,sha256=a,0\n", {"a.py": ""}),
        ("a" * 200_000 + ",,\n", {}),
    ],
)
def test_digests_of_a_record(text, rows):
    assert parse_record(text) == rows


@pytest.mark.parametrize(
    ("before", "after", "patch"),
    [
        (b"a\nb\n", b"a\nc\n", "--- a/f\n+++ b/f\n@@ -1,2 +1,2 @@\n a\n-b\n+c\n"),
        (None, b"a\n", "--- /dev/null\n+++ b/f\n@@ -0,0 +1 @@\n+a\n"),
        (b"a", b"a\n", "--- a/f\n+++ b/f\n@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+a\n"),
        (b"a\r\n", b"a\n", "--- a/f\n+++ b/f\n@@ -1 +1 @@\n-a\r\n+a\n"),
        (b"a\n", b"a\n", ""),
        (b"a\n", None, "--- a/f\n+++ b/f\n@@ -1 +0,0 @@\n-a\n"),
    ],
)
def test_a_patch(before, after, patch):
    assert unified("f", before, after) == patch


@pytest.mark.parametrize(
    "source", ["x = (", b"\x00", "(" * 5000 + ")" * 5000, "x" * (16 * 1024**2 + 1), b"# coding: no\n"]
)
def test_what_is_no_python_is_a_syntax_error(source):
    with pytest.raises(SyntaxError):
        parse_python(source)


def test_python_is_parsed_without_its_warnings(recwarn):
    assert isinstance(parse_python("x = 1 is 1\ny = '\\d'"), ast.Module)
    assert [*recwarn] == []


@pytest.mark.parametrize(
    "text", ["9223372036854775808", "-9223372036854775809", "1e999", "NaN", "[Infinity]", "1" * 30]
)
def test_numbers_that_nobody_can_reckon_with_are_refused(text):
    with pytest.raises(ValueError, match="a number in it"):
        load_json(text)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("9223372036854775807", 9223372036854775807),
        ("-9223372036854775808", -9223372036854775808),
        (b"[1e100]", [1e100]),
        ('"NaN"', "NaN"),
    ],
)
def test_numbers_up_to_64_bits_and_what_only_looks_like_one(text, value):
    assert load_json(text) == value


def test_any_number_will_do_where_nothing_is_reckoned():
    assert load_json("[1e999]", any_number=True) == [float("inf")]


@pytest.mark.parametrize(("text", "table"), [('{"a": 1}', {"a": 1}), ("[1]", {}), ("{", {}), ("[" * 100_000, {})])
def test_a_table_of_foreign_code(text, table):
    assert load_table(text) == table
