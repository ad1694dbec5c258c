"""No import path from the handler leads there."""

from dataclasses import replace
from pathlib import Path

from lambda_slim.model.imports import Imports, Module
from lambda_slim.model.settings import Level, Settings
from lambda_slim.plan.rules.unreachable import judge, nearest
from tests.unit.factory import facts, file

REACH = Settings(root=Path("/nowhere"), level=Level.REACH)
FILES = [
    file("app.py"),
    file("words.txt"),
    file("lib/__init__.py", "lib"),
    file("lib/used.py", "lib"),
    file("lib/unused.py", "lib"),
    file("lib/table.json", "lib"),
    file("lib/templates/env.py", "lib"),
    file("lib/grammars/__init__.py", "lib"),
    file("lib/grammars/common.lark", "lib"),
    file("lib/extra/code.py", "lib"),
    file("lib/extra/__init__.py", "lib"),
    file("lib/extra/data.bin", "lib"),
    file("lib-1.dist-info/METADATA", "lib"),
    file("other/__init__.py", "other"),
    file("other/data.bin", "other"),
]


def verdicts(settings=REACH):
    judged = judge(facts(FILES, ["app.py", "lib/__init__.py", "lib/used.py"], settings=settings))
    return {one.path: found.keep if (found := judged(one)) else None for one in FILES}


def test_level_safe_has_no_opinion():
    assert set(verdicts(Settings(root=Path("/nowhere"), level=Level.SAFE)).values()) == {None}


def test_unreached_modules_go_and_reached_ones_stay():
    found = verdicts()

    assert found["lib/used.py"] is True
    assert found["lib/unused.py"] is False
    assert found["other/__init__.py"] is False


def test_data_goes_with_the_package_it_lies_in():
    found = verdicts()

    assert found["lib/table.json"] is None
    assert found["lib/extra/data.bin"] is False
    assert found["other/data.bin"] is False


def test_sources_in_a_plain_folder_of_a_package_are_data_of_it():
    assert verdicts()["lib/templates/env.py"] is None


def test_a_package_with_nothing_but_data_is_data_of_its_parent():
    found = verdicts()

    assert found["lib/grammars/__init__.py"] is None
    assert found["lib/grammars/common.lark"] is None


def test_a_namespace_folder_in_a_folder_of_programs_is_no_code():
    files = [
        *(file("lib/__init__.py", "lib"), file("lib/solvers/__init__.py", "lib")),
        *(file("lib/solvers/linux/i64/__init__.py", "lib"), file("lib/solvers/linux/i64/cbc", "lib")),
    ]
    found = facts(files, ["lib/__init__.py"], settings=REACH)
    namespace = Module("lib.solvers.linux", "lib/solvers/linux", package=True)
    judged = judge(replace(found, imports=Imports({**found.imports.modules, namespace.name: namespace}, {})))

    assert judged(files[-1]) is None


def test_metadata_and_the_projects_own_data_are_not_judged():
    found = verdicts()

    assert found["lib-1.dist-info/METADATA"] is None
    assert found["words.txt"] is None


def test_nearest_package():
    assert nearest("a/b/c/d.txt", {"a", "a/b"}) == "a/b"
    assert nearest("x/d.txt", {"a"}) == ""
