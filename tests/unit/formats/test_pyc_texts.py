"""Texts in bytecode, of this Python or another."""

import marshal

from lambda_slim.formats.pyc import texts_in

SOURCE = """from .core import thing
import urllib3.util
PATH = "content/guide.md"
WORD = "é"
LONG = %r
""" % ("x" * 300)


def test_names_and_constants_are_found():
    data = bytes(16) + marshal.dumps(compile(SOURCE, "m.py", "exec"))

    assert {"core", "thing", "urllib3.util", "content/guide.md", "é", "x" * 300} <= set(texts_in(data))


def test_any_bytes_will_do():
    assert list(texts_in(b"")) == []
    assert isinstance(list(texts_in(bytes(range(256)) * 20)), list)
