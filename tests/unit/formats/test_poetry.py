"""What Poetry's tables and its lock ask for."""

import tomllib

import pytest

from lambda_slim.formats.poetry import read_poetry, to_pep440

PROJECT = """
[tool.poetry.dependencies]
python = "^3.11"
Requests = {version = "^2.31", extras = ["socks", "security"]}
tomli = {version = "*", python = "<3.11"}
uvloop = {version = ">=0.17", markers = "sys_platform != 'win32'"}
forked = {git = "https://example.org/forked.git", tag = "v1"}
common = {path = "../common"}
heavy = {version = "*", optional = true}
several = [{version = "^1", python = "<3.12"}, {version = "^2", python = ">=3.12"}]
[tool.poetry.group.dev.dependencies]
pytest = "*"
"""
LOCK = """
[[package]]
name = "requests"
version = "2.32.0"
[[package]]
name = "urllib3"
version = "2.2.1"
[[package]]
name = "several"
version = "1.9"
markers = "python_version < \\"3.12\\""
[[package]]
name = "several"
version = "2.1"
markers = "python_version >= \\"3.12\\""
[[package]]
name = "odd"
version = "1"
[[package]]
name = "odd"
version = "2"
[[package]]
name = "forked"
version = "1"
[package.source]
type = "git"
url = "https://example.org/forked.git"
reference = "v1"
resolved_reference = "abc123"
"""


def test_without_a_lock_the_constraints_are_said_in_the_standard_way(tmp_path):
    found = read_poetry(tomllib.loads(PROJECT), None, tmp_path / "app")

    assert found.requirements == (
        "Requests[socks,security]>=2.31,<3",
        "tomli ; (python_version < '3.11')",
        "uvloop>=0.17 ; (sys_platform != 'win32')",
        "forked @ git+https://example.org/forked.git@v1",
        f"common @ {(tmp_path / 'common').as_uri()}",
        "several>=1,<2 ; (python_version < '3.12')",
        "several>=2,<3 ; (python_version >= '3.12')",
    )
    assert found.constraints == ()
    assert "heavy" not in found.names


def test_what_is_locked_is_asked_for_in_its_version(tmp_path):
    found = read_poetry(tomllib.loads(PROJECT), tomllib.loads(LOCK), tmp_path / "app")

    assert found.requirements[0] == "Requests[socks,security]"
    assert "forked @ git+https://example.org/forked.git@abc123" in found.requirements
    assert found.constraints == (
        "requests==2.32.0",
        "urllib3==2.2.1",
        'several==1.9 ; python_version < "3.12"',
        'several==2.1 ; python_version >= "3.12"',
    )


def test_a_project_that_says_it_in_the_standard_table_is_locked_too(tmp_path):
    project = {"project": {"dependencies": ["requests[socks] >=2", "urllib3"]}, "tool": {"poetry": {}}}
    found = read_poetry(project, tomllib.loads(LOCK), tmp_path)

    assert found.requirements == ("requests[socks] >=2", "urllib3")
    assert found.names == ("requests", "urllib3")
    assert "requests==2.32.0" in found.constraints


@pytest.mark.parametrize("broken", [{}, {"package": "x"}, {"package": [1, {"version": "1"}]}])
def test_a_lock_of_another_form_locks_nothing(tmp_path, broken):
    found = read_poetry({"tool": {"poetry": {"dependencies": {"a": "^1.0", "python": "*"}}}}, broken, tmp_path)
    assert (found.requirements, found.constraints) == (("a>=1.0,<2",), ())


@pytest.mark.parametrize(
    ("constraint", "standard"),
    [
        ("*", ""),
        ("1.4", "==1.4"),
        ("1.2.*", "==1.2.*"),
        ("^1.2.3", ">=1.2.3,<2"),
        ("^0.2.3", ">=0.2.3,<0.3"),
        ("^0.0.3", ">=0.0.3,<0.0.4"),
        ("^0", ">=0,<1"),
        ("~1.2.3", ">=1.2.3,<1.3"),
        ("~1", ">=1,<2"),
        ("~=1.4", "~=1.4"),
        (">= 1.0, < 3", ">=1.0,<3"),
        (">=1.0 <2.0 !=1.5", ">=1.0,<2.0,!=1.5"),
        ("=1.0", "==1.0"),
        ("^1 || ^2", ""),
        ("nonsense!", ""),
    ],
)
def test_constraints(constraint, standard):
    assert to_pep440(constraint) == standard
