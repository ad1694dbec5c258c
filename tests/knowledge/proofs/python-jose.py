# /// script
# requires-python = "==3.12.*"
# dependencies = [
#   "python-jose[cryptography]",
# ]
# ///
from jose import jwe, jwk, jws, jwt
from jose.exceptions import JWTError

token = jwt.encode({"a": 1}, "secret", algorithm="HS256")
assert jwt.decode(token, "secret", algorithms=["HS256"]) == {"a": 1}
try:
    jwt.decode(token, "wrong", algorithms=["HS256"])
    raise SystemExit("no error")
except JWTError:
    pass
assert jws.verify(jws.sign({"b": 2}, "s", algorithm="HS384"), "s", ["HS384"]) == b'{"b":2}'
key = jwk.construct({"kty": "oct", "k": "c2VjcmV0"}, "HS256")
assert key.verify(b"m", key.sign(b"m"))
assert jwe.decrypt(jwe.encrypt("t", "0" * 16, algorithm="dir", encryption="A128GCM"), "0" * 16) == b"t"
