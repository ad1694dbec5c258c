# /// script
# requires-python = "==3.12.*"
# dependencies = [
#   "urllib3",
#   "brotli",
# ]
#
# [tool.proof]
# pins = [
#   "urllib3: drop /urllib3/contrib/emscripten/",
# ]
# ///
import gzip
import io
import http.server
import threading
import urllib3
from urllib3.util import Retry, Timeout

class Handler(http.server.BaseHTTPRequestHandler):
    hits = 0
    def do_GET(self):
        Handler.hits += 1
        if Handler.hits == 1:
            self.send_response(503)
            self.end_headers()
            return
        data = gzip.compress(b"hello")
        self.send_response(200)
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)
    def do_POST(self):
        data = self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.end_headers()
        self.wfile.write(data)
    def log_message(self, *args):
        pass
server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
threading.Thread(target=server.serve_forever, daemon=True).start()
base = f"http://127.0.0.1:{server.server_port}/"
pool = urllib3.PoolManager(retries=Retry(3, status_forcelist=[503], backoff_factor=0), timeout=Timeout(3))
assert pool.request("GET", base).data == b"hello"
assert b"name=\"a\"" in pool.request("POST", base, fields={"a": "1", "f": ("n.txt", "x")}).data
assert pool.request("POST", base, json={"a": 1}).json() == {"a": 1}
try:
    pool.request("GET", "http://127.0.0.1:9/", retries=False)
    raise SystemExit("no error")
except urllib3.exceptions.NewConnectionError:
    pass
assert urllib3.util.parse_url("https://u:p@h:1/x?y#z").port == 1
proxy = urllib3.ProxyManager("http://127.0.0.1:9", retries=False)
try:
    proxy.request("GET", base)
    raise SystemExit("no error")
except urllib3.exceptions.HTTPError:
    pass
assert "br" in urllib3.util.make_headers(accept_encoding=True)["accept-encoding"].split(",")
answer = urllib3.HTTPResponse(body=io.BytesIO(b"\x0b\x02\x80hello\x03"), headers={"content-encoding": "br"}, preload_content=False)
assert answer.read() == b"hello"
