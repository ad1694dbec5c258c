"""Hints: what lies nearest to a module that is missing."""

from dataclasses import replace

import pytest

from lambda_slim.knowledge.runtimes import runtimes
from lambda_slim.model.distribution import Distribution, Resolution
from lambda_slim.model.function import Function, Requirements, RequirementsKind
from lambda_slim.model.target import Target
from lambda_slim.plan.starts.nearest import Nearest


def nearest(root, files=None, *, read="", installed=(), python="3.12", artifact=False):
    root.mkdir(exist_ok=True)
    for name, text in (files or {}).items():
        (root / name).write_text(text)
    target = Target(runtimes()[f"python{python}"], "x86_64")
    function = Function("F", "app.handler", root, target, artifact=root if artifact else None)
    if read:
        function = replace(function, requirements=Requirements(RequirementsKind.REQUIREMENTS, root / read))
    resolution = Resolution(None, tuple(Distribution(name, "1") for name in installed), "key")
    return Nearest(function, resolution, root)


@pytest.mark.parametrize(
    ("name", "python", "hint"),
    [
        ("winreg", "3.12", "only Python for Windows has `winreg`; import it behind `if sys.platform == ...`"),
        ("tomllib", "3.10", "the standard library has it since Python 3.11; instead: tomli"),
        ("cgi", "3.13", "it left the standard library in Python 3.13; instead: legacy-cgi"),
        ("distutils.util", "3.12", "it left the standard library in Python 3.12; instead: setuptools"),
        ("os.paths", "3.12", "`os` has no such module; `from os import paths` imports what it has"),
    ],
)
def test_modules_of_the_standard_library(tmp_path, name, python, hint):
    assert nearest(tmp_path, python=python).hint(name).startswith(hint)


DEV = "[dependency-groups]\ndev = ['six']\n"


@pytest.mark.parametrize(
    ("files", "read", "hint"),
    [
        ({"requirements.txt": "six; python_version < '3'"}, "requirements.txt",
         "requirements.txt:1 asks for it only where `python_version < '3'`, which does not hold for the target"),
        ({"pyproject.toml": DEV}, "pyproject.toml",
         "pyproject.toml:2 declares it only in the group dev; move it to the dependencies that ship"),
        ({"pyproject.toml": "[project]\ndependencies = ['six']"}, "uv.lock",
         "pyproject.toml:2 declares it, but uv.lock does not have it; lock again"),
        ({"pyproject.toml": "[project]\ndependencies = ['six']"}, "sub/requirements.txt",
         "pyproject.toml:2 names it, but dependencies are read from requirements.txt"),
        ({"pyproject.toml": "[project]\ndependencies = ['six']"}, "",
         "pyproject.toml:2 names it, but dependencies are read from requirements.txt, pyproject.toml and locks"),
        ({"requirements-dev.txt": "six"}, "requirements.txt",
         "requirements-dev.txt:1 names it, but dependencies are read from requirements.txt"),
        ({"requirements-dev.txt": "six", "pyproject.toml": DEV}, "requirements.txt",
         "pyproject.toml:2 declares it only in the group dev"),
        ({"requirements-dev.txt": "six"}, "",
         ('requirements-dev.txt:1 names it, but dependencies are read from requirements.txt, pyproject.toml and locks; '
         'to read it, set requirements = "requirements-dev.txt" in [functions.F]')),
        ({"requirements-dev.txt": "six", "requirements.txt": "six"}, "requirements.txt",
         "requirements.txt:1 declares what may have it, and what was installed for that has no such module"),
        ({"requirments.txt": "six"}, "", 'requirments.txt:1 names it, but dependencies are read'),
        ({"Requirements.text": "six", "reqs.py": "six"}, "", "Requirements.text:1 names it, but dependencies are read"),
        ({"pyproject.toml": "[project]\nname = 'six'"}, "", "pyproject.toml names it, but dependencies are read from"),
    ],
)  # fmt: skip
def test_the_declaration_that_is_nearest_to_what_is_read(tmp_path, files, read, hint):
    assert nearest(tmp_path, files, read=read).hint("six").startswith(hint)


