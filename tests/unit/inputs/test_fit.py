"""Does a lock fit its project?"""

import tomllib

import pytest

from lambda_slim.inputs.closure import marker_environment
from lambda_slim.inputs.fit import compiled_from, unmet, uv_misfit
from lambda_slim.model.locked import LockedPackage
from tests.unit.factory import TARGET

ENVIRONMENT = marker_environment(TARGET)
PROJECT = """
[project]
name = "x"
version = "0"
requires-python = ">=3.12"
dependencies = ["requests[socks]>=2.31", "Jinja2 ; python_version < '3.14'", "ours"]
[project.optional-dependencies]
more = ["attrs"]
[tool.uv]
constraint-dependencies = ["six<2"]
[tool.uv.sources]
ours = { index = "private" }
[[tool.uv.index]]
name = "private"
url = "https://packages.example/simple/"
"""
LOCK = """
version = 1
[manifest]
constraints = [{ name = "six", specifier = "<2" }]
[[package]]
name = "x"
version = "0"
source = { virtual = "." }
[package.metadata]
requires-dist = [
    { name = "attrs", marker = "extra == 'more'" },
    { name = "jinja2", marker = "python_full_version < '3.14'" },
    { name = "ours", index = "https://packages.example/simple/" },
    { name = "requests", extras = ["socks"], specifier = ">=2.31" },
]
"""


def why(tmp_path, project=PROJECT, lock=LOCK):
    (tmp_path / "pyproject.toml").write_text(project)
    return uv_misfit(tomllib.loads(lock), tmp_path, lambda path: tomllib.loads(path.read_text()), ENVIRONMENT)


def test_a_lock_of_uv_that_fits(tmp_path):
    assert why(tmp_path) == ""


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ('"ours"]', '"ours", "flask"]', "flask is required and not locked"),
        (', "ours"]', "]", "ours from https://packages.example/simple is locked and no longer required"),
        (">=2.31", ">=2.32", "requests[socks]>=2.32 is required and not locked"),
        ("requests[socks]", "requests", "requests>=2.31 is required and not locked"),
        ("python_version < '3.14'", "python_version > '3.14'", "jinja2 is locked and no longer required"),
        ('ours = { index = "private" }', "", "ours is required and not locked"),
        ("packages.example", "other.example", "ours from https://other.example/simple is required and not locked"),
        ('{ index = "private" }', '{ path = "../ours" }', "ours from ../ours is required and not locked"),
        ("six<2", "six<1.17", "`constraint-dependencies` has changed: six<1.17"),
    ],
)
def test_a_lock_of_uv_that_does_not(tmp_path, before, after, told):
    assert before in PROJECT
    assert why(tmp_path, PROJECT.replace(before, after)) == told


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('more = ["attrs"]', 'more = ["attrs>1"]'),
        ('name = "x"', 'name = "y"'),
        (">=2.31", " >= 2.31"),
        ("Jinja2", "jinja2"),
        ('dependencies = ["requests', 'dynamic = ["dependencies"]\nothers = ["requests'),
    ],
)
def test_what_does_not_ship_or_says_the_same_is_no_misfit(tmp_path, before, after):
    assert why(tmp_path, PROJECT.replace(before, after)) == ""


def test_members_of_a_workspace_are_looked_at(tmp_path):
    (tmp_path / "lib").mkdir()
    (tmp_path / "lib/pyproject.toml").write_text('[project]\nname = "lib"\ndependencies = ["six"]\n')
    lock = LOCK + '[[package]]\nname = "lib"\nsource = { editable = "lib" }\n'

    assert why(tmp_path, lock=lock) == "six is required and not locked"


@pytest.mark.parametrize(
    ("said", "locked", "told"),
    [
        ('git = "https://g.example/x.git", tag = "v1"', 'git = "https://g.example/x.git?tag=v1"', ""),
        ('git = "https://me@g.example/x", rev = "a"', 'git = "https://g.example/x?rev=a"', ""),
        (
            'git = "https://g.example/x", tag = "v2"',
            'git = "https://g.example/x?tag=v1"',
            "git https://g.example/x?tag=v2",
        ),
        ('git = "https://h.example/x"', 'git = "https://g.example/x"', "git https://h.example/x"),
        ('path = "./lib", editable = true', 'editable = "lib"', ""),
        ('path = "lib2"', 'directory = "lib"', "lib2"),
        ('url = "https://g.example/b.whl"', 'url = "https://g.example/a.whl"', "url https://g.example/b.whl"),
        ("workspace = true", 'editable = "libs/ours"', ""),
        ("workspace = true", 'index = "https://packages.example/simple/"', "a place of its own"),
    ],
)
def test_the_place_of_a_requirement_is_the_lock_s(tmp_path, said, locked, told):
    project = PROJECT.replace('index = "private"', said)
    lock = LOCK.replace('index = "https://packages.example/simple/"', locked)

    assert why(tmp_path, project, lock) == (told and f"ours from {told} is required and not locked")


