"""What the files of a project name, also those that no build reads."""

from pathlib import Path

import pytest

from lambda_slim.plan.starts.declarations import Mention, declarations


def mentioned(root: Path, name: str, text: str | bytes, *, read: str = "", source: str = ""):
    place = root / name
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(text if isinstance(text, bytes) else text.encode())
    return declarations(root / source, root, root / read if read else None)


@pytest.mark.parametrize(
    ("name", "text", "names"),
    [
        ("requirements.txt", "six==2\n\n# a comment\n-r other.txt\nPyYAML[x] >= 3 # why\n", ["six", "pyyaml"]),
        ("requirements/dev.in", "pytest\n", ["pytest"]),
        ("dependencies.txt", "Foo_Bar.Baz\n", ["foo-bar-baz"]),
        ("packages.txt", "  six\n", ["six"]),
        ("notes.txt", "requests\n", []),
        ("environment.yaml", "dependencies:\n  - conda-forge::numpy=1.2\n  - pip\n  - pip:\n    - six==1\n",
         ["numpy", "pip", "six"]),
        ("conda-dev.yml", "- a b\n- x>=1\n", ["x"]),
        ("setup.py", "setup(install_requires=['a>=1', \"b[x]\", 'c @ http://x', 'no good'])\n", ["a", "b", "c"]),
        ("setup.cfg", "[options]\ninstall_requires =\n    six\n    attrs >= 2\n    a b\nname\n", ["six", "attrs"]),
        ("Pipfile", "[packages]\nsix = '*'\n[dev-packages]\npytest = '*'\n[requires]\nx = '1'\n", ["six", "pytest"]),
        ("pyproject.toml", "[project\n", []),
        ("requirements.txt", "\ufeffrequests\n".encode("utf-16-le"), ["requests"]),
        ("requirements.txt", b"\xef\xbb\xbfrequests\n", ["requests"]),
        ("requirements.txt", b"six\n" + b"#" * 999_996, ["six"]),
        ("requirements.txt", b"six\n" + b"#" * 999_997, []),  # over a megabyte: nobody wrote that by hand
    ],
)  # fmt: skip
def test_what_a_file_names(tmp_path, name, text, names):
    assert [row.name for row in mentioned(tmp_path, name, text)] == names


def test_a_mention_says_where_it_stands(tmp_path):
    assert mentioned(tmp_path, "requirements.txt", "six\nx; python_version < '3'\n", read="requirements.txt") == (
        Mention("six", "requirements.txt", 1, read=True),
        Mention("x", "requirements.txt", 2, marker="python_version < '3'", read=True),
    )


PYPROJECT = """
[project]
name = "My.App"
dependencies = ["six", 3]
optional-dependencies = {web = ["flask"]}
[dependency-groups]
dev = ["pytest", {include-group = "x"}]
[tool.uv]
dev-dependencies = ["ruff"]
[tool.pdm.dev-dependencies]
test = ["tox"]
[tool.poetry]
dependencies = {python = "3", attrs = "*"}
dev-dependencies = {mypy = "*"}
group = {docs = {dependencies = {sphinx = "*"}}, odd = 3}
"""


def test_the_groups_of_a_project_file(tmp_path):
    rows = mentioned(tmp_path, "pyproject.toml", PYPROJECT)

    assert [(row.name, row.group, row.project) for row in rows] == [
        ("my-app", "", "itself"),
        ("six", "", "dependency"),
        ("python", "", "dependency"),
        ("attrs", "", "dependency"),
        ("pytest", "the group dev", "dependency"),
        ("flask", "the extra web", "dependency"),
        ("ruff", "the group dev", "dependency"),
        ("mypy", "the group dev", "dependency"),
        ("sphinx", "the group docs", "dependency"),
        ("tox", "the group test", "dependency"),
    ]
    assert [row.line for row in rows][:2] == [0, 4]


def test_the_name_of_a_poetry_project_is_its_own_too(tmp_path):
    (row,) = mentioned(tmp_path, "pyproject.toml", "[tool.poetry]\nname = 'shop'\n")

    assert (row.name, row.project, row.read) == ("shop", "itself", False)


def test_sections_of_a_pipfile(tmp_path):
    rows = mentioned(tmp_path, "Pipfile", "[packages]\nsix = '*'\n[dev-packages]\npytest = '*'\n", read="Pipfile.lock")

    assert rows == (
        Mention("six", "Pipfile", 2, read=True, project="dependency"),
        Mention("pytest", "Pipfile", 4, "dev-packages", read=True, project="dependency"),
    )


@pytest.mark.parametrize(
    ("name", "read", "is_read"),
    [
        ("pyproject.toml", "uv.lock", True),  # the project file of the lock that is read
        ("pyproject.toml", "other/uv.lock", False),
        ("requirements.txt", "uv.lock", False),
        ("requirements.txt", "", False),
    ],
)
def test_what_a_build_reads(tmp_path, name, read, is_read):
    text = "[project]\ndependencies = ['six']\n" if name.endswith("toml") else "six\n"

    assert [row.read for row in mentioned(tmp_path, name, text, read=read)] == [is_read]


def test_folders_from_the_function_s_up_to_the_project_s(tmp_path):
    for place in ("requirements.txt", "project/requirements.txt", "project/a/b/requirements.txt"):
        mentioned(tmp_path, place, "six\n")
    project = tmp_path / "project"

    def files(source, root):
        return [row.file for row in declarations(source, root, None)]

    assert files(project / "a/b", project) == ["a/b/requirements.txt", "requirements.txt"]
    assert files(project, project) == ["requirements.txt"]
    assert files(project / "a/b", tmp_path / "elsewhere") == ["requirements.txt"]  # not below the project's folder
    (project / "a/b/.git").mkdir()
    assert files(project / "a/b", project) == ["a/b/requirements.txt"]  # a repository of its own


def test_at_most_four_folders_above_are_looked_into(tmp_path):
    mentioned(tmp_path, "requirements.txt", "six\n")

    def seen(depth):
        return bool(declarations(tmp_path.joinpath(*"abcdefg"[:depth]), tmp_path, None))

    assert (seen(4), seen(5)) == (True, False)
