# /// script
# requires-python = "==3.12.*"
# dependencies = [
#   "boto3",
# ]
# ///
import boto3
from boto3.dynamodb.conditions import Attr, Key
from boto3.s3.transfer import TransferConfig
from botocore.stub import Stubber

session = boto3.Session(aws_access_key_id="AKID", aws_secret_access_key="s", region_name="eu-west-1")
table = session.resource("dynamodb").Table("t")
with Stubber(table.meta.client) as stub:
    stub.add_response("get_item", {"Item": {"id": {"S": "1"}, "n": {"N": "3"}}})
    assert table.get_item(Key={"id": "1"})["Item"]["n"] == 3
bucket = session.resource("s3").Bucket("b")
with Stubber(bucket.meta.client) as stub:
    stub.add_response("list_objects", {"Contents": [{"Key": "k"}]})
    assert [o.key for o in bucket.objects.all()] == ["k"]
    stub.add_response("put_object", {})
    import io
    bucket.upload_fileobj(io.BytesIO(b"x"), "k", Config=TransferConfig(use_threads=False))
expression = Key("id").eq("1") & Attr("n").gt(2)
assert expression.get_expression()["operator"] == "AND"
lam = session.client("lambda")
with Stubber(lam) as stub:
    stub.add_response("list_functions", {"Functions": []})
    assert list(lam.get_paginator("list_functions").paginate().search("Functions[]")) == []
sqs = session.client("sqs")
assert sqs.generate_presigned_url("list_queues").startswith("https://sqs.eu-west-1")
ec2 = session.resource("ec2")
assert hasattr(ec2, "create_tags")
waiter = session.client("cloudformation").get_waiter("stack_exists")
assert waiter.config.delay > 0
