"""What pdm.lock says."""

import tomllib

import pytest

from lambda_slim.formats.pdm import pdm_hashes, read_pdm_lock

PROJECT = """
[project]
name = "x"
version = "0"
requires-python = ">=3.10"
dependencies = ["alpha-one[more]>=1.0"]
[dependency-groups]
dev = ["delta"]
[tool.pdm]
distribution = false
[[tool.pdm.source]]
name = "private"
url = "http://127.0.0.1:8765/simple"
verify_ssl = false
"""
LOCK = """
[metadata]
lock_version = "4.5.0"
[[package]]
name = "alpha-one"
version = "1.0"
groups = ["default"]
dependencies = ["beta", "tomlish; python_version < '3.11'"]
files = [{file = "alpha_one-1.0-py3-none-any.whl", hash = "sha256:00"}]
[[package]]
name = "alpha-one"
version = "1.0"
extras = ["more"]
groups = ["default"]
dependencies = ["alpha-one==1.0", "gamma>=1"]
files = [{file = "alpha_one-1.0-py3-none-any.whl", hash = "sha256:00"}]
[[package]]
name = "beta"
version = "2.0"
marker = "python_version >= '3.9'"
files = [{url = "https://x.example/b.whl", hash = "sha256:11"}, {url = "https://x.example/b.zip", hash = "sha256:22"}]
[[package]]
name = "forked"
version = "1"
git = "https://example.org/forked.git"
revision = "abc123"
[[package]]
name = "common"
version = "1"
path = "./common"
"""


def test_the_lock(tmp_path):
    lock = read_pdm_lock(tomllib.loads(LOCK), tomllib.loads(PROJECT), tmp_path)

    assert [package.line for package in lock.packages] == [
        "alpha-one==1.0 --hash=sha256:00",
        "beta==2.0 --hash=sha256:11 --hash=sha256:22",
        "forked @ git+https://example.org/forked.git@abc123",
        f"common @ {(tmp_path / 'common').as_uri()}",
    ]
    assert lock.packages[0].requires == ("beta", "tomlish; python_version < '3.11'")
    assert lock.packages[0].extras == {"more": ("alpha-one==1.0", "gamma>=1")}
    assert lock.packages[1].marker == "python_version >= '3.9'"
    assert lock.roots == ("alpha-one[more]>=1.0",)
    assert (lock.common, lock.insecure) == (("private",), ("127.0.0.1:8765",))


def test_a_source_that_includes_a_package_is_its_index(tmp_path):
    project = tomllib.loads(PROJECT + 'include_packages = ["alpha*"]\n')
    lock = read_pdm_lock(tomllib.loads(LOCK), project, tmp_path)

    assert [package.index for package in lock.packages] == ["private", "", "", ""]
    assert lock.common == ()


def test_the_content_hash_is_pdm_s_own():
    """As PDM's own code computes it for this project."""
    project = tomllib.loads(PROJECT)
    said = "sha256:e5fd82f919caa1a507a6fdde71c616e9ede944ed00bb806823793cad3c07c5f8"

    assert said in pdm_hashes(project)
    project["project"]["version"] = "1"
    assert said in pdm_hashes(project)
    project["project"]["dependencies"] = []
    assert said not in pdm_hashes(project)


@pytest.mark.parametrize("broken", [{}, {"package": "x"}, {"package": [1, {"version": "1"}]}])
def test_a_lock_of_another_form_locks_nothing(tmp_path, broken):
    assert read_pdm_lock(broken, {}, tmp_path).packages == ()
