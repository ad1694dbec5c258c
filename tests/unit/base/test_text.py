"""Text from outside is shown on one line and read in the encoding that it says."""

import unicodedata
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lambda_slim.base.text import decode, in_ascii, last_line, shown, shown_all


@given(st.text(st.characters(exclude_categories=())))
def test_what_is_shown_is_one_harmless_line(text):
    said = shown(text)
    said.encode("utf-8")
    assert len(said.splitlines()) <= 1
    assert not [sign for sign in said if unicodedata.category(sign) in ("Cc", "Zl", "Zp", "Cs") or sign == "\u202e"]
    assert not said.lstrip().startswith("::")
    assert "##[" not in said


@given(st.text(st.characters(categories=("L", "N", "P", "S"), exclude_characters=":#")))
def test_ordinary_names_stay_as_they_are(text):
    assert shown(text) == text


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("x\n::error file=a.py::no", "x\\x0a\\x3a\\x3aerror file=a.py::no"),
        ("a ::warning::b", "a \\x3a\\x3awarning::b"),
        ("##[add-matcher]x", "\\x23\\x23[add-matcher]x"),
        ("a##vso[task.complete]x", "a\\x23\\x23vso[task.complete]x"),
        ("AWS::Lambda::Function", "AWS::Lambda::Function"),
        ("\x1b[31mred\x07", "\\x1b[31mred\\x07"),
        ("gpj.\u202eexe", "gpj.\\u202eexe"),
        ("a\u2028b\x85c", "a\\u2028b\\x85c"),
        ("\ud800", "\\ud800"),
        ("\U000e0041", "\\U000e0041"),
        ("é 日本 👩‍💻", "é 日本 👩‍💻"),
    ],
)
def test_what_does_something_is_escaped(text, said):
    assert shown(text) == said


@dataclass(frozen=True)
class Row:
    name: str
    rows: tuple["Row", ...] = ()
    table: tuple[tuple[str, int], ...] = ()


def test_records_are_shown_to_their_depth_and_stay_where_nothing_changes():
    plain = Row("a", (Row("b"),), (("c", 1),))
    assert shown_all(plain) is plain
    assert shown_all(Row("a", (Row("\n"),), (("\r", 1),))) == Row("a", (Row("\\x0a"),), (("\\x0d", 1),))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_text_is_read_in_the_encoding_that_its_bytes_show(encoding):
    assert decode("idna==3.7\r\nsix\r\n".encode(encoding)) == "idna==3.7\r\nsix\r\n"


def test_a_cookie_names_the_encoding():
    assert decode("# -*- coding: latin-1 -*-\n# é\n".encode("latin-1")).endswith("# é\n")
    assert decode("#!x\n# vim: set fileencoding=cp1252 :\n€".encode("cp1252")).endswith("€")


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"a\nb\xe9\n", "line 2 is not UTF-8 text"),
        (b"# coding: klingon\n", "`klingon`"),
        (b"\xff\xfea", "UTF-16-LE"),
        (b"# coding: zlib\nx", "zlib"),
    ],
)
def test_what_cannot_be_read_names_the_encoding(data, message):
    with pytest.raises(ValueError, match=message):
        decode(data)


def test_what_a_terminal_cannot_show_is_written_in_simpler_signs():
    assert in_ascii("1 MiB → 2 MiB, −3 % ± 1 · …") == "1 MiB -> 2 MiB, -3 % +- 1 - ..."
    assert in_ascii("größe \u4e2d") == "gr\\xf6\\xdfe \\u4e2d"


@pytest.mark.parametrize(
    ("text", "line"), [("a\nb \n\n  \n", "b "), (" \n", "it printed nothing"), ("x" * 400, "x" * 300)]
)
def test_the_last_line_of_an_output_is_the_last_that_says_something(text, line):
    assert last_line(text) == line
