# /// script
# requires-python = "==3.12.*"
# dependencies = [
#   "elastic-apm",
#   "requests",
# ]
# ///
import elasticapm
import requests
from elasticapm import Client

client = Client(service_name="s", disable_send=True, central_config=False, metrics_interval="0", cloud_provider="none")
elasticapm.instrument()
client.begin_transaction("request")
with elasticapm.capture_span("work"):
    pass
assert client.end_transaction("name", "ok").name == "name"
try:
    1 / 0
except ZeroDivisionError:
    assert client.capture_exception()
assert hasattr(requests.Session.send, "__wrapped__") or hasattr(requests.sessions.Session.request, "__wrapped__")
client.close()
