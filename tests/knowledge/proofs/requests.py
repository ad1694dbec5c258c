# /// script
# requires-python = "==3.12.*"
# dependencies = [
#   "requests",
#   "pysocks",
# ]
# ///
import http.server
import threading
import requests

class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        if self.path == "/redirect":
            self.send_response(302)
            self.send_header("Location", "/")
            self.end_headers()
            return
        data = "äöü grüße aus köln".encode("latin-1")
        self.send_response(200 if self.path == "/" else 404)
        self.send_header("Content-Type", "text/plain")
        self.send_header("Set-Cookie", "a=b")
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
base = f"http://127.0.0.1:{server.server_port}"
with requests.Session() as session:
    answer = session.get(base + "/redirect", auth=("u", "p"), timeout=5)
    assert answer.status_code == 200 and answer.history[0].status_code == 302
    assert session.cookies["a"] == "b"
    assert "gr" in answer.text and answer.apparent_encoding
    sent = session.post(base + "/", json={"x": 1})
    assert sent.json() == {"x": 1}
    assert b'filename="f"' in session.post(base + "/", files={"f": ("f", b"data")}).content
    try:
        session.get(base + "/none").raise_for_status()
        raise SystemExit("no error")
    except requests.HTTPError as error:
        assert error.response.status_code == 404
try:
    requests.get(base, proxies={"http": "socks5://127.0.0.1:9"}, timeout=2)
    raise SystemExit("no error")
except requests.ConnectionError:
    pass
try:
    requests.get("https://127.0.0.1:9/", timeout=2)
    raise SystemExit("no error")
except requests.ConnectionError:
    pass
try:
    requests.get("http://müller.invalid/", timeout=2)
    raise SystemExit("no error")
except requests.RequestException:
    pass
assert requests.certs.where().endswith("cacert.pem")
import os
assert os.path.exists(requests.certs.where())
