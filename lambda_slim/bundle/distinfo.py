"""Which parts of a `*.dist-info` folder ship: name, version, requirements, entry points, and licences in one file.

`importlib.metadata` keeps working: version, requires, metadata and entry points. The long description, which is most of
METADATA, is left out. Licence texts are merged, equal ones once, so that their conditions are met with fewer bytes.
"""

import hashlib
from collections.abc import Iterable

from lambda_slim.base.files import read_regular
from lambda_slim.model.file import FIRST_PARTY, File, FileKind
from lambda_slim.model.member import Member

NOTICES = "THIRD_PARTY_LICENSES.txt"


def trim_metadata(data: bytes) -> bytes:
    r"""A METADATA file without its description.

    The headers end at the first empty line; a `Description:` header is folded over indented lines (core metadata 1.x).

    >>> trim_metadata(b"Name: a\nVersion: 1\n\nLong text")
    b'Name: a\nVersion: 1\n'
    """
    head = data.replace(b"\r\n", b"\n").partition(b"\n\n")[0]
    kept: list[bytes] = []
    folded = False
    for line in head.split(b"\n"):
        if line[:1] in (b" ", b"\t"):
            if not folded:
                kept.append(line)
            continue
        folded = line.lower().startswith(b"description:")
        if not folded:
            kept.append(line)
    return b"\n".join(kept).rstrip(b"\n") + b"\n"


def mergeable(file: File) -> bool:
    """Whether a file is a third-party licence text that the notices file can carry."""
    return file.kind is FileKind.LICENCE and file.owner != FIRST_PARTY and ".dist-info/" in file.path


def merge_licences(files: Iterable[File]) -> Member | None:
    """One member with every licence text, each text once, under the distributions that it belongs to."""
    texts: dict[str, tuple[bytes, list[str]]] = {}
    for file in sorted(files, key=lambda licence: licence.path):
        data = read_regular(file.source).replace(b"\r\n", b"\n").strip(b"\n")
        key = hashlib.sha256(data).hexdigest()
        folder, _, name = file.path.partition("/")
        texts.setdefault(key, (data, []))[1].append(f"{folder.removesuffix('.dist-info')}: {name}")
    if not texts:
        return None
    rule = b"=" * 80
    blocks = [rule + b"\n" + "\n".join(names).encode() + b"\n" + rule + b"\n" + data for data, names in texts.values()]
    return Member(NOTICES, b"\n\n".join(blocks) + b"\n", origin=NOTICES)
