"""What relative names in modules mean, and the folders above a path."""

import pytest

from lambda_slim.base.dotted import absolute_name
from lambda_slim.base.package_paths import folders, folders_of, nearest


@pytest.mark.parametrize(
    ("module", "package", "level", "name", "expected"),
    [
        ("a.b.c", False, 0, "x.y", "x.y"),
        ("a.b.c", False, 1, "x", "a.b.x"),
        ("a.b.c", False, 1, None, "a.b"),
        ("a.b.c", False, 3, "x", ""),
        ("a.b.c", True, 1, "x", "a.b.c.x"),
        ("a.b.c", True, 3, "", "a"),
        ("a.b.c", True, 4, "x", ""),
        ("app", False, 1, "x", ""),
        ("app", True, 1, None, "app"),
        ("app", False, 0, None, ""),
    ],
)
def test_the_absolute_form_of_a_name(module, package, level, name, expected):
    assert absolute_name(module, level, name, package=package) == expected


def test_folders_above_a_path():
    assert folders("app.py") == []
    assert folders("a/b/c.py") == ["a", "a/b"]
    assert folders_of(["a/b/c.py", "x.py", "d/e.py"]) == {"a", "a/b", "d"}


@pytest.mark.parametrize(
    ("path", "expected"), [("a/b/c.py", "a/b"), ("a/x/c.py", "a"), ("a/b", "a"), ("x/b/c.py", ""), ("c.py", "")]
)
def test_the_nearest_folder(path, expected):
    assert nearest(path, {"a", "a/b"}) == expected
