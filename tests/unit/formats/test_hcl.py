"""Terraform's language, from outside."""

import pytest

from lambda_slim.formats.hcl import parse_hcl


def test_brackets_without_end_are_refused_at_once():
    with pytest.raises(ValueError, match="nested too deeply"):
        parse_hcl('x = {"a":' + '{"a":' * 50_000)


def test_many_brackets_side_by_side_are_read():
    blocks = parse_hcl('resource "a" "b" {\n' + "".join(f"  x{n} = [[{n}]]\n" for n in range(400)) + "}\n")

    assert [block.kind for block in blocks] == ["resource"]
