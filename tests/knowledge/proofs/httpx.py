# /// script
# requires-python = "==3.12.*"
# dependencies = [
#   "httpx[http2,socks]",
# ]
# ///
import asyncio
import http.server
import threading
import httpx

class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(b'{"a": 1}')
    def log_message(self, *args):
        pass
server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
threading.Thread(target=server.serve_forever, daemon=True).start()
base = f"http://127.0.0.1:{server.server_port}"
with httpx.Client(base_url=base, http2=True, timeout=5) as client:
    assert client.get("/", params={"q": "ä"}).json() == {"a": 1}
    with client.stream("GET", "/") as answer:
        assert list(answer.iter_lines()) == ['{"a": 1}']
async def main():
    async with httpx.AsyncClient() as client:
        first, second = await asyncio.gather(client.get(base), client.get(base))
        assert first.json() == second.json() == {"a": 1}
        try:
            await client.get("http://127.0.0.1:9/")
            raise SystemExit("no error")
        except httpx.ConnectError:
            pass
asyncio.run(main())
def answer(request):
    return httpx.Response(201, text=request.url.path)
assert httpx.Client(transport=httpx.MockTransport(answer)).put("http://x/p").text == "/p"
async def app(scope, receive, send):
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"asgi"})
async def asgi():
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app)) as client:
        assert (await client.get("http://x/")).text == "asgi"
asyncio.run(asgi())
try:
    httpx.Client(proxy="socks5://127.0.0.1:9").get("http://x.invalid/")
    raise SystemExit("no error")
except httpx.HTTPError:
    pass
