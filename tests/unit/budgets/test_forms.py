"""What of two packages is compared where modules ship as source, as bytecode, or both."""

from lambda_slim.budgets.forms import in_one_form
from lambda_slim.model.package_report import PackageReport
from lambda_slim.model.report import DistributionRow, FileRow, FunctionReport, Sizes

BESIDE = "shop/__pycache__/cart.cpython-312.pyc"
BUILT = PackageReport("out.zip", "", "", "beside", "safe", bytecode_bytes=50, bytecode_files=2)


def report(*rows, package=None):
    """A report of (path, bytes, decision) rows of one distribution."""
    files = tuple(FileRow(path, size, 0, "shop", "source", decision, "", "") for path, size, decision in rows)
    shop = DistributionRow("shop", "1", True, (), sum(row.bytes for row in files), 0, (), 0, len(files))
    sizes = Sizes(0, 0, 0)
    return FunctionReport(
        "F", "a.b", "python3.12", "x86_64", 128, sizes, distributions=(shop,), files=files, package=package
    )


def paths(side):
    return [row.path for row in side.report.files]


def test_of_a_package_that_was_not_built_all_files_count_whatever_a_build_would_do():
    full = report(("shop/cart.py", 100, "dropped"), (BESIDE, 7, "dropped"), ("shop/a.txt", 1, "kept"))

    side, _ = in_one_form(full, report())

    assert paths(side) == ["shop/cart.py", "shop/a.txt"]
    assert (side.aside, side.bytecode, side.compiled) == (7, 7, 1)
    assert side.report.distributions[0].own_bytes == 101


def test_of_a_built_package_only_what_ships_counts():
    built = report(("shop/cart.py", 100, "dropped"), (BESIDE, 7, "kept"), package=BUILT)

    side, _ = in_one_form(built, report())

    assert paths(side) == ["shop/cart.py", BESIDE]  # its source does not ship, so it is beside nothing
    assert (side.aside, side.bytecode, side.compiled) == (0, 50, 2)


def test_a_module_that_is_source_here_and_bytecode_there_is_compared_on_neither_side():
    source, compiled = report(("shop/cart.py", 100, "kept")), report(("shop/cart.pyc", 60, "kept"))

    first, second = in_one_form(source, compiled)

    assert (paths(first), first.aside, first.bytecode) == ([], 100, 0)
    assert (paths(second), second.aside, second.bytecode) == ([], 60, 60)


def test_bytecode_in_the_place_of_a_source_that_the_other_lacks_is_compared():
    first, _ = in_one_form(report(("shop/cart.pyc", 60, "kept")), report(("shop/other.py", 1, "kept")))

    assert (paths(first), first.aside, first.compiled) == (["shop/cart.pyc"], 0, 1)


def test_nothing_is_taken_off_where_one_of_two_packages_was_built_and_its_files_are_not_what_ships():
    built, plain = report(("shop/cart.py", 100, "kept"), package=BUILT), report(("shop/cart.pyc", 60, "kept"))

    for first, second in (in_one_form(built, plain), in_one_form(plain, built)):
        assert (first.aside, second.aside) == (0, 0)
        assert {first.report.distributions[0].own_bytes, second.report.distributions[0].own_bytes} == {60, 100}
