# /// script
# requires-python = "==3.12.*"
# dependencies = [
#   "aioboto3",
# ]
# ///
import asyncio
import aioboto3

async def main():
    session = aioboto3.Session(aws_access_key_id="a", aws_secret_access_key="b", region_name="eu-west-1")
    async with session.client("dynamodb") as client:
        assert client.can_paginate("scan")
        assert client.meta.region_name == "eu-west-1"
    async with session.resource("dynamodb") as dynamodb:
        table = await dynamodb.Table("t")
        assert table.name == "t"
        assert hasattr(table, "batch_writer")
    async with session.resource("s3") as s3:
        bucket = await s3.Bucket("b")
        assert hasattr(bucket, "upload_fileobj")
asyncio.run(main())
