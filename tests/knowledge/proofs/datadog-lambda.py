# /// script
# requires-python = "==3.12.*"
# dependencies = [
#   "datadog-lambda",
# ]
# ///
import os
os.environ.update(DD_TRACE_ENABLED="false", DD_API_KEY="x", AWS_LAMBDA_FUNCTION_NAME="f", DD_LOCAL_TEST="true", DD_FLUSH_TO_LOG="true", DD_INSTRUMENTATION_TELEMETRY_ENABLED="false", DD_REMOTE_CONFIGURATION_ENABLED="false")
from datadog_lambda.metric import lambda_metric
from datadog_lambda.wrapper import datadog_lambda_wrapper

class Context:
    function_name = "f"
    function_version = "1"
    invoked_function_arn = "arn:aws:lambda:eu-west-1:1:function:f"
    aws_request_id = "r"
    memory_limit_in_mb = 128
    client_context = None
@datadog_lambda_wrapper
def handler(event, context):
    lambda_metric("m.x", 1, tags=["a:b"])
    return {"ok": event["n"]}
assert handler({"n": 1}, Context()) == {"ok": 1}
try:
    handler({}, Context())
    raise SystemExit("no error")
except KeyError as error:
    assert error.args == ("n",)
