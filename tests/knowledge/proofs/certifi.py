# /// script
# requires-python = "==3.12.*"
# dependencies = [
#   "certifi",
# ]
# ///
import ssl
import certifi

context = ssl.create_default_context(cafile=certifi.where())
assert context.cert_store_stats()["x509_ca"] > 100
assert "BEGIN CERTIFICATE" in certifi.contents()
