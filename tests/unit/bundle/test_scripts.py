"""Console scripts get Lambda's own Python."""

import pytest

from lambda_slim.bundle.scripts import lambda_script
from tests.unit.factory import TARGET


@pytest.mark.parametrize(
    "first",
    [b"#!/home/me/.venv/bin/python\n", b"#!/bin/sh\n'''exec' '/home/a b/python3' \"$0\" \"$@\"\n' '''\n"],
)
def test_the_first_line_names_the_runtimes_python(first):
    assert lambda_script(first + b"import sys\n", TARGET) == b"#!/var/lang/bin/python3.12\nimport sys\n"


@pytest.mark.parametrize("data", [b"", b"#!/bin/sh\necho\n", b"\x7fELF", b"import sys\n"])
def test_what_is_no_python_script_stays_as_it_is(data):
    assert lambda_script(data, TARGET) == data
