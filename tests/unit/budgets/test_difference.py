"""What is different between two packages of a function."""

from dataclasses import replace

import pytest

from lambda_slim.budgets.difference import (
    FileChange,
    PackageDifference,
    changes,
    compare,
    entry_of,
    explained,
    with_cause,
)
from lambda_slim.budgets.lock import make_entry
from lambda_slim.model.import_report import ImportReport
from lambda_slim.model.package_report import PackageReport
from lambda_slim.model.report import DistributionRow, FileRow, FunctionReport, Sizes

WHOLE = Sizes(100, 50, 3)


def dist(name, own=10, version="1", *, files=1, direct=False, by=(), where=""):
    return DistributionRow(name, version, direct, by, own, own, (), own, files, where=where)


def shipped(path, size, decision="kept", owner="lib"):
    return FileRow(path, size, size, owner, "data", decision, "default", "")


def report(name="f", *, before=WHOLE, after=None, **more):
    return FunctionReport(name, "a.b", "python3.12", "x86_64", 128, before, after, **more)


def measured(total_us):
    return ImportReport(1, total_us, 0, 0, "pyc", "own client", 0, ())


BUILT = PackageReport("x.zip", "a" * 64, "b", "all", "reach")


# what came, went and changed


def test_distributions_that_came_went_and_changed_most_bytes_first():
    before = make_entry(10_000, 1, 1, {"gone": ("1", 3000), "same": ("1", 50), "up": ("1", 100), "grown": ("1", 7)}, [])
    after = make_entry(9_000, 1, 1, {"new": ("2", 2048), "same": ("1", 50), "up": ("2", 100), "grown": ("1", 9)}, [])

    assert changes(after, before) == (
        "− gone 1   −2.9 KiB",
        "+ new 2   +2.0 KiB",
        "~ grown 1   +2 B",
        "~ up 1 → 2   +0 B",
    )


def test_an_empty_distribution_that_came_or_stays():
    before, after = (
        make_entry(0, 0, 0, {"stays": ("1", 0)}, []),
        make_entry(0, 0, 0, {"stays": ("1", 0), "new": ("1", 0)}, []),
    )

    assert changes(after, before) == ("+ new 1   +0 B",)
    assert changes(before, after) == ("− new 1   +0 B",)


@pytest.mark.parametrize(
    ("more", "told"),
    [
        (1023, ()),
        (1024, ("~ your own files and notices   +1.0 KiB",)),
        (-1024, ("~ your own files and notices   −1.0 KiB",)),
        (-1023, ()),
    ],
)
def test_own_files_from_a_kilobyte_on(more, told):
    before, after = (
        make_entry(5000, 1, 1, {"lib": ("1", 100)}, []),
        make_entry(5000 + more, 1, 1, {"lib": ("1", 100)}, []),
    )

    assert changes(after, before) == told


def test_modules_at_init_come_after_what_has_bytes():
    before = make_entry(0, 0, 0, {}, ["a", "a.x", "a.y", "b"])
    after = make_entry(0, 0, 0, {"lib": ("1", 1)}, ["a", "c", "c.x"])

    assert changes(after, before) == (
        "+ lib 1   +1 B",
        "+ 2 modules of `c` at INIT",
        "− 2 modules of `a` at INIT",
        "− 1 module of `b` at INIT",
    )


def test_other_modules_at_init_as_many_as_before():
    before, after = (make_entry(0, 0, 0, {}, ["a", f"a.{name}"]) for name in "xy")

    assert changes(after, before) == ("~ other modules at INIT, as many as before",)
    assert changes(after, after) == ()
    assert changes(make_entry(0, 0, 0, {}, ["a", "b"]), before) == (
        "+ 1 module of `b` at INIT",
        "− 1 module of `a` at INIT",
    )


# with the requirement that brought it


def test_a_change_names_the_chain_and_the_line():
    rows = [
        dist("top", direct=True, where="requirements.txt:4"),
        dist("mid", by=("absent", "top")),
        dist("low", by=("mid",)),
    ]

    assert with_cause("+ low 2   +1 B", rows) == "+ low 2   +1 B   top → mid → low (requirements.txt:4)"
    assert with_cause("~ top 2   +1 B", rows) == "~ top 2   +1 B   top (requirements.txt:4)"
    assert with_cause("− low 2   −1 B", rows) == "− low 2   −1 B"
    assert with_cause("+ other 2   +1 B", rows) == "+ other 2   +1 B"
    assert with_cause("+ alone 1   +1 B", [dist("alone", direct=True)]) == "+ alone 1   +1 B"
    assert with_cause("+ low 1   +1 B", [dist("low", by=("gone",))]) == "+ low 1   +1 B"


