"""What holds for every package."""

import random
import tempfile
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lambda_slim.bundle.archive import write
from lambda_slim.inputs.prebuilt import unpack
from lambda_slim.model.member import Member

parts = st.text(
    st.characters(codec="utf-8", exclude_characters="/\\\0:", exclude_categories=["Cs"]), min_size=1, max_size=8
)
names = st.lists(parts.filter(lambda part: part not in (".", "..")), min_size=1, max_size=3).map("/".join)
contents = st.binary(max_size=300) | st.builds(
    lambda data, n: data * n, st.binary(min_size=1, max_size=9), st.integers(1, 500)
)


def without_clashes(found):
    """No file where another has its folder; names that differ only in case are for the audit."""
    folders = {"/".join(name.split("/")[:end]) for name in found for end in range(1, name.count("/") + 1)}
    return {name: value for name, value in found.items() if name not in folders}


packages = st.dictionaries(names, st.tuples(contents, st.booleans()), max_size=8).map(without_clashes)


@pytest.fixture(autouse=True)
def _own_cache(tmp_path_factory, monkeypatch):
    monkeypatch.setenv("LAMBDA_SLIM_CACHE", str(tmp_path_factory.getbasetemp() / "cache"))


@settings(max_examples=60)
@given(packages, st.randoms(use_true_random=False))
def test_packing_loses_nothing_and_says_nothing_of_this_machine(package: dict, chance: random.Random):
    members = [Member(name, data, executable=executable) for name, (data, executable) in package.items()]
    shuffled = chance.sample(members, len(members))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        archive = write(members, folder / "one.zip")
        assert write(shuffled, folder / "other.zip").sha256 == archive.sha256
        assert (folder / "one.zip").read_bytes() == (folder / "other.zip").read_bytes()

        unpack(folder / "one.zip", folder / "inner")
        found = {
            path.relative_to(folder / "inner").as_posix(): (path.read_bytes(), bool(path.stat().st_mode & 0o111))
            for path in (folder / "inner").rglob("*")
            if path.is_file()
        }
        assert found == package

        with zipfile.ZipFile(folder / "one.zip") as file:
            infos = file.infolist()
        listed = [info.filename.encode() for info in infos]
        assert listed == sorted(listed)
        assert {info.date_time for info in infos} <= {(1980, 1, 1, 0, 0, 0)}
        assert {info.external_attr >> 16 for info in infos} <= {0o100644, 0o100755}
        assert not any(info.extra for info in infos)
        assert sum(size for size, _ in archive.members.values()) == archive.unzipped
