# /// script
# requires-python = "==3.12.*"
# dependencies = [
#   "uvicorn[standard]",
# ]
# ///
import asyncio
import urllib.request
import uvicorn

async def app(scope, receive, send):
    if scope["type"] == "http":
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"hi"})
async def main():
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="error", lifespan="off"))
    task = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.05)
    port = server.servers[0].sockets[0].getsockname()[1]
    text = await asyncio.to_thread(lambda: urllib.request.urlopen(f"http://127.0.0.1:{port}/").read())
    server.should_exit = True
    await task
    return text
assert asyncio.run(main()) == b"hi"
for kind in ("asyncio", "uvloop"):
    assert uvicorn.Config(app, loop=kind).loop == kind
