# /// script
# requires-python = "==3.12.*"
# dependencies = [
#   "google-auth",
#   "requests",
#   "cryptography",
# ]
# ///
import json
import os
import tempfile
import google.auth
from google.auth import jwt
from google.auth.transport.requests import AuthorizedSession
from google.oauth2 import credentials, service_account
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

key = rsa.generate_private_key(65537, 2048)
pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()).decode()
info = {"type": "service_account", "client_email": "a@b.c", "private_key": pem, "private_key_id": "1", "token_uri": "http://127.0.0.1:9/t", "project_id": "p"}
account = service_account.Credentials.from_service_account_info(info, scopes=["s"])
assert account.service_account_email == "a@b.c"
assert len(account.sign_bytes(b"x")) == 256
token = jwt.encode(account.signer, {"aud": "x", "iat": 1, "exp": 2})
assert jwt.decode(token, verify=False)["aud"] == "x"
path = os.path.join(tempfile.mkdtemp(), "sa.json")
open(path, "w").write(json.dumps(info))
os.environ["GOOGLE_APPLICATION_CREDENTIALS"] = path
found, project = google.auth.default(scopes=["s"])
assert project == "p"
open(path, "w").write(json.dumps({"type": "external_account", "audience": "//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/providers/q", "subject_token_type": "urn:ietf:params:aws:token-type:aws4_request",
      "token_url": "https://sts.googleapis.com/v1/token", "credential_source": {"environment_id": "aws1", "region_url": "http://127.0.0.1:9/r", "url": "http://127.0.0.1:9/u", "regional_cred_verification_url": "https://sts.{region}.amazonaws.com?Action=GetCallerIdentity&Version=2011-06-15"}}))
try:
    google.auth.default(scopes=["s"])
except google.auth.exceptions.GoogleAuthError as error:
    assert "127.0.0.1" in str(error), error
import sys
assert "google.auth.aws" in sys.modules
try:
    AuthorizedSession(account).get("http://127.0.0.1:9/")
    raise SystemExit("no error")
except google.auth.exceptions.TransportError:
    pass
assert credentials.Credentials("t").token == "t"
