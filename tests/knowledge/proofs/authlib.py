# /// script
# requires-python = "==3.12.*"
# dependencies = [
#   "authlib",
#   "requests",
#   "oauthlib",
#   "requests-oauthlib",
#   "msal",
# ]
# ///
import msal
from authlib.integrations.requests_client import OAuth2Session
from authlib.jose import JsonWebKey, jwt
from requests_oauthlib import OAuth1

key = JsonWebKey.generate_key("RSA", 2048, is_private=True)
token = jwt.encode({"alg": "RS256"}, {"a": 1}, key)
assert jwt.decode(token, key)["a"] == 1
url, state = OAuth2Session("id", "secret", redirect_uri="http://x").create_authorization_url("http://y/auth", code_verifier="v" * 48)
assert "response_type=code" in url and f"state={state}" in url
assert OAuth1("k", "s").client.client_key == "k"
try:
    msal.ConfidentialClientApplication("id", client_credential="s", authority="http://127.0.0.1:9/t")
    raise SystemExit("no error")
except Exception as error:
    assert "authority" in str(error).lower() or "https" in str(error).lower(), error
