"""Distributions that lie in folders of the code: whose a file is, how it is imported, which recipe speaks of it."""

from pathlib import Path

import pytest

from lambda_slim.inputs.project.artifacts import is_built
from lambda_slim.model.function import Function
from lambda_slim.model.settings import Level, Settings
from lambda_slim.tasks.prepare import plan_function, prepare
from tests.unit.factory import TARGET
from tests.unit.inputs.test_layers import installed, write

HANDLER = "def handler(event, context):\n    pass\n"


def function(folder, **more):
    return Function("F", "app.handler", folder, TARGET, **more)


def planned(folder, **more):
    return plan_function(function(folder, **more), Settings(root=Path("/nowhere"), level=Level.REACH))


@pytest.mark.parametrize("site", ["vendored", ".python_packages/lib/site-packages", "libs/third-party"])
def test_a_distribution_in_a_folder_is_one_as_at_the_root(tmp_path, site):
    write(tmp_path, {"app.py": f"import sys\nsys.path.insert(0, {site!r})\nimport lib.used\n{HANDLER}"})
    modules = {"lib/used.py": "from lib import deep", "lib/deep.py": "", "lib/idle.py": ""}
    installed(tmp_path / site, "lib", "", **modules)

    found = planned(tmp_path)

    assert found.facts.reach.modules == {"app", "lib", "lib.used", "lib.deep"}
    assert {file.path for file in found.inventory.files if file.owner == "lib"} > {f"{site}/lib/idle.py"}
    assert f"{site}/lib/idle.py" not in {file.path for file in found.plan.kept}
    assert [distribution.name for distribution in found.resolution.distributions] == ["lib"]


def test_it_may_be_imported_through_its_folder_too(tmp_path):
    code = f"from vendored import lib\nimport vendored.lib.used\n{HANDLER}"
    write(tmp_path, {"app.py": code, "vendored/__init__.py": ""})
    installed(tmp_path / "vendored", "lib", "", **{"lib/used.py": "", "lib/idle.py": ""})

    found = planned(tmp_path)

    assert {"lib", "lib.used", "vendored"} <= found.facts.reach.modules
    assert {"vendored/__init__.py", "vendored/lib/__init__.py"} <= {file.path for file in found.plan.kept}


def test_a_folder_on_pythonpath_is_where_imports_start(tmp_path):
    modules = {"shared/code/helper.py": "import other", "shared/code/other.py": ""}
    write(tmp_path, {"app.py": f"import helper\n{HANDLER}", **modules})

    found = planned(tmp_path, environment={"PYTHONPATH": "/var/task/shared/code"}, python_path=("shared/code",))

    assert {"helper", "other"} <= found.facts.reach.modules


def test_a_virtual_environment_is_no_such_folder(tmp_path):
    write(tmp_path, {"app.py": HANDLER, ".venv/pyvenv.cfg": ""})
    installed(tmp_path / ".venv/lib/python3.12/site-packages", "lib", "")

    assert prepare(function(tmp_path), Settings(root=tmp_path)).resolution.distributions == ()


def test_a_recipe_speaks_of_a_distribution_wherever_it_lies(tmp_path):
    """The data of AWS services that nothing names is left out."""
    write(tmp_path, {"app.py": f"import sys\nsys.path.append('vendored')\nimport boto3\nboto3.client('s3')\n{HANDLER}"})
    data = {f"botocore/data/{name}/2020/service-2.json": "{}" for name in ("s3", "ec2")}
    installed(tmp_path / "vendored", "boto3", "import botocore")
    installed(tmp_path / "vendored", "botocore", "", **data)

    kept = {file.path for file in planned(tmp_path).plan.kept}

    assert "vendored/botocore/data/s3/2020/service-2.json" in kept
    assert "vendored/botocore/data/ec2/2020/service-2.json" not in kept


