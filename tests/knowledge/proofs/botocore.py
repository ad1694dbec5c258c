# /// script
# requires-python = "==3.12.*"
# dependencies = [
#   "botocore",
# ]
#
# [tool.proof]
# pins = [
#   "botocore: drop /botocore/data/*/*/examples-1.json",
# ]
# ///
import botocore.session
from botocore.config import Config
from botocore.stub import Stubber
from botocore.exceptions import ClientError

session = botocore.session.get_session()
session.set_credentials("AKIDEXAMPLE", "secret")
s3 = session.create_client("s3", region_name="eu-west-1", config=Config(retries={"mode": "standard"}))
with Stubber(s3) as stub:
    stub.add_response("list_buckets", {"Buckets": [{"Name": "a"}]})
    assert s3.list_buckets()["Buckets"][0]["Name"] == "a"
    stub.add_client_error("head_bucket", "404")
    try:
        s3.head_bucket(Bucket="x")
        raise SystemExit("no error")
    except ClientError as error:
        assert error.response["Error"]["Code"] == "404"
assert s3.can_paginate("list_objects_v2")
assert s3.get_waiter("object_exists").name == "ObjectExists"
url = s3.generate_presigned_url("get_object", Params={"Bucket": "b", "Key": "k"})
assert "Signature=" in url
sts = session.create_client("sts", region_name="eu-west-1")
assert sts.meta.endpoint_url == "https://sts.eu-west-1.amazonaws.com"
assert "eu-west-1" in session.get_available_regions("s3")
assert session.get_partition_for_region("cn-north-1") == "aws-cn"
help(s3.list_objects_v2) if False else s3.list_objects_v2.__doc__
