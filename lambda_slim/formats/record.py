"""RECORD, in which a distribution names its files and their digests."""

import base64
import binascii
import csv
import io


def parse_record(text: str) -> dict[str, str]:
    """Paths relative to site-packages to the sha256 of the file (hex); "" where another digest or none is given.

    >>> parse_record("a.py,sha256=47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU,0")
    {'a.py': 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'}
    """
    rows = {}
    try:
        for row in csv.reader(io.StringIO(text)):
            if row:
                rows[row[0]] = _hex(row[1]) if len(row) > 1 else ""
    except csv.Error:
        return {}
    return rows


def _hex(said: str) -> str:
    kind, _, value = said.partition("=")
    if kind != "sha256":
        return ""
    try:
        return base64.urlsafe_b64decode(value + "=" * (-len(value) % 4)).hex()
    except (binascii.Error, ValueError):
        return ""
