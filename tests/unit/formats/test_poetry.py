"""What Poetry's tables and its lock ask for."""

import tomllib

import pytest

from lambda_slim.formats.poetry import content_hashes, read_poetry, read_poetry_lock, to_pep440

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
files = [{file = "a.whl", hash = "sha256:00"}, {file = "b.tar.gz", hash = "sha256:11"}]
[package.dependencies]
urllib3 = ">=1.21,<3"
PySocks = {version = ">=1.5.6,!=1.5.7", optional = true}
[package.extras]
socks = ["PySocks (>=1.5.6,!=1.5.7)"]
[[package]]
name = "urllib3"
version = "2.2.1"
[package.source]
type = "legacy"
url = "https://packages.example/simple"
reference = "private"
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
    found = read_poetry(tomllib.loads(PROJECT), tmp_path / "app")

    assert found.requirements == (
        "Requests[socks,security]>=2.31,<3",
        "tomli ; (python_version < '3.11')",
        "uvloop>=0.17 ; (sys_platform != 'win32')",
        "forked @ git+https://example.org/forked.git@v1",
        f"common @ {(tmp_path / 'common').as_uri()}",
        "several>=1,<2 ; (python_version < '3.12')",
        "several>=2,<3 ; (python_version >= '3.12')",
    )
    assert "heavy" not in found.names


def test_what_is_locked_is_asked_for_in_its_version_with_its_hashes(tmp_path):
    lock = read_poetry_lock(tomllib.loads(LOCK), ("requests",), tmp_path / "app")

    assert [package.line for package in lock.packages] == [
        "requests==2.32.0 --hash=sha256:00 --hash=sha256:11",
        "urllib3==2.2.1",
        "several==1.9",
        "several==2.1",
        "odd==1",
        "odd==2",
        "forked @ git+https://example.org/forked.git@abc123",
    ]
    assert lock.packages[2].marker == 'python_version < "3.12"'
    assert lock.packages[0].requires == ("urllib3>=1.21,<3",)
    assert lock.packages[0].extras == {"socks": ("PySocks (>=1.5.6,!=1.5.7)",)}
    assert lock.roots == ("requests",)


def test_the_index_of_a_package_is_kept(tmp_path):
    lock = read_poetry_lock(tomllib.loads(LOCK), (), tmp_path)

    assert [package.index for package in lock.packages if package.name in ("urllib3", "odd")] == ["private", "", ""]
    assert lock.indexes == {"private": "https://packages.example/simple"}


@pytest.mark.parametrize(
    "metadata",
    [
        {"files": {"six": [{"file": "six.whl", "hash": "sha256:ab"}]}},
        {"hashes": {"six": ["ab"]}},
    ],
)
def test_hashes_where_older_versions_of_poetry_have_them(tmp_path, metadata):
    lock = {"package": [{"name": "six", "version": "1"}], "metadata": metadata}

    assert read_poetry_lock(lock, (), tmp_path).packages[0].hashes == ("sha256:ab",)


def test_the_content_hash_is_poetry_s_own():
    """As Poetry 2.5.1 wrote it for this project."""
    project = tomllib.loads(
        """
[tool.poetry]
name = "x"
version = "0"
package-mode = false
[[tool.poetry.source]]
name = "private"
url = "http://127.0.0.1:8765/simple"
priority = "primary"
[tool.poetry.dependencies]
python = "^3.11"
alpha-one = {version = "^1.0", extras = ["more"]}
[tool.poetry.group.dev.dependencies]
delta = "*"
"""
    )

    assert "6d3b198a2184fe45201d16c7eb2fa96ba8eaea8c1d6b8b2efd68690a6b81c7a7" in content_hashes(project)
    project["tool"]["poetry"]["name"] = "y"
    assert "6d3b198a2184fe45201d16c7eb2fa96ba8eaea8c1d6b8b2efd68690a6b81c7a7" in content_hashes(project)
    project["tool"]["poetry"]["dependencies"]["six"] = "*"
    assert "6d3b198a2184fe45201d16c7eb2fa96ba8eaea8c1d6b8b2efd68690a6b81c7a7" not in content_hashes(project)


def test_a_project_that_says_it_in_the_standard_table(tmp_path):
    project = {"project": {"dependencies": ["requests[socks] >=2", "urllib3"]}, "tool": {"poetry": {}}}
    wanted = read_poetry(project, tmp_path)

    assert wanted.requirements == ("requests[socks] >=2", "urllib3")
    assert wanted.names == ("requests", "urllib3")


@pytest.mark.parametrize("broken", [{}, {"package": "x"}, {"package": [1, {"version": "1"}]}])
def test_a_lock_of_another_form_locks_nothing(tmp_path, broken):
    assert read_poetry_lock(broken, (), tmp_path).packages == ()


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
