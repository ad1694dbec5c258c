# /// script
# requires-python = "==3.12.*"
# dependencies = [
#   "PyJWT[crypto]",
# ]
# ///
import datetime
import jwt

token = jwt.encode({"sub": "1", "exp": datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(minutes=1), "aud": "a"}, "k" * 32, algorithm="HS256")
assert jwt.decode(token, "k" * 32, algorithms=["HS256"], audience="a")["sub"] == "1"
for wrong, error in (({"key": "x" * 32, "audience": "a"}, jwt.InvalidSignatureError), ({"key": "k" * 32, "audience": "b"}, jwt.InvalidAudienceError)):
    try:
        jwt.decode(token, algorithms=["HS256"], **wrong)
        raise SystemExit("no error")
    except error:
        pass
assert jwt.get_unverified_header(token)["alg"] == "HS256"
algorithms = jwt.get_algorithm_by_name("RS256")
jwk = {"kty": "oct", "k": "a2V5", "alg": "HS256", "kid": "1"}
assert jwt.PyJWK(jwk).key_id == "1"
assert jwt.PyJWKClient("https://x.invalid/jwks").uri.endswith("jwks")
rsa = jwt.algorithms.RSAAlgorithm(jwt.algorithms.RSAAlgorithm.SHA256)
from cryptography.hazmat.primitives.asymmetric import rsa as r
key = r.generate_private_key(65537, 2048)
signed = jwt.encode({"a": 1}, key, algorithm="RS256")
assert jwt.decode(signed, key.public_key(), algorithms=["RS256"]) == {"a": 1}
