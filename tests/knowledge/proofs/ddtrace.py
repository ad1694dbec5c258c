# /// script
# requires-python = "==3.12.*"
# dependencies = [
#   "ddtrace",
# ]
# ///
import os
os.environ.update(DD_TRACE_AGENT_URL="http://127.0.0.1:9", DD_INSTRUMENTATION_TELEMETRY_ENABLED="false", DD_REMOTE_CONFIGURATION_ENABLED="false", DD_TRACE_STARTUP_LOGS="false")
import ddtrace
from ddtrace.trace import tracer

with tracer.trace("op", service="s", resource="r") as span:
    span.set_tag("a", "b")
    with tracer.trace("child") as child:
        assert child.trace_id == span.trace_id
assert span.get_tag("a") == "b" and span.duration_ns > 0
ddtrace.patch(sqlite3=True)
import sqlite3
connection = sqlite3.connect(":memory:")
assert connection.execute("select 1").fetchone() == (1,)
from ddtrace.propagation.http import HTTPPropagator
headers = {}
with tracer.trace("x") as span:
    HTTPPropagator.inject(span.context, headers)
assert "traceparent" in headers and HTTPPropagator.extract(headers).trace_id == span.trace_id
tracer.enabled = False
os._exit(0)
