# /// script
# requires-python = "==3.12.*"
# dependencies = [
#   "httpcore",
#   "anyio",
# ]
# ///
import asyncio
import http.server
import threading
import httpcore

class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"ok")
    def log_message(self, *args):
        pass
server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
threading.Thread(target=server.serve_forever, daemon=True).start()
base = f"http://127.0.0.1:{server.server_port}"
assert httpcore.request("GET", base).content == b"ok"
async def main():
    async with httpcore.AsyncConnectionPool() as pool:
        assert (await pool.request("GET", base)).content == b"ok"
asyncio.run(main())
try:
    httpcore.request("GET", "http://127.0.0.1:9")
    raise SystemExit("no error")
except httpcore.ConnectError:
    pass
