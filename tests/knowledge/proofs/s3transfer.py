# /// script
# requires-python = "==3.12.*"
# dependencies = [
#   "boto3",
# ]
# ///
import io
import boto3
from botocore.stub import Stubber
from s3transfer.manager import TransferManager, TransferConfig

client = boto3.client("s3", region_name="eu-west-1", aws_access_key_id="a", aws_secret_access_key="b")
stub = Stubber(client)
stub.add_response("put_object", {"ETag": "e"})
stub.add_response("head_object", {"ContentLength": 3})
stub.activate()
with TransferManager(client, TransferConfig(max_request_concurrency=1)) as manager:
    assert manager.upload(io.BytesIO(b"abc"), "b", "k").result() is None
assert client.head_object(Bucket="b", Key="k")["ContentLength"] == 3
