# /// script
# requires-python = "==3.12.*"
# dependencies = [
#   "cryptography",
#   "bcrypt",
# ]
# ///
import datetime
from cryptography import x509
from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives import hashes, hmac, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.pbkdf2 import PBKDF2HMAC

key = rsa.generate_private_key(65537, 2048)
signature = key.sign(b"m", padding.PSS(padding.MGF1(hashes.SHA256()), padding.PSS.MAX_LENGTH), hashes.SHA256())
key.public_key().verify(signature, b"m", padding.PSS(padding.MGF1(hashes.SHA256()), padding.PSS.MAX_LENGTH), hashes.SHA256())
pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.BestAvailableEncryption(b"p"))
assert serialization.load_pem_private_key(pem, b"p").key_size == 2048
ssh = ed25519.Ed25519PrivateKey.generate().public_key().public_bytes(serialization.Encoding.OpenSSH, serialization.PublicFormat.OpenSSH)
assert serialization.load_ssh_public_key(ssh)
name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "a")])
now = datetime.datetime(2024, 1, 1)
certificate = (x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(5).not_valid_before(now)
               .not_valid_after(now + datetime.timedelta(1)).add_extension(x509.SubjectAlternativeName([x509.DNSName("x.y")]), False).sign(key, hashes.SHA256()))
again = x509.load_pem_x509_certificate(certificate.public_bytes(serialization.Encoding.PEM))
assert again.extensions.get_extension_for_class(x509.SubjectAlternativeName).value.get_values_for_type(x509.DNSName) == ["x.y"]
fernet = Fernet(Fernet.generate_key())
assert fernet.decrypt(fernet.encrypt(b"s")) == b"s"
try:
    fernet.decrypt(b"bad")
    raise SystemExit("no error")
except InvalidToken:
    pass
gcm = AESGCM(AESGCM.generate_key(128))
assert gcm.decrypt(b"0" * 12, gcm.encrypt(b"0" * 12, b"t", None), None) == b"t"
assert len(PBKDF2HMAC(hashes.SHA256(), 32, b"salt", 10).derive(b"p")) == 32
curve = ec.generate_private_key(ec.SECP256R1())
assert curve.exchange(ec.ECDH(), curve.public_key())
mac = hmac.HMAC(b"k", hashes.SHA256())
mac.update(b"x")
assert len(mac.finalize()) == 32
locked = ed25519.Ed25519PrivateKey.generate().private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.OpenSSH, serialization.BestAvailableEncryption(b"p"))
assert type(serialization.load_ssh_private_key(locked, b"p")).__name__ == "Ed25519PrivateKey"
