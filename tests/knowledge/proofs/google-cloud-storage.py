# /// script
# requires-python = "==3.12.*"
# dependencies = [
#   "google-cloud-storage",
# ]
# ///
import http.server
import threading
from google.auth.credentials import AnonymousCredentials
from google.cloud import storage

class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        if "alt=media" in self.path:
            data = b"content"
        elif "/o/" in self.path:
            data = b'{"name": "k", "bucket": "b", "size": "7"}'
        else:
            data = b'{"items": [{"name": "k", "bucket": "b"}]}'
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)
    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        data = b'{"name": "k", "bucket": "b", "size": "3"}'
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)
    def log_message(self, *args):
        pass
server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
threading.Thread(target=server.serve_forever, daemon=True).start()
client = storage.Client(project="p", credentials=AnonymousCredentials(), client_options={"api_endpoint": f"http://127.0.0.1:{server.server_port}"})
bucket = client.bucket("b")
assert [blob.name for blob in client.list_blobs("b")] == ["k"]
blob = bucket.blob("k")
blob.upload_from_string(b"abc")
assert blob.size == 3
assert bucket.get_blob("k").size == 7
assert bucket.blob("k").download_as_bytes(checksum=None) == b"content"
import google_crc32c
assert google_crc32c.value(b"123456789") == 0xE3069283
