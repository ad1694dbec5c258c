# /// script
# requires-python = "==3.12.*"
# dependencies = [
#   "sentry-sdk",
#   "requests",
#   "flask",
# ]
# ///
import sentry_sdk
from sentry_sdk.integrations.aws_lambda import AwsLambdaIntegration
from sentry_sdk.integrations.logging import LoggingIntegration
from sentry_sdk.transport import Transport

events = []
class Keep(Transport):
    def capture_envelope(self, envelope):
        events.extend(item for item in envelope.items)
sentry_sdk.init("https://a@x.invalid/1", transport=Keep, traces_sample_rate=1.0, integrations=[LoggingIntegration()], auto_enabling_integrations=True)
try:
    1 / 0
except ZeroDivisionError:
    sentry_sdk.capture_exception()
import logging
logging.getLogger("x").error("logged")
with sentry_sdk.start_transaction(name="t", op="o"):
    with sentry_sdk.start_span(op="db"):
        pass
with sentry_sdk.new_scope() as scope:
    scope.set_tag("k", "v")
    sentry_sdk.capture_message("m")
sentry_sdk.flush()
payloads = [item.payload.json for item in events if item.payload.json]
assert any("exception" in p and p["exception"]["values"][0]["type"] == "ZeroDivisionError" for p in payloads)
assert any(p.get("type") == "transaction" for p in payloads)
assert any(p.get("tags", {}).get("k") == "v" for p in payloads)
assert any(p.get("logentry", {}).get("message") == "logged" for p in payloads)
modules = next(p["modules"] for p in payloads if "exception" in p)
assert "sentry-sdk" in modules or "sentry_sdk" in modules
assert "flask" in str(sentry_sdk.get_client().integrations).lower()