def test_sources_of_a_workspace_hold_for_its_members(tmp_path):
    (tmp_path / "fn").mkdir()
    (tmp_path / "fn/pyproject.toml").write_text('[project]\nname = "fn"\ndependencies = ["ours"]\n')
    row = '[package.metadata]\nrequires-dist = [{ name = "ours", index = "https://packages.example/simple/" }]\n'

    assert why(tmp_path, lock=LOCK + f'[[package]]\nname = "fn"\nsource = {{ editable = "fn" }}\n{row}') == ""


def test_what_is_required_and_not_locked():
    packages = [LockedPackage("six", "1.16"), LockedPackage("attrs", "")]
    wanted = ["six>=1", "Attrs>99", "flask", "six>=2", "tomli; python_version < '3.11'"]

    assert unmet(wanted, packages, ENVIRONMENT) == (
        "flask is required and not locked",
        "six>=2 is required and 1.16 is locked",
    )


@pytest.mark.parametrize(
    ("head", "names"),
    [
        ("#    uv pip compile requirements.in -o requirements.txt\n", ["requirements.in"]),
        ("#    pip-compile --output-file=requirements.txt pyproject.toml\n", ["pyproject.toml"]),
        ("#    pip-compile --generate-hashes base.in -c more.in\n", ["base.in"]),
        ("#    uv export --format requirements-txt\n", ["pyproject.toml"]),
        ("#    uv pip compile gone.in -o requirements.txt\n", []),
        ("six==1.16.0\n    # via -r requirements.in\n", ["requirements.in"]),
        ("# written by hand\nsix==1.16.0\n", []),
    ],
)
def test_what_a_requirements_file_was_compiled_from(tmp_path, head, names):
    for name in ("requirements.in", "base.in", "more.in", "pyproject.toml"):
        (tmp_path / name).touch()

    assert [path.name for path in compiled_from(head, tmp_path)[0]] == names


MEMBERS = """
version = 1
requires-python = ">=3.11, <3.14"
[manifest]
members = ["a", "root"]
[[package]]
name = "a"
version = "1"
source = { virtual = "packages/a" }
[[package]]
name = "root"
version = "1"
source = { virtual = "." }
"""
ROOT = """
[project]
name = "root"
version = "2"
requires-python = "%s"
[tool.uv.workspace]
members = ["packages/*"]
exclude = ["packages/old*"]
"""


def write_member(tmp_path, name, python='requires-python = ">=3.10"'):
    (place := tmp_path / "packages" / name).mkdir(parents=True)
    (place / "pyproject.toml").write_text(f'[project]\nname = "{name}"\nversion = "1"\n{python}\n')


@pytest.mark.parametrize(
    ("python", "told"),
    [
        (">=3.11,<3.14", ""),
        (">=3.11, !=3.14.*, <3.15", ""),
        (">=3.12", "requires-python is >=3.10, >=3.12, and the lock is for >=3.11, <3.14"),
        (">=3.11.4,<3.14", "requires-python is >=3.10, >=3.11.4,<3.14, and the lock is for >=3.11, <3.14"),
        ("3.11 or so", ""),  # another error
    ],
)
def test_a_lock_is_for_the_versions_of_python_that_all_members_allow(tmp_path, python, told):
    write_member(tmp_path, "a")

    assert why(tmp_path, ROOT % python, MEMBERS) == told


def test_a_member_more_is_told_and_one_that_is_excluded_or_not_at_hand_is_not(tmp_path):
    write_member(tmp_path, "old-one")
    (tmp_path / "packages" / "notes").mkdir()
    assert why(tmp_path, ROOT % ">=3.13", MEMBERS) == ""  # `packages/a` is not at hand, so nothing is known of Python

    write_member(tmp_path, "b")
    assert why(tmp_path, ROOT % ">=3.11,<3.14", MEMBERS) == "b is a member of the workspace and not locked"