def test_a_folder_that_top_level_txt_names_inside_a_package_is_no_such_folder(tmp_path):
    """google-api-python-client names `googleapiclient/discovery_cache` there."""
    more = {"lib/cache/__init__.py": "", "lib/used.py": "", "lib-1.dist-info/top_level.txt": "lib\nlib/cache\n"}
    installed(write(tmp_path, {"app.py": f"import lib.used\n{HANDLER}"}), "lib", "", **more)

    found = planned(tmp_path, artifact=tmp_path)

    assert "lib.used" in found.facts.reach.modules
    assert {file.site for file in found.inventory.files} == {""}


def test_what_a_distribution_carries_inside_itself_stays_its_own(tmp_path):
    """setuptools has `setuptools/_vendor/packaging-24.2.dist-info`."""
    write(tmp_path, {"app.py": f"import lib\n{HANDLER}"})
    inner = {"lib/_vendor/other/__init__.py": "", "lib/_vendor/other-1.dist-info/METADATA": "Name: other\n"}
    installed(tmp_path, "lib", "from lib._vendor import other", **inner)

    found = planned(tmp_path, artifact=tmp_path)

    assert "lib._vendor.other" in found.facts.reach.modules
    assert {file.owner for file in found.inventory.files if file.path.startswith("lib/")} == {"lib"}


def kept(found):
    return {file.path for file in found.plan.kept if file.path.endswith(".py")}


@pytest.mark.parametrize("level", list(Level)[:2])
def test_a_second_copy_in_a_folder_that_no_import_starts_from_does_not_ship(tmp_path, level):
    """`pip install -t package`, from AWS's own pages, beside what the code puts on the path."""
    write(tmp_path, {"app.py": f"import sys\nsys.path.insert(0, 'vendored')\nimport lib\n{HANDLER}"})
    for site in ("vendored", "package"):
        installed(tmp_path / site, "lib", "")

    found = plan_function(function(tmp_path), Settings(root=tmp_path, level=level))

    assert kept(found) == {"app.py", "vendored/lib/__init__.py"}
    assert "package/: left out: a second copy of lib" in found.facts.inventory.warnings


@pytest.mark.parametrize(
    "code",
    [
        "sys.path.insert(0, os.path.join(here, 'package'))",
        "sys.path.insert(0, f'{here}/package')",
        "[sys.path.append(name) for name in os.listdir(here)]",
        "from package import lib as other",
    ],
)
def test_both_ship_where_the_code_may_start_imports_in_both(tmp_path, code):
    write(tmp_path, {"app.py": f"import os, sys\nhere = os.path.dirname(__file__)\n{code}\nimport lib\n{HANDLER}"})
    installed(tmp_path, "lib", "")
    installed(tmp_path / "package", "lib", "")

    assert kept(planned(tmp_path)) == {"app.py", "lib/__init__.py", "package/lib/__init__.py"}


def test_a_word_in_prose_names_no_folder(tmp_path):
    """Docstrings and messages speak of packages."""
    code = f'"""A package."""\nimport lib\nTEXT = "the package is missing"\n{HANDLER}'
    write(tmp_path, {"app.py": code})
    installed(tmp_path, "lib", "")
    installed(tmp_path / "package", "lib", "")

    assert kept(planned(tmp_path)) == {"app.py", "lib/__init__.py"}


def test_what_only_such_a_folder_has_stays_in_the_inventory(tmp_path):
    write(tmp_path, {"app.py": HANDLER})
    installed(tmp_path / "package", "lib", "")

    found = planned(tmp_path)

    assert {file.site for file in found.inventory.files} == {""}
    assert "package/lib/__init__.py" in {file.path for file in found.inventory.files}


def test_code_beside_a_folder_of_pip_is_a_project(tmp_path):
    """Compiled modules in `package/` make no package of another tool of it; without code beside them they do."""
    write(tmp_path / "a", {"app.py": HANDLER})
    for folder in ("a", "b"):
        installed(tmp_path / folder / "package", "lib", "", **{"lib/_c.cpython-312-x86_64-linux-gnu.so": ""})

    assert not is_built(tmp_path / "a")
    assert is_built(tmp_path / "b")
    installed(tmp_path / "a", "other", "", **{"other/_c.cpython-312-x86_64-linux-gnu.so": ""})
    assert is_built(tmp_path / "a")
