"""Rows add up to the package."""

from lambda_slim.inputs.inventory import INSTALLER
from lambda_slim.model.decision import DEFAULT, Decision, Plan
from lambda_slim.model.distribution import Distribution, Resolution
from lambda_slim.model.import_report import ImportNode, ImportReport
from lambda_slim.model.member import Member
from lambda_slim.tasks.assemble import rule_rows
from lambda_slim.tasks.distribution_rows import distribution_rows
from lambda_slim.tasks.measure import at_sources
from tests.unit.factory import file


def test_what_an_installer_left_has_a_row_too():
    files = [file("app.py"), file("lib/a.py", "lib", 30), file(".lock", INSTALLER, 7)]
    plan = Plan(tuple(Decision(one, DEFAULT) for one in files))
    rows = distribution_rows(
        Resolution(None, (Distribution("lib", "1", direct=True),), "key"),
        plan,
        {one.path: one.size for one in files},
        {one.path: 5 for one in files},
    )

    assert [row.name for row in rows] == ["lib", INSTALLER, "(project)"]
    assert sum(row.own_bytes for row in rows) == sum(one.size for one in files)
    assert sum(row.zipped_bytes for row in rows) == 15
    assert sum(row.files for row in rows) == 3


def test_no_more_modules_are_loaded_than_shipped():
    files = [file("app.py"), file("six.py", "six"), file("lib/a.py", "lib")]
    nodes = (  # one file under two names, a module made of none, one that is gone
        ImportNode(0, "app", None, "(project)", "app.py", None, 1, 9),
        ImportNode(1, "six", 0, "six", "six.py", 1, 1, 1),
        ImportNode(2, "vendored.six", 0, "six", "six.py", 2, 1, 1),
        ImportNode(3, "six.moves", 0, "six", "", 3, 1, 1),
        ImportNode(4, "six.gone", 0, "six", "six/gone.py", 3, 1, 1),
    )
    installed = tuple(Distribution(name, "1", direct=True) for name in ("lib", "six"))
    rows = distribution_rows(
        Resolution(None, installed, "key"),
        Plan(tuple(Decision(each, DEFAULT) for each in files)),
        {each.path: each.size for each in files},
        {},
        ImportReport(1, 13, 0, 13, "pyc", "", 0, nodes),
    )

    assert {row.name: (row.modules_loaded, row.modules_shipped) for row in rows} == {
        "six": (1, 1),
        "lib": (0, 1),
        "(project)": (1, 1),
    }
    assert {row.name: row.import_self_us for row in rows}["six"] == 4


def test_a_module_that_ships_as_bytecode_counts_for_its_source():
    node = ImportNode(0, "lib.a", None, "lib", "lib/a.pyc", 1, 1, 1, importer="lib/__init__.pyc")
    members = [Member("lib/a.pyc", b"", origin="lib/a.py"), Member("lib/__init__.pyc", b"", origin="lib/__init__.py")]

    moved = at_sources(ImportReport(1, 1, 0, 1, "pyc", "", 0, (node,)), members).nodes[0]

    assert (moved.file, moved.importer) == ("lib/a.py", "lib/__init__.py")


def test_a_rule_with_many_reasons_is_told_by_what_they_share():
    rows = rule_rows(
        [
            ("services", "data of AWS service `ec2`", 9),
            ("services", "data of AWS service `s3`", 1),
            ("recipe:lib", "examples", 1),
            ("recipe:lib", "samples", 3),
            ("type-stubs", "a stub", 2),
        ]
    )

    assert [(row.rule, row.why, row.bytes) for row in rows] == [
        ("services", "data of AWS services that no shipped code names", 10),
        ("recipe:lib", "samples", 4),
        ("type-stubs", "a stub", 2),
    ]
