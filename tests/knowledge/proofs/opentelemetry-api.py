# /// script
# requires-python = "==3.12.*"
# dependencies = [
#   "opentelemetry-api",
# ]
# ///
from opentelemetry import baggage, context, metrics, propagate, trace

tracer = trace.get_tracer("t")
with tracer.start_as_current_span("s") as span:
    assert not span.is_recording()
token = context.attach(baggage.set_baggage("k", "v"))
carrier = {}
propagate.inject(carrier)
assert carrier["baggage"] == "k=v"
context.detach(token)
extracted = propagate.extract({"traceparent": "00-" + "1" * 32 + "-" + "2" * 16 + "-01", "baggage": "a=b"})
assert baggage.get_baggage("a", extracted) == "b"
assert trace.get_current_span(extracted).get_span_context().trace_id == int("1" * 32, 16)
metrics.get_meter("m").create_counter("c").add(1)
