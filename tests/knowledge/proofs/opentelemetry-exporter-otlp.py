# /// script
# requires-python = "==3.12.*"
# dependencies = [
#   "opentelemetry-exporter-otlp",
#   "opentelemetry-sdk",
# ]
# ///
import http.server
import threading
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter as Grpc
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor

bodies = []
class Handler(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        bodies.append(self.rfile.read(int(self.headers["Content-Length"])))
        self.send_response(200)
        self.end_headers()
    def log_message(self, *args):
        pass
server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
threading.Thread(target=server.serve_forever, daemon=True).start()
provider = TracerProvider()
provider.add_span_processor(SimpleSpanProcessor(OTLPSpanExporter(f"http://127.0.0.1:{server.server_port}/v1/traces")))
with provider.get_tracer("t").start_as_current_span("hello"):
    pass
assert bodies and b"hello" in bodies[0]
grpc = Grpc("127.0.0.1:9", insecure=True, timeout=1)
assert grpc._endpoint == "127.0.0.1:9"
grpc.shutdown()
provider.shutdown()
