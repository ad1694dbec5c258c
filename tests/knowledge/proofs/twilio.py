# /// script
# requires-python = "==3.12.*"
# dependencies = [
#   "twilio",
# ]
# ///
from twilio.request_validator import RequestValidator
from twilio.rest import Client
from twilio.twiml.voice_response import VoiceResponse

answer = VoiceResponse()
answer.say("hi")
assert "<Say>hi</Say>" in str(answer)
client = Client("AC" + "0" * 32, "t")
assert client.messages is not None and client.verify.v2 is not None and client.conversations.v1 is not None
validator = RequestValidator("t")
assert validator.validate("https://x/y", {"a": "1"}, validator.compute_signature("https://x/y", {"a": "1"}))
try:
    client.api.base_url = "http://127.0.0.1:9"
    client.messages.create(to="+1", from_="+2", body="x")
    raise SystemExit("no error")
except Exception as error:
    assert "127.0.0.1" in str(error) or "denied" in str(error).lower() or "resolve" in str(error).lower() or "max retries" in str(error).lower(), error
