"""The list of endpoints is cut: clients of the shipped services find what they find in the full one."""

import json
import subprocess
import sys

import pytest

from tests.e2e.conftest import PYTHON

pytestmark = [pytest.mark.e2e, pytest.mark.network, pytest.mark.slow]

APP = """import boto3
def handler(event, context):
    return [boto3.client(name, region_name="eu-west-1").meta.endpoint_url for name in ("s3", "cloudwatch", "ssm")]
def clients():
    return boto3.client("s3"), boto3.client("cloudwatch"), boto3.client("ssm")
"""
ASK = """
import json, sys
sys.path.insert(0, sys.argv[1])
import botocore.session
session = botocore.session.get_session()
resolver = session.get_component("endpoint_resolver")
told = {}
for service in ("s3", "cloudwatch", "ssm", "sts"):
    prefix = session.get_service_data(service)["metadata"]["endpointPrefix"]
    for partition in session.get_available_partitions():
        told[f"{service} {partition}"] = session.get_available_regions(service, partition, True)
        for region in [*told[f"{service} {partition}"], "xx-future-1", None]:
            for more in ({}, {"use_fips_endpoint": True}, {"use_dualstack_endpoint": True}):
                try:
                    found = resolver.construct_endpoint(prefix, region, partition, **more)
                except Exception as error:
                    found = repr(error)
                told[f"{service} {partition} {region} {sorted(more)}"] = found
print(json.dumps(told, sort_keys=True))
"""


def ask(folder):
    command = [sys.executable, "-I", "-S", "-B", "-c", ASK, str(folder)]
    return json.loads(subprocess.run(command, capture_output=True, text=True, check=True, timeout=120).stdout)


def test_every_endpoint_of_the_shipped_services_is_the_same(tool, tmp_path):
    project = tmp_path / "project"
    project.mkdir()
    (project / "app.py").write_text(APP)
    (project / "requirements.txt").write_text("boto3\n")
    flags = ("build", project, "--handler", "app.handler", "--python", PYTHON, "--bytecode", "none", "--no-verify")
    tool(*flags, "--level", "reach", "-o", tmp_path / "full.zip", "--keep", "botocore/data/endpoints.json")
    tool(*flags, "--level", "reach", "-o", tmp_path / "slim.zip")
    full, slim = tool.unpack(tmp_path / "full.zip"), tool.unpack(tmp_path / "slim.zip")

    sizes = [(place / "botocore" / "data" / "endpoints.json").stat().st_size for place in (full, slim)]
    expected = ask(full)

    assert sizes[1] < sizes[0] / 10
    assert len(expected) > 500
    assert ask(slim) == expected
