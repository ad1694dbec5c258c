# /// script
# requires-python = "==3.12.*"
# dependencies = [
#   "stripe",
# ]
# ///
import hashlib
import hmac
import json
import time
import stripe

stripe.api_key = "sk_test"
stripe.api_base = "http://127.0.0.1:9"
stripe.max_network_retries = 0
try:
    stripe.Customer.create(email="a@b.c")
    raise SystemExit("no error")
except stripe.APIConnectionError:
    pass
body = json.dumps({"id": "evt_1", "object": "event", "type": "charge.succeeded", "data": {"object": {"id": "ch_1", "object": "charge", "amount": 5}}})
stamp = int(time.time())
signature = hmac.new(b"whsec", f"{stamp}.{body}".encode(), hashlib.sha256).hexdigest()
event = stripe.Webhook.construct_event(body, f"t={stamp},v1={signature}", "whsec")
assert event.data.object.amount == 5 and type(event.data.object).__name__ == "Charge"
try:
    stripe.Webhook.construct_event(body, "t=1,v1=bad", "whsec")
    raise SystemExit("no error")
except stripe.SignatureVerificationError:
    pass
assert type(stripe.StripeClient("sk").v1.customers).__name__ == "CustomerService"
