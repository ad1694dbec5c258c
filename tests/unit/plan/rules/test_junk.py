"""Nobody runs it."""

from pathlib import Path

import pytest

from lambda_slim.model.file import Inventory
from lambda_slim.model.settings import Level, Settings
from lambda_slim.model.trace import Trace
from lambda_slim.plan.evidence.junk_candidates import find_junk
from lambda_slim.plan.rules.junk import judge
from tests.unit.factory import facts, file


def verdict(path, owner="lib", *, others=(), reached=(), **more):
    files = [file(path, owner), *others]
    inventory = Inventory(tuple(files))
    found = judge(facts(files, reached, junk=find_junk(inventory), **more))(files[0])
    return found and (found.keep, found.rule)


def test_installer_files_go_and_metadata_is_not_judged():
    assert verdict("lib-1.dist-info/INSTALLER") == (False, "installer-files")
    assert verdict("lib-1.dist-info/METADATA") is None
    assert verdict("lib-1.dist-info/entry_points.txt") is None


@pytest.mark.parametrize("path", ["other/lambda-slim.lock", "lambda-slim.toml", "a/.lambda-slim-before/kept/b.zip"])
def test_our_own_files_go_in_every_folder(path):
    assert verdict(path, "") == (False, "automation")


def test_suites_go_only_where_nothing_imports_them():
    assert verdict("lib/tests/test_a.py") == (False, "test-suites")
    assert verdict("lib/tests/_natype.py", reached=["lib/tests/_natype.py"]) == (True, "in-use")


def test_at_level_trace_what_was_seen_counts_and_not_what_is_imported():
    suite, own = "lib/tests/_natype.py", "tests/helper.py"
    deep = {"settings": Settings(root=Path("/nowhere"), level=Level.TRACE), "trace": Trace()}

    assert verdict(suite, reached=[suite], **deep) is None
    assert verdict(own, "", reached=[own], **deep) == (True, "in-use")
    assert verdict("lib/tests/test_a.py", **deep) == (False, "test-suites")


def test_data_of_a_live_suite_stays():
    helper = file("lib/tests/helper.py", "lib")

    assert verdict("lib/tests/data.csv") == (False, "test-suites")
    assert verdict("lib/tests/data.csv", others=[helper], reached=["lib/tests/helper.py"]) == (True, "in-use")


def test_a_name_in_kept_code_saves_what_may_be_read():
    assert verdict("lib/helper.h") == (False, "c-sources")
    assert verdict("lib/helper.h", junk_names={"lib": frozenset({"helper.h"})}) == (True, "in-use")


def test_source_maps_stay_where_django_looks_for_what_stylesheets_name():
    storage = frozenset({"whitenoise.storage.CompressedManifestStaticFilesStorage"})

    assert verdict("lib/static/lib/a.css.map") == (False, "source-maps")
    assert verdict("lib/static/lib/a.css.map", literals=storage) == (True, "in-use")
    assert verdict("lib/a.pdb", literals=storage) == (False, "debug-symbols")


def test_first_party_files_that_the_function_does_not_read():
    assert verdict("template.yaml", "") == (False, "infrastructure")
    assert verdict("tests/test_app.py", "") == (False, "project-tests")
    assert verdict("template.yaml", "", literals=frozenset({"template.yaml"})) == (True, "in-use")
    assert verdict("env/__init__.py", "") is None


def test_sources_of_translations_go_where_what_is_compiled_of_them_lies_beside():
    path = "lib/locale/de/LC_MESSAGES/lib.po"
    compiled = file("lib/locale/de/LC_MESSAGES/lib.mo", "lib")

    assert verdict(path, others=[compiled]) == (False, "message-sources")
    assert verdict(path) is None
    assert verdict(path, others=[compiled], literals=frozenset({"locale/x.po"})) == (True, "in-use")