@pytest.mark.parametrize(("declared", "module"), [("six", "six.gone"), ("PyYAML", "yaml.gone")])
def test_a_distribution_that_is_installed_has_no_such_module(tmp_path, declared, module):
    hint = nearest(tmp_path, {"requirements.txt": declared}, read="requirements.txt", installed=[declared]).hint(module)

    assert "is installed in a version without it; pin one that has it, or change the import" in hint


@pytest.mark.parametrize(
    ("declared", "module"),
    [("PyYAML", "yaml"), ("psycopg2-binary", "psycopg2"), ("google-cloud-storage", "google.cloud.storage"),
     ("ruamel-yaml", "ruamel.yaml"), ("Six", "six"), ("six", "six.moves")],
)  # fmt: skip
def test_a_module_is_declared_by_the_distribution_that_has_it(tmp_path, declared, module):
    hint = nearest(tmp_path, {"requirements-dev.txt": declared}, read="requirements.txt").hint(module)

    assert hint.startswith("requirements-dev.txt:1 names it")


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("helper", "did you mean `helpers`?"),  # a module beside the handler's
        ("requets", "did you mean `requests`?"),
        ("flask_cor", "did you mean `flask_cors`?"),
        ("helper.x", "requirements.txt does not include it; add helper, or a layer that has it"),
        ("unlike", "requirements.txt does not include it; add unlike, or a layer that has it"),
        ("yaml", "the import is yaml, the distribution PyYAML: requirements.txt does not include it; add PyYAML"),
    ],
)
def test_a_name_that_is_nearly_right_or_what_to_add(tmp_path, name, hint):
    files = {"helpers.py": "", "requirements-dev.txt": "flask-cors\n"}
    about = nearest(tmp_path, files, read="requirements.txt", installed=["requests", "pyyam"])

    assert about.hint(name).startswith(hint)


def test_without_a_file_of_requirements_and_of_a_finished_package(tmp_path):
    assert nearest(tmp_path).hint("six.moves") == (
        "no requirements file was found; write six into requirements.txt, or add a layer"
    )
    built = nearest(tmp_path, {"requirements.txt": "six"}, artifact=True)
    assert built.hint("six") == "install six into the package, or add a layer that has it"
    assert built.declared == ()


@pytest.mark.parametrize(
    ("module", "name", "python", "owner", "hint"),
    [
        ("enum", "StrEnum", "3.10", None, "Python 3.11 brought it"),
        ("collections", "Mapping", "3.12", None, "Python 3.10 took it out; instead: collections.abc"),
        ("helpers", "nothing", "3.12", "", "check the spelling, and which names the module binds"),
        ("helpers", "nothing", "3.12", None, "check the spelling, and which names the module binds"),
        ("flask", "escape", "3.12", "flask",
         "flask is installed in a version without it; pin one that has it, or change the import"),
        ("google.cloud", "storage", "3.12", "google-cloud-core", "requirements-dev.txt:1 names it"),
        ("google.cloud", "vision", "3.12", "google-cloud-core", "google-cloud-core is installed in a version without"),
    ],
)  # fmt: skip
def test_a_name_that_a_module_does_not_have(tmp_path, module, name, python, owner, hint):
    about = nearest(tmp_path, {"requirements-dev.txt": "google-cloud-storage\nflask"}, python=python)

    assert about.name_hint(module, name, owner).startswith(hint)


def test_metadata_that_is_missing(tmp_path):
    about = nearest(tmp_path, {"pyproject.toml": "[project]\nname = 'My_App'\ndependencies = ['six']"})

    assert about.metadata_hint("my-app").startswith("its version is not written in pyproject.toml")
    assert about.metadata_hint("six") == "add six to the requirements, or catch PackageNotFoundError"


def test_the_folder_of_the_code_itself_is_told_as_such(tmp_path):
    hint = nearest(tmp_path / "src").hint("src.helpers")

    assert hint.startswith("`src` is the code folder itself, and the package has its content at the root")
    assert "folder of the code" not in nearest(tmp_path / "src").hint("requests")
