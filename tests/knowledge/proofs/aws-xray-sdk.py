# /// script
# requires-python = "==3.12.*"
# dependencies = [
#   "aws-xray-sdk",
#   "requests",
#   "boto3",
# ]
# ///
import os
os.environ["AWS_XRAY_CONTEXT_MISSING"] = "LOG_ERROR"
from aws_xray_sdk.core import patch, patch_all, xray_recorder
import boto3
import requests

xray_recorder.configure(service="s", sampling=True, plugins=("EC2Plugin", "ECSPlugin"), emitter=None, daemon_address="127.0.0.1:9")
assert xray_recorder.in_segment is not None
patch_all()
patch(["requests", "botocore", "sqlite3"])
with xray_recorder.in_segment("seg") as segment:
    with xray_recorder.in_subsegment("sub") as sub:
        sub.put_annotation("a", 1)
    import sqlite3
    connection = sqlite3.connect(":memory:")
    connection.execute("select 1")
    client = boto3.client("sqs", region_name="eu-west-1", aws_access_key_id="a", aws_secret_access_key="b", endpoint_url="http://127.0.0.1:9", config=__import__("botocore.config").config.Config(retries={"max_attempts": 0}))
    try:
        client.list_queues()
        raise SystemExit("no error")
    except Exception as error:
        assert type(error).__name__ == "EndpointConnectionError"
    assert '"name":"seg"' in segment.serialize().replace(": ", ":")
@xray_recorder.capture("f")
def f():
    return 1
with xray_recorder.in_segment("again"):
    assert f() == 1
from aws_xray_sdk.core.sampling.local.sampler import LocalSampler
assert LocalSampler().should_trace() in (0, 1, True, False)
