"""gzip data packed better."""

import gzip
import io

import pytest

from lambda_slim.formats.gz import regzip

CONTENT = b'{"operations": {"GetObject": {"http": {"method": "GET"}}}}' * 200


def packed(content=CONTENT, name="", level=1):
    out = io.BytesIO()
    with gzip.GzipFile(name, "wb", level, out, mtime=123) as file:
        file.write(content)
    return out.getvalue()


@pytest.mark.parametrize("name", ["", "service-2.json"])
def test_smaller_with_the_same_content_and_header(name):
    data = packed(name=name)

    small = regzip(data, 9)

    assert len(small) < len(data)
    assert gzip.decompress(small) == CONTENT
    assert small[:10] == data[:10]
    assert name.encode() in small


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"not gzip at all, but long enough",
        packed()[:-1],
        packed()[:-8] + bytes(8),
        packed() + packed(),
        packed() + b"tail",
        packed(b"tiny", level=9),
    ],
    ids=["empty", "text", "truncated", "wrong checksum", "two members", "something behind", "nothing to gain"],
)
def test_anything_else_is_left_alone(data):
    assert regzip(data, 9) is data
