"""Trees of a report: sums that hold, patterns that hit what they name."""

from dataclasses import replace

import pathspec
import pytest

from lambda_slim.model.report import FileRow
from lambda_slim.render.tui.exclude import add_exclusions, settings_place
from lambda_slim.render.tui.model import exclusion, find, size_tree, time_tree
from tests.unit.render.test_renderers import FUNCTION


def row(path, owner, size=10, decision="kept"):
    return FileRow(path, size, size // 2, owner, "data", decision, "default", "")


PATHS = {
    "google/protobuf/a.py": "protobuf",
    "google/rpc/b.py": "commons",
    "google/rpc/c.py": "protobuf",
    "numpy/core/d.so": "numpy",
    "numpy/e*.py": "numpy",
    "numpy.libs/f.so": "numpy",
    "numpy-2.dist-info/RECORD": "numpy",
    "top.py": "numpy",
    "app.py": "(project)",
}
TOP = size_tree(replace(FUNCTION, files=tuple(row(path, owner) for path, owner in PATHS.items())))


def test_sums_hold_at_every_level():
    for item in TOP.walk():
        if item.children:
            assert item.bytes == sum(child.bytes for child in item.children)
            assert item.files == sum(child.files for child in item.children)
    assert TOP.bytes == 10 * len(PATHS)


@pytest.mark.parametrize("item", list(TOP.walk()), ids=lambda item: item.path or item.name)
def test_an_exclusion_leaves_out_exactly_the_item(item):
    if item is TOP:
        return
    spec = pathspec.GitIgnoreSpec.from_lines(exclusion(item, TOP))

    assert {path for path in PATHS if spec.match_file(path)} == {one.path for one in item.walk() if one.file}


def test_a_distribution_is_few_patterns():
    numpy = next(item for item in TOP.children if item.name == "numpy")

    assert exclusion(numpy, TOP) == ("/numpy-2.dist-info/", "/numpy.libs/", "/numpy/", "/top.py")


def test_finding_is_without_case_and_in_order():
    assert [item.name for item in find(TOP, "NUMPY/")] == ["numpy/", "core/", "d.so", "e*.py"]


def test_the_time_tree_holds_every_import_and_call():
    top = time_tree(FUNCTION)

    assert [item.kind for item in top.walk()] == ["all", "module", "call", "module"]
    assert top.us == FUNCTION.imports.total_us


def test_settings_are_made_where_there_are_none(tmp_path):
    place = settings_place(tmp_path, None)
    add_exclusions(place, ["/a/"])
    add_exclusions(place, ["/b/"])

    assert place.name == "lambda-slim.toml"
    assert place.read_text() == 'exclude = ["/a/", "/b/"]\n'
    (tmp_path / "pyproject.toml").write_text("")
    assert settings_place(tmp_path, None).name == "pyproject.toml"


def test_a_link_stays_a_link(tmp_path):
    (tmp_path / "real.toml").write_text("level = 'safe'\n")
    (tmp_path / "lambda-slim.toml").symlink_to("real.toml")
    add_exclusions(tmp_path / "lambda-slim.toml", ["/a/"])

    assert (tmp_path / "lambda-slim.toml").is_symlink()
    assert (tmp_path / "real.toml").read_text() == "level = 'safe'\nexclude = [\"/a/\"]\n"
