# /// script
# requires-python = "==3.12.*"
# dependencies = [
#   "passlib",
#   "bcrypt<4.1",
#   "argon2-cffi",
#   "itsdangerous",
#   "pyotp",
#   "qrcode[pil]",
# ]
# ///
import io
import argon2
import bcrypt
import itsdangerous
import pyotp
import qrcode
from passlib.context import CryptContext
from passlib.hash import pbkdf2_sha256

assert pbkdf2_sha256.verify("p", pbkdf2_sha256.hash("p"))
context = CryptContext(schemes=["bcrypt", "argon2", "sha512_crypt", "md5_crypt"])
for scheme in context.schemes():
    assert context.verify("p", context.hash("p", scheme=scheme)), scheme
assert argon2.PasswordHasher().verify(argon2.PasswordHasher().hash("p"), "p")
assert bcrypt.checkpw(b"p", bcrypt.hashpw(b"p", bcrypt.gensalt(4)))
assert itsdangerous.URLSafeTimedSerializer("k").loads(itsdangerous.URLSafeTimedSerializer("k").dumps([1])) == [1]
code = pyotp.TOTP("JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")
assert code.verify(code.now())
out = io.BytesIO()
qrcode.make("x").save(out)
assert out.getvalue()[:4]
