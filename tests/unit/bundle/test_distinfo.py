"""What of a dist-info folder travels."""

from email import message_from_bytes
from pathlib import Path

from lambda_slim.bundle.distinfo import NOTICES, merge_licences, trim_metadata
from lambda_slim.model.file import File, FileKind


def licence(tmp_path: Path, name: str, text: str) -> File:
    source = tmp_path / name.replace("/", "_")
    source.write_text(text)
    return File(name, source, len(text), name.partition("-")[0], FileKind.LICENCE)


def test_the_description_goes_and_every_other_header_stays():
    before = (
        b"Metadata-Version: 2.1\r\nName: x\r\nVersion: 1.2\r\nRequires-Dist: y; extra == 'z'\r\n\r\n# X\r\n\r\nLong."
    )

    after = message_from_bytes(trim_metadata(before))

    assert dict(after) == {"Metadata-Version": "2.1", "Name": "x", "Version": "1.2", "Requires-Dist": "y; extra == 'z'"}
    assert not after.get_payload()


def test_a_folded_description_header_goes_too():
    before = b"Name: x\nDescription: one\n        two\nVersion: 1\nLicense: MIT\n  and more\n"

    assert trim_metadata(before) == b"Name: x\nVersion: 1\nLicense: MIT\n  and more\n"


def test_equal_licences_are_written_once(tmp_path):
    files = [licence(tmp_path, f"{name}-1.dist-info/LICENSE", "MIT text\n") for name in "ab"]

    member = merge_licences([*files, licence(tmp_path, "c-1.dist-info/LICENSE", "BSD text\n")])

    assert member is not None
    assert member.name == NOTICES
    assert member.data.count(b"MIT text") == 1
    assert b"a-1: LICENSE\nb-1: LICENSE" in member.data
    assert b"BSD text" in member.data


def test_order_of_files_does_not_change_the_notices(tmp_path):
    files = [licence(tmp_path, f"{name}-1.dist-info/LICENSE", f"{name} text\n") for name in "abc"]

    assert merge_licences(files) == merge_licences(files[::-1])


def test_no_licence_no_notices():
    assert merge_licences([]) is None
