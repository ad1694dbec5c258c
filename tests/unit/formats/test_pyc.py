"""Bytecode headers."""

import py_compile

import pytest

from lambda_slim.formats.pyc import Pyc, parse_pyc
from tests.binaries import make_pyc


@pytest.mark.parametrize(("flags", "kind"), [(0, "timestamp"), (1, "unchecked-hash"), (3, "checked-hash")])
def test_kinds(flags, kind):
    found = parse_pyc(make_pyc(3531, flags))

    assert found
    assert (found.magic, found.kind) == (3531, kind)


def test_dated_bytecode_names_its_source():
    assert parse_pyc(make_pyc(3531, mtime=77, size=12)) == Pyc(3531, "timestamp", 77, 12)


@pytest.mark.parametrize("data", [b"", b"\xcb\r\r\n", b"x = 1\n" * 9])
def test_what_is_no_bytecode(data):
    assert parse_pyc(data) is None


@pytest.mark.parametrize(
    ("mode", "kind"),
    [
        (py_compile.PycInvalidationMode.TIMESTAMP, "timestamp"),
        (py_compile.PycInvalidationMode.UNCHECKED_HASH, "unchecked-hash"),
        (py_compile.PycInvalidationMode.CHECKED_HASH, "checked-hash"),
    ],
)
def test_as_python_writes_it(tmp_path, mode, kind):
    (tmp_path / "m.py").write_text("x = 1\n")

    made = py_compile.compile(str(tmp_path / "m.py"), str(tmp_path / "m.pyc"), invalidation_mode=mode)

    found = parse_pyc((tmp_path / "m.pyc").read_bytes())
    assert made
    assert found
    assert found.kind == kind
