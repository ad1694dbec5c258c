# /// script
# requires-python = "==3.12.*"
# dependencies = [
#   "aws-lambda-powertools[all]",
#   "boto3",
# ]
# ///
import io
import json
import os
os.environ.update(POWERTOOLS_SERVICE_NAME="svc", POWERTOOLS_METRICS_NAMESPACE="ns", POWERTOOLS_TRACE_DISABLED="true")
from aws_lambda_powertools import Logger, Metrics, Tracer
from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, APIGatewayRestResolver
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities import parameters
from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.data_classes import S3Event, SQSEvent
from aws_lambda_powertools.utilities.idempotency import DynamoDBPersistenceLayer, IdempotencyConfig
from aws_lambda_powertools.utilities.parser import envelopes, parse
from aws_lambda_powertools.utilities.validation import SchemaValidationError, validate

class Context:
    function_name = "f"
    memory_limit_in_mb = 128
    invoked_function_arn = "arn:aws:lambda:eu-west-1:1:function:f"
    aws_request_id = "r"
    log_group_name = log_stream_name = "l"
    def get_remaining_time_in_millis(self):
        return 1000
stream = io.StringIO()
logger = Logger(stream=stream)
tracer = Tracer()
metrics = Metrics()
app = APIGatewayHttpResolver(enable_validation=True)
app.enable_swagger(path="/swagger")
@app.get("/n/<n>")
def read(n: int, q: str | None = None) -> dict:
    return {"n": n, "q": q}
@logger.inject_lambda_context
@tracer.capture_lambda_handler
@metrics.log_metrics
def handler(event, context):
    logger.info("hi", extra={"k": 1})
    metrics.add_metric("m", MetricUnit.Count, 1)
    return app.resolve(event, context)
def event(path, query=None):
    return {"version": "2.0", "rawPath": path, "queryStringParameters": query or {}, "headers": {}, "requestContext": {"http": {"method": "GET", "path": path}, "stage": "$default"}, "isBase64Encoded": False}
assert json.loads(handler(event("/n/3", {"q": "x"}), Context())["body"]) == {"n": 3, "q": "x"}
assert handler(event("/n/x"), Context())["statusCode"] == 422
assert handler(event("/none"), Context())["statusCode"] == 404
assert "swagger" in handler(event("/swagger"), Context())["body"].lower()
assert json.loads(stream.getvalue().splitlines()[0])["function_request_id"] == "r"
sqs = {"Records": [{"messageId": "1", "body": "{}", "eventSource": "aws:sqs"}, {"messageId": "2", "body": "bad", "eventSource": "aws:sqs"}]}
processor = BatchProcessor(EventType.SQS)
done = process_partial_response(sqs, lambda record: json.loads(record.body), processor, Context())
assert done == {"batchItemFailures": [{"itemIdentifier": "2"}]}
assert next(SQSEvent(sqs).records).body == "{}"
try:
    validate({"a": 1}, {"type": "object", "required": ["b"]})
    raise SystemExit("no error")
except SchemaValidationError:
    pass
from pydantic import BaseModel
class Item(BaseModel):
    n: int
parsed = parse({"Records": [{"messageId": "1", "receiptHandle": "r", "body": '{"n": 1}', "attributes": {"ApproximateReceiveCount": "1", "SentTimestamp": "1", "SenderId": "s", "ApproximateFirstReceiveTimestamp": "1"},
               "messageAttributes": {}, "md5OfBody": "x", "eventSource": "aws:sqs", "eventSourceARN": "a", "awsRegion": "eu-west-1"}]}, Item, envelopes.SqsEnvelope)
assert parsed[0].n == 1
provider = parameters.SSMProvider(boto3_client=__import__("boto3").client("ssm", region_name="eu-west-1"))
assert provider.client.meta.service_model.service_name == "ssm"
for make in (lambda: DynamoDBPersistenceLayer(table_name="t"), parameters.SecretsProvider, lambda: parameters.DynamoDBProvider("t")):
    assert make()
