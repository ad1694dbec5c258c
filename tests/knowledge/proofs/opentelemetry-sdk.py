# /// script
# requires-python = "==3.12.*"
# dependencies = [
#   "opentelemetry-sdk",
# ]
# ///
import os
os.environ["OTEL_TRACES_SAMPLER"] = "parentbased_traceidratio"
os.environ["OTEL_TRACES_SAMPLER_ARG"] = "1.0"
os.environ["OTEL_EXPERIMENTAL_RESOURCE_DETECTORS"] = "otel,process"
from opentelemetry import metrics, trace
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, ConsoleSpanExporter, SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

exporter = InMemorySpanExporter()
provider = TracerProvider(resource=Resource.create({"service.name": "x"}))
provider.add_span_processor(SimpleSpanProcessor(exporter))
import io
out = io.StringIO()
provider.add_span_processor(BatchSpanProcessor(ConsoleSpanExporter(out=out)))
trace.set_tracer_provider(provider)
with trace.get_tracer("t").start_as_current_span("s", attributes={"a": 1}) as span:
    span.add_event("e")
    try:
        with trace.get_tracer("t").start_as_current_span("inner"):
            raise ValueError("bad")
    except ValueError:
        pass
provider.force_flush()
spans = exporter.get_finished_spans()
assert [s.name for s in spans] == ["inner", "s"] and spans[0].status.status_code.name == "ERROR"
assert spans[0].resource.attributes["service.name"] == "x" and spans[0].resource.attributes["telemetry.sdk.version"]
assert '"name": "s"' in out.getvalue()
reader = InMemoryMetricReader()
meters = MeterProvider([reader])
meters.get_meter("m").create_counter("c").add(2)
meters.get_meter("m").create_histogram("h").record(3)
data = reader.get_metrics_data()
assert {m.name for m in data.resource_metrics[0].scope_metrics[0].metrics} == {"c", "h"}
provider.shutdown()
meters.shutdown()
