# /// script
# requires-python = "==3.12.*"
# dependencies = [
#   "aiobotocore",
# ]
# ///
import asyncio
from aiobotocore.config import AioConfig
from aiobotocore.session import get_session

async def main():
    session = get_session()
    async with session.create_client("sqs", region_name="eu-west-1", aws_access_key_id="a", aws_secret_access_key="b",
                                     config=AioConfig(connect_timeout=1, retries={"max_attempts": 0})) as sqs:
        assert sqs.can_paginate("list_queues")
        url = await sqs.generate_presigned_url("list_queues")
        assert url.startswith("https://sqs.eu-west-1"), url
        assert sqs.meta.service_model.service_name == "sqs"
    async with session.create_client("s3", region_name="eu-west-1", aws_access_key_id="a", aws_secret_access_key="b",
                                     endpoint_url="http://127.0.0.1:9", config=AioConfig(retries={"max_attempts": 0})) as s3:
        assert s3.get_waiter("object_exists").name == "ObjectExists"
        try:
            await s3.list_buckets()
            raise SystemExit("no error")
        except Exception as error:
            assert type(error).__name__ == "EndpointConnectionError", error
asyncio.run(main())
