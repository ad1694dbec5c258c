import importlib
import json
import os

import boto3
from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.parser import BaseModel, event_parser
from aws_lambda_powertools.utilities.parser.envelopes import SqsEnvelope
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

logger = Logger(service="orders")
metrics = Metrics(namespace="n", service="orders")
config = Config(connect_timeout=1, retries={"max_attempts": 0})
session = boto3.session.Session(region_name="eu-west-1", aws_access_key_id="a", aws_secret_access_key="b")
table = session.resource("dynamodb", endpoint_url=os.environ.get("ENDPOINT", "http://127.0.0.1:9"), config=config).Table("orders")
queue = session.client("sqs", endpoint_url="http://127.0.0.1:9", config=config)


class Order(BaseModel):
    id: int
    kind: str
    n: float


def price(order):
    try:
        plugin = importlib.import_module(f"src.plugins.{order.kind}")
    except ModuleNotFoundError:
        return None
    return plugin.price(order.n)


@event_parser(model=Order, envelope=SqsEnvelope)
def parsed(event, context):
    return [price(order) for order in event]


def record(item):
    data = json.loads(item.body)
    table.put_item(Item={"id": data["id"]})


def handler(event, context):
    if "Records" not in event:
        try:
            if event.get("say") == "queue":
                queue.send_message(QueueUrl="http://127.0.0.1:9/q", MessageBody="x")
            if event.get("say") == "presign":
                return session.client("s3").generate_presigned_post("b", "k")["url"]
            if event.get("say") == "waiter":
                return session.client("dynamodb").waiter_names
            table.get_item(Key={"id": 1})
        except (BotoCoreError, ClientError) as error:
            return {"error": type(error).__name__}
    try:
        prices = parsed(event, context)
    except Exception as error:
        return {"error": type(error).__name__}
    failed = process_partial_response(event, record, BatchProcessor(EventType.SQS, raise_on_entire_batch_failure=False), context)
    return {"prices": prices, "failed": failed}
