# /// script
# requires-python = "==3.12.*"
# dependencies = [
#   "pycryptodome",
# ]
# ///
import hashlib
from Crypto.Cipher import AES, ChaCha20_Poly1305, PKCS1_OAEP
from Crypto.Hash import SHA256
from Crypto.Protocol.KDF import scrypt
from Crypto.PublicKey import RSA, ECC
from Crypto.Signature import DSS, pkcs1_15

key = bytes(range(32))
cipher = AES.new(key, AES.MODE_GCM, nonce=b"0" * 12)
sealed, tag = cipher.encrypt_and_digest(b"secret")
assert AES.new(key, AES.MODE_GCM, nonce=b"0" * 12).decrypt_and_verify(sealed, tag) == b"secret"
assert AES.new(key, AES.MODE_CTR, nonce=b"0" * 8).encrypt(b"abc") != b"abc"
box = ChaCha20_Poly1305.new(key=key)
assert len(box.encrypt_and_digest(b"x")[1]) == 16
assert SHA256.new(b"abc").digest() == hashlib.sha256(b"abc").digest()
assert len(scrypt("pw", "salt", 16, N=2, r=1, p=1)) == 16
pair = RSA.generate(1024)
assert PKCS1_OAEP.new(pair).decrypt(PKCS1_OAEP.new(pair.public_key()).encrypt(b"m")) == b"m"
digest = SHA256.new(b"m")
pkcs1_15.new(pair).verify(digest, pkcs1_15.new(pair).sign(digest))
curve = ECC.generate(curve="P-256")
DSS.new(curve, "fips-186-3").verify(digest, DSS.new(curve, "fips-186-3").sign(digest))
assert RSA.import_key(pair.export_key("PEM", passphrase="p", pkcs=8), passphrase="p").n == pair.n