def test_a_change_at_init_names_the_distribution_of_the_package():
    now = report(
        distributions=(dist("pyyaml", direct=True, where="r.txt:1"),),
        files=(shipped("yaml/__init__.py", 5, owner="pyyaml"), shipped("six.py", 5, owner="six")),
    )
    before, after = make_entry(0, 0, 0, {}, []), make_entry(0, 0, 0, {}, ["yaml", "six"])

    assert explained(now, after, before) == (
        "+ 1 module of `six` at INIT",
        "+ 1 module of `yaml` at INIT   pyyaml (r.txt:1)",
    )


# two sides


def test_functions_are_compared_by_name_and_a_single_one_whatever_its_name():
    a, b = report("a"), report("b", before=Sizes(7, 7, 7))

    (only,) = compare([a], [b])
    assert (only.name, only.before, only.after) == ("b", a.before, b.before)
    assert compare([a], [a, b]) == (
        PackageDifference("a", a.before, a.before),
        PackageDifference("b", None, b.before),
    )
    assert compare([b, a], [a]) == (
        PackageDifference("a", a.before, a.before),
        PackageDifference("b", b.before, None),
    )
    assert compare([a, b], [a, b])[1] == PackageDifference("b", b.before, b.before)


def test_what_was_built_is_compared_where_it_was():
    old, new = report(after=Sizes(10, 5, 1)), report(after=Sizes(20, 9, 2))

    (only,) = compare([old], [new])
    assert (only.before, only.after) == (Sizes(10, 5, 1), Sizes(20, 9, 2))


def test_files_that_ship_most_bytes_first():
    old = report(
        files=(shipped("same", 5), shipped("gone", 30), shipped("less", 9), shipped("out", 9, "dropped")), package=BUILT
    )
    new = report(
        files=(shipped("same", 5), shipped("new", 20), shipped("less", 7), shipped("out", 1, "dropped")), package=BUILT
    )

    (only,) = compare([old], [new])
    assert only.files == (FileChange("gone", 30, None), FileChange("new", None, 20), FileChange("less", 9, 7))
    assert [change.delta for change in only.files] == [-30, 20, -2]
    whole = [replace(one, package=None) for one in (old, new)]
    assert FileChange("out", 9, 1) in compare(whole[:1], whole[1:])[0].files


def test_init_is_compared_where_both_sides_know_it():
    known = report(init_modules=("a", "b"), imports=measured(70))
    less = replace(known, init_modules=("a",), imports=measured(50))
    unknown = report()

    (only,) = compare([known], [less])
    assert (only.changed, only.import_us) == (("− 1 module of `b` at INIT",), (70, 50))
    assert (compare([known], [unknown])[0].changed, compare([known], [unknown])[0].import_us) == ((), None)
    assert (compare([unknown], [known])[0].changed, compare([unknown], [known])[0].import_us) == ((), None)


def test_what_is_locked_of_a_package():
    rows = (dist("lib", 40, "2"), dist("empty", 0, files=0), dist("own", 5, version=""))
    built = report(after=Sizes(10, 5, 1), distributions=rows, init_modules=("app", "lib", "lib.a"), package=BUILT)

    entry = entry_of(built)
    assert (entry.unzipped, entry.zipped, entry.files) == (10, 5, 1)
    assert dict(entry.distributions) == {"lib": ("2", 40)}
    assert (dict(entry.init_modules), entry.modules, entry.bytecode) == ({"app": 1, "lib": 2}, 3, "all")
    assert entry_of(report()).unzipped == 100
    assert entry_of(report()).bytecode == ""


SOURCE = (shipped("lib/a.py", 100),)
BESIDE = (*SOURCE, shipped("lib/__pycache__/a.cpython-312.pyc", 150))
IN_PLACE = (shipped("lib/a.pyc", 140),)


@pytest.mark.parametrize(("old", "new"), [(SOURCE, BESIDE), (BESIDE, SOURCE), (SOURCE, IN_PLACE), (IN_PLACE, BESIDE)])
def test_a_module_is_the_same_in_every_form(old, new):
    sides = []
    for rows in (old, new):
        size = sum(row.bytes for row in rows)
        sides.append(report(before=Sizes(size, 9, len(rows)), files=rows, distributions=(dist("lib", size),)))

    (only,) = compare(sides[:1], sides[1:])

    assert (only.files, only.changed) == ((), ())
    assert only.bytecode == tuple(sum(row.bytes for row in rows if row.path.endswith("c")) for rows in (old, new))
    assert only.before.unzipped_bytes == sides[0].before.unzipped_bytes


def test_bytecode_in_place_of_source_is_compared_with_its_like():
    other, sole = shipped("lib/a.pyc", 160), shipped("lib/b.pyc", 7)

    (only,) = compare([report(files=IN_PLACE)], [report(files=(other, sole))])

    assert only.files == (FileChange("lib/a.pyc", 140, 160), FileChange("lib/b.pyc", None, 7))
    assert (only.bytecode, only.compiled) == ((140, 167), (1, 2))


@pytest.mark.parametrize(("before", "after", "kind"), [(None, 1, "added"), (1, None, "removed"), (1, 2, "changed")])
def test_what_became_of_a_file(before, after, kind):
    assert FileChange("a.py", before, after).kind == kind
