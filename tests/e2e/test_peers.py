"""What other packagers break in real distributions: built with our boldest rules, run, and compared."""

import zipfile

import pytest

from tests.e2e.conftest import PYTHON

pytestmark = [pytest.mark.e2e, pytest.mark.network]
CREDENTIALS = "aws_access_key_id='a', aws_secret_access_key='b', region_name='eu-central-1'"


@pytest.fixture
def build(tool):
    """Builds a project of one module and gives back the names in its zip."""
    (tool.folder / "e.json").write_text("{}")

    def make(requirements, source, *arguments, python=PYTHON, level="reach"):
        folder = tool.folder / "project"
        folder.mkdir(exist_ok=True)
        (folder / "requirements.txt").write_text(requirements)
        (folder / "app.py").write_text(source)
        given = ["--python", python, "--level", level, "-o", tool.folder / "x.zip", *arguments]
        tool("build", folder, "--handler", "app.handler", *given)
        with zipfile.ZipFile(tool.folder / "x.zip") as file:
            return set(file.namelist())

    return make


def run(tool):
    return tool.invoke(tool.unpack(tool.folder / "x.zip"), "app.handler", [tool.folder / "e.json"])[0]


def handler(imports, result):
    return f"{imports}\n\n\ndef handler(event, context):\n    return {result}\n"


@pytest.mark.parametrize("level", ["safe", "reach"])
def test_code_in_folders_called_tests_that_the_library_itself_imports(tool, build, level):
    """amazon-braket-examples#819, imperva/aws-lambda-layer#3: `numpy._core.tests._natype` is gone."""
    source = handler("from numpy._core.tests._natype import pd_NA", "str(pd_NA)")

    names = build("numpy==2.1.0\n", source, level=level)

    assert run(tool) == "<NA>"
    assert "numpy/_core/tests/_natype.py" in names


@pytest.mark.parametrize("bytecode", ["all", "only"])
def test_documentation_code_that_clients_import(tool, build, bytecode):
    """aws-powertools#7361: AWS's own recipe deletes `botocore/docs`, and every client fails to be made."""
    result = (
        "boto3.client('s3', " + CREDENTIALS + ").generate_presigned_url('get_object', {'Bucket': 'bucket', 'Key': 'k'})"
    )

    names = build("boto3==1.35.99\n", handler("import boto3", f"{result}.partition('?')[0]"), "--bytecode", bytecode)

    assert run(tool) == "https://bucket.s3.amazonaws.com/k"
    assert any(name.startswith("botocore/docs/docstring.py") for name in names)


BOTO = ("boto3", "botocore", "s3transfer", "jmespath", "dateutil", "six.py", "urllib3")


@pytest.mark.parametrize("requirements", ["boto3~=1.35.0\n", "boto3[crt]==1.35.99\n", "watchtower==3.3.1\n"])
def test_the_sdk_of_the_runtime_is_used_as_a_whole(build, requirements):
    """aws-sam-cli#5367, Zappa#1779: half of the set removed, or only where it is required in so many words."""
    names = build(requirements, handler("import boto3", "1"), "--sdk", "runtime", level="safe")

    assert not {name.partition("/")[0] for name in names} & set(BOTO)
    assert any(name.startswith("awscrt/") for name in names) == ("crt" in requirements)


def test_with_a_trace_too_the_sdk_of_the_runtime_is_used_as_a_whole(tool, build):
    """What the run used of boto3 is no reason to ship a part that hides the runtime's."""
    client = f"boto3.client('s3', {CREDENTIALS}).meta.service_model.service_name"
    names = build(
        "boto3\n", handler("import boto3", client), "--sdk", "runtime", "-e", tool.folder / "e.json", level="trace"
    )

    assert not {name.partition("/")[0] for name in names} & set(BOTO)
    assert "app.py" in names


def test_what_the_project_itself_requires_does_not_go_with_the_sdk(build):
    source = handler("import dateutil.parser", "str(dateutil.parser.parse('2024-01-02'))")

    flags = ("--sdk", "runtime", "--bytecode", "none")
    assert "dateutil/parser/__init__.py" in build("python-dateutil\n", source, *flags, level="reach")
    names = build("boto3\npython-dateutil\n", source, "--sdk", "runtime", level="safe")
    assert {name.partition("/")[0] for name in names} >= set(BOTO)


def test_and_not_at_all_where_something_else_needs_a_part_of_it(build):
    """psf/requests#6438: urllib3 2 in the package, the runtime's botocore beside it: cannot import DEFAULT_CIPHERS."""
    source = handler("import boto3, requests", "1")

    names = build("boto3==1.35.99\nrequests==2.32.3\n", source, "--sdk", "runtime", python="3.9", level="safe")

    assert {name.partition("/")[0] for name in names} >= set(BOTO)


def test_stripped_libraries_that_auditwheel_has_moved_still_load(tool, build):
    """numpy#20101, manylinux#119: `ELF load command … not properly aligned` after strip of libgfortran."""
    source = handler("import numpy", "round(float(numpy.linalg.det([[1.0, 2.0], [3.0, 4.0]])), 6)")
    build("numpy==1.26.4\n", source, "--no-strip", level="safe")
    whole = {info.filename: info.file_size for info in zipfile.ZipFile(tool.folder / "x.zip").infolist()}

    names = build("numpy==1.26.4\n", source, level="safe")

    slim = {info.filename: info.file_size for info in zipfile.ZipFile(tool.folder / "x.zip").infolist()}
    assert any("libgfortran" in name for name in names)
    assert sum(slim.values()) < sum(whole.values())
    assert run(tool) == -2.0
    assert "nothing that would break" in tool("audit", tool.folder / "x.zip", "--python", PYTHON)


def test_a_stub_distribution_that_only_the_type_checker_needs_goes_and_one_that_runs_stays(tool, build):
    """mypy_boto3_builder#182: dev packages shipped, or left out while imported at run time."""
    requirements = "mypy-boto3-s3==1.35.93\nsix==1.16.0\n"
    checked = "from __future__ import annotations\nfrom typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    "
    wanted = "from mypy_boto3_s3.literals import BucketLocationConstraintType as Place"

    assert not any(name.startswith("mypy_boto3_s3/") for name in build(requirements, handler(checked + wanted, "1")))
    assert run(tool) == 1

    names = build(requirements, handler(wanted, "str(Place)[:14]"))
    assert {"mypy_boto3_s3/literals.py", "mypy_boto3_s3/literals.pyc"}.intersection(names)


def test_metadata_that_code_asks_for_is_there(tool, build):
    """serverless-python-requirements#441, jsonschema#584: slim deletes dist-info, PackageNotFoundError."""
    result = (
        "[m.version('jsonschema'), m.version('attrs'), m.metadata('attrs')['Name'], bool(m.requires('jsonschema'))]"
    )

    build("jsonschema==4.23.0\nattrs==24.2.0\n", handler("import importlib.metadata as m, jsonschema", result))

    assert run(tool) == ["4.23.0", "24.2.0", "attrs", True]
