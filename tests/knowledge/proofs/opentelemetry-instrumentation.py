# /// script
# requires-python = "==3.12.*"
# dependencies = [
#   "opentelemetry-instrumentation-requests",
#   "opentelemetry-instrumentation-botocore",
#   "opentelemetry-instrumentation-aws-lambda",
#   "opentelemetry-sdk",
#   "requests",
#   "botocore",
# ]
# ///
import http.server
import threading
import requests
import botocore.session
from opentelemetry import trace
from opentelemetry.instrumentation.botocore import BotocoreInstrumentor
from opentelemetry.instrumentation.requests import RequestsInstrumentor
from opentelemetry.instrumentation.aws_lambda import AwsLambdaInstrumentor
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

exporter = InMemorySpanExporter()
provider = TracerProvider()
provider.add_span_processor(SimpleSpanProcessor(exporter))
trace.set_tracer_provider(provider)
RequestsInstrumentor().instrument()
BotocoreInstrumentor().instrument()
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200 if self.headers.get("traceparent") else 400)
        self.end_headers()
    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.send_header("Content-Type", "application/x-amz-json-1.0")
        self.end_headers()
        self.wfile.write(b"{}")
    def log_message(self, *args):
        pass
server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
threading.Thread(target=server.serve_forever, daemon=True).start()
base = f"http://127.0.0.1:{server.server_port}"
assert requests.get(base + "/x").status_code == 200
client = botocore.session.get_session().create_client("sqs", region_name="eu-west-1", aws_access_key_id="a", aws_secret_access_key="b", endpoint_url=base)
client.list_queues()
names = [span.name for span in exporter.get_finished_spans()]
assert "GET" in names and any("ListQueues" in name for name in names), names
assert AwsLambdaInstrumentor()
