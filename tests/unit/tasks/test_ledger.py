"""The figures of a package: parts add up to the whole, and nothing saves more than there is."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lambda_slim.base.shelf import Shelf
from lambda_slim.bundle.archive import END_BYTES, header_bytes, write
from lambda_slim.bundle.reading import MOST_READ
from lambda_slim.formats.deflation import USUAL_LEVEL, deflate_level, deflated
from lambda_slim.inputs.file_kinds import kind_of
from lambda_slim.model.decision import Decision, Plan, Verdict
from lambda_slim.model.distribution import Distribution, Resolution
from lambda_slim.model.file import FIRST_PARTY, File, FileKind
from lambda_slim.model.function import Function
from lambda_slim.model.member import Member
from lambda_slim.model.report import ADDED
from lambda_slim.tasks.distribution_rows import distribution_rows
from lambda_slim.tasks.ledger import Shipped, full_package
from tests.unit.factory import TARGET

NAMES = st.sampled_from(["app", "lib", "dep", "other"])
PATHS = st.builds(
    lambda name, number, end: f"{name}/m{number}{end}",
    NAMES,
    st.integers(0, 9),
    st.sampled_from([".py", ".so", ".json"]),
)
CONTENTS = st.dictionaries(PATHS, st.binary(max_size=300), min_size=1, max_size=12)
TREE = (
    Distribution("lib", "1", ("dep",), direct=True),
    Distribution("dep", "1"),
    Distribution("other", "2", direct=True),
)
OWN = Function("F", "app.handler", Path("/nowhere"), TARGET)


def owner(path):
    name = path.partition("/")[0]
    return FIRST_PARTY if name == "app" else name


@pytest.fixture(scope="module")
def packed(tmp_path_factory):
    """A zip of some files, some of them compiled in place, with a member that is of no file."""

    def make(contents, compiled=()):
        folder = tmp_path_factory.mktemp("zip")
        files, members = [], [Member("guard.pth", b"import sys")]
        for path, data in sorted(contents.items()):
            place = folder / path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(data)
            files.append(File(path, place, len(data), owner(path), kind_of(path)))
            end = "c" if path in compiled else ""
            members.append(Member(path + end, data * 2 if end else data, origin=path))
        archive = write(members, folder / "out.zip")
        plan = Plan(tuple(Decision(file, Verdict(True, "default", "")) for file in files))
        return Shipped(archive, {member.name: member.origin or member.name for member in members}), plan, members

    return make


@settings(max_examples=25)
@given(CONTENTS, st.sets(NAMES))
def test_distributions_and_kinds_add_up_to_the_package(packed, contents, names):
    compiled = {path for path in contents if path.endswith(".py") and path.partition("/")[0] in names}
    shipped, plan, _ = packed(contents, compiled)
    rows = distribution_rows(Resolution(None, TREE, "key"), plan, shipped.unzipped(), shipped.zipped())

    assert sum(row.own_bytes for row in rows) == shipped.sizes.unzipped_bytes
    assert (
        sum(row.zipped_bytes for row in rows) + END_BYTES
        == shipped.sizes.zipped_bytes
        == shipped.archive.path.stat().st_size
    )
    assert sum(row.files for row in rows) == len(contents) + 1 == shipped.sizes.files
    sizes = [size for _, size in shipped.by_kind]
    assert sum(sizes) == shipped.sizes.unzipped_bytes
    assert sizes == sorted(sizes, reverse=True)
    assert shipped.bytecode.unzipped_bytes == dict(shipped.by_kind).get("bytecode", 0)
    assert all(row.freed_bytes <= shipped.sizes.unzipped_bytes for row in rows)
    assert [row.freed_bytes for row in rows if row.name == ADDED] == [0], "nobody can drop what lambda-slim adds"


def test_a_licence_that_ships_with_others_in_one_file_is_no_file_of_its_own(packed, tmp_path):
    _, plan, members = packed({"lib/a.py": b"x = 1\n", "lib/LICENSE": b"free"})
    together = [member for member in members if member.name != "lib/LICENSE"] + [Member("LICENSES", b"free")]
    shipped = Shipped(write(together, tmp_path / "out.zip"), {member.name: member.name for member in together})
    rows = distribution_rows(Resolution(None, TREE, "key"), plan, shipped.unzipped(), shipped.zipped())

    assert sum(row.files for row in rows) == shipped.sizes.files == len(together)


@settings(max_examples=25)
@given(CONTENTS, st.sets(PATHS))
def test_what_goes_with_some_files_is_never_more_than_the_package(packed, contents, paths):
    shipped, plan, members = packed(contents, {path for path in contents if path.endswith(".py")})
    gone, rest = shipped.without(paths), shipped.without({*contents, "guard.pth"} - paths)

    assert gone.unzipped_bytes + rest.unzipped_bytes == shipped.sizes.unzipped_bytes
    assert gone.zipped_bytes + rest.zipped_bytes + END_BYTES == shipped.sizes.zipped_bytes
    assert shipped.plain_zipped(plan, members, release=False) == packed(contents)[0].sizes.zipped_bytes


def test_the_full_package_is_the_same_for_every_run(packed, tmp_path, monkeypatch):
    monkeypatch.setenv("LAMBDA_SLIM_CACHE", str(tmp_path / "cache"))
    _, plan, _ = packed({"lib/a.py": b"x = 1\n" * 99, "app/b.py": b"y = 2\n"})
    files = [decision.file for decision in plan.decisions]
    resolution = Resolution(files[0].source.parents[1], TREE, "key")
    first = full_package(files, resolution, OWN)

    assert full_package(files, resolution, OWN) == first
    assert first.sizes.unzipped_bytes == sum(file.size for file in files)
    assert sum(first.zipped.values()) + END_BYTES == first.sizes.zipped_bytes
    more = replace(files[0], path="lib/later.py")
    assert full_package([*files, more], resolution, OWN).sizes.files == 3


def test_a_source_that_ships_beside_its_bytecode_is_not_counted_twice(packed, tmp_path):
    _, plan, members = packed({"lib/a.py": b"x = 1\n" * 99})
    bytecode = Member("lib/a.pyc", b"code", origin="lib/a.py")
    both = [*members, bytecode]
    shipped = Shipped(write(both, tmp_path / "both.zip"), {member.name: member.origin for member in both})

    alone = write(members, tmp_path / "alone.zip")
    assert shipped.plain_zipped(plan, both, release=False) == alone.zipped


def test_what_is_far_too_large_is_not_compressed(tmp_path):
    large = File("lib/a.bin", tmp_path / "not-read", MOST_READ + 1, "lib", FileKind.DATA)

    full = full_package([large], Resolution(None, (), ""), OWN)

    assert (full.sizes.unzipped_bytes, full.sizes.zipped_bytes) == (MOST_READ + 1, 0)
    assert full.zipped == {"lib/a.bin": 0}


def test_another_tool_s_zip_counts_as_it_is(packed, tmp_path):
    shipped, plan, _ = packed({"lib/a.py": b"x = 1\n" * 99})
    full = full_package(
        [decision.file for decision in plan.decisions],
        Resolution(None, (), ""),
        replace(OWN, artifact=Path(shipped.archive.path)),
    )

    assert full.sizes.zipped_bytes == shipped.archive.path.stat().st_size
    assert full.zipped["lib/a.py"] == shipped.zipped()["lib/a.py"]


@pytest.mark.parametrize(("size", "kept"), [(33 << 20, True), (1 << 20, False)])
def test_what_a_large_package_was_weighed_by_is_not_compressed_again(tmp_path, monkeypatch, size, kept):
    monkeypatch.setenv("LAMBDA_SLIM_CACHE", str(tmp_path / "cache"))
    data = b"text " * (size // 5 + 1)
    (tmp_path / "a.txt").write_bytes(data)
    file = File("a.txt", tmp_path / "a.txt", len(data), FIRST_PARTY, FileKind.DATA)

    usual = full_package([file], Resolution(None, (), "key"), OWN)

    shelf = Shelf("deflated")
    packed = shelf.find(shelf.key(b"libdeflate %d" % deflate_level(release=False, size=size), data))
    assert (packed is not None) is kept
    assert usual.zipped["a.txt"] == header_bytes("a.txt") + len(deflated(data, USUAL_LEVEL))
    if packed:
        assert len(packed) == usual.zipped["a.txt"] - header_bytes("a.txt")
