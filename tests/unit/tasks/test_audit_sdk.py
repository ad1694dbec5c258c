"""A part of the AWS SDK in a package hides the rest of it, or takes it from the runtime."""

import marshal

import pytest

from lambda_slim.knowledge.runtimes import runtimes
from lambda_slim.model.member import Member
from lambda_slim.model.target import Target
from lambda_slim.tasks.audit import audit_members

WHOLE = {
    "app.py": b"import boto3\n",
    "boto3/__init__.py": b"from boto3.session import Session\n",
    "boto3/session.py": b"import botocore.session\ndef resource():\n    from boto3.docs import x\n",
    "boto3/docs/__init__.py": b"",
    "boto3/s3.py": b"from s3transfer.manager import TransferManager\n",
    "botocore/__init__.py": b"",
    "botocore/session.py": b"import jmespath\nfrom dateutil.tz import tzlocal\nimport urllib3\n",
    "botocore/regions.py": b"",
    "botocore/endpoint_provider.py": b"",
    "botocore/data/endpoints.json": b"{}",
    "botocore/data/partitions.json": b"{}",
    "botocore/data/s3/2006-03-01/service-2.json.gz": b"",
    "s3transfer/__init__.py": b"",
    "s3transfer/manager.py": b"",
    "jmespath/__init__.py": b"",
    "dateutil/__init__.py": b"",
    "dateutil/tz.py": b"import six\n",
    "six.py": b"",
    "urllib3/__init__.py": b"",
}


def audit(files):
    members = [Member(name, data, origin=name) for name, data in files.items()]
    found = audit_members(members, Target(runtimes()["python3.12"], "x86_64"))
    return [(row.level, row.message) for row in found if row.rule == "LS118"]


def without(*starts):
    return {name: data for name, data in WHOLE.items() if not name.startswith(starts)}


def in_a_layer(files):
    return {f"python/{name}": data for name, data in files.items()}


def test_all_of_it_or_nothing_is_well():
    assert audit(WHOLE) == audit(in_a_layer(WHOLE)) == []
    assert audit({"app.py": WHOLE["app.py"]}) == []


@pytest.mark.parametrize(
    ("gone", "told"),
    [
        ("botocore/", "boto3/session.py imports botocore, which is not there"),
        ("jmespath/", "botocore/session.py imports jmespath, which is not there"),
        ("dateutil/", "botocore/session.py imports dateutil, which is not there"),
        ("urllib3/", "botocore/session.py imports urllib3, which is not there"),
        ("s3transfer/", "boto3/s3.py imports s3transfer, which is not there"),
        ("botocore/data/endpoints.json", "botocore/data/endpoints.json is not there"),
        ("botocore/data/partitions.json", "botocore/data/partitions.json is not there"),
        ("botocore/data/s3/", "it has no service's model"),
    ],
)
def test_a_part_of_it_is_found(gone, told):
    assert (
        audit(without(gone))
        == audit(in_a_layer(without(gone)))
        == [("error", f"only a part of the AWS SDK is in the package: {told}")]
    )


@pytest.mark.parametrize("form", ["py", "pyc"])
def test_an_older_botocore_lacks_no_data_that_only_a_later_one_reads(form):
    older = without("botocore/endpoint_provider", "botocore/data/partitions.json", "botocore/regions")
    files = {**older, f"botocore/regions.{form}": b""}

    assert audit(files) == []
    assert audit({**files, f"botocore/endpoint_provider.{form}": b""})[0][1].endswith("partitions.json is not there")


def test_a_module_that_another_one_makes_is_there():
    compat = {"botocore/compat.py": b"from botocore.vendored.six.moves import http_client\n"}

    assert audit({**WHOLE, **compat, "botocore/vendored/six.py": b""}) == []
    told = audit({**WHOLE, **compat, "botocore/vendored/__init__.py": b""})
    assert told[0][1].endswith("imports botocore.vendored.six.moves, which is not there")


def test_modules_that_it_would_import_later_are_a_part_too():
    assert audit(without("boto3/docs/")) == [
        (
            "warning",
            "only a part of the AWS SDK is in the package: boto3/session.py imports boto3.docs, which is not there",
        )
    ]


@pytest.mark.parametrize(
    "source",
    [
        b'''"""To extend it:\n\n    from boto3.nowhere import x\n"""''',
        b"try:\n    from boto3.nowhere import x\nexcept ImportError:\n    x = None\n",
        b"from boto3.nowhere import x\nthis is no Python\n",
    ],
)
def test_what_is_quoted_or_optional_is_none(source):
    assert audit({**WHOLE, "boto3/more.py": source}) == []
    plain = b"def f():\n    from boto3.nowhere import x\n"
    assert [level for level, _ in audit({**WHOLE, "boto3/more.py": plain})] == ["warning"]


def test_what_an_installer_recorded_and_somebody_deleted_is_a_part_too():
    record = b"botocore/__init__.py,,\nbotocore/session.py,,\nbotocore/docs/method.py,,\nbotocore/old.json,,\n"

    gone = "botocore-1.40.dist-info/RECORD lists botocore/docs/method.py, which is not there"
    assert audit({**WHOLE, "botocore-1.40.dist-info/RECORD": record}) == [
        ("warning", f"only a part of the AWS SDK is in the package: {gone}")
    ]


def test_bytecode_tells_as_much_as_source():
    code = bytes(16) + marshal.dumps(compile("import jmespath", "x", "exec"))
    files = {**without("botocore/session.py"), "botocore/session.pyc": code}

    assert audit(files) == []
    del files["jmespath/__init__.py"]
    assert audit(files) == [
        (
            "error",
            "only a part of the AWS SDK is in the package: botocore/session.pyc imports jmespath, which is not there",
        )
    ]


def test_what_the_runtimes_sdk_takes_from_the_package_is_told():
    """psf/requests#6438: urllib3 2 in the package, the runtime's botocore beside it."""
    files = {"app.py": b"def handler(event, context):\n    import boto3\n", "urllib3/__init__.py": b""}

    assert audit(files) == [("info", "the runtime's AWS SDK, which app.py imports, takes urllib3 from this package")]
    assert audit({**files, "app.py": b"import urllib3\n"}) == []
