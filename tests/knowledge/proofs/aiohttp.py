# /// script
# requires-python = "==3.12.*"
# dependencies = [
#   "aiohttp",
#   "aiodns",
#   "brotli",
# ]
# ///
import asyncio
import aiohttp
from aiohttp import web

async def main():
    async def hello(request):
        return web.json_response({"q": request.query.get("q")})
    async def post(request):
        data = await request.post()
        return web.Response(text=data["a"])
    async def socket(request):
        ws = web.WebSocketResponse()
        await ws.prepare(request)
        async for message in ws:
            await ws.send_str(message.data + "!")
            await ws.close()
        return ws
    app = web.Application()
    app.add_routes([web.get("/", hello), web.post("/p", post), web.get("/ws", socket)])
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    base = f"http://127.0.0.1:{runner.addresses[0][1]}"
    async with aiohttp.ClientSession() as session:
        async with session.get(base, params={"q": "x"}) as answer:
            assert await answer.json() == {"q": "x"}
        form = aiohttp.FormData()
        form.add_field("a", "1")
        async with session.post(base + "/p", data=form) as answer:
            assert await answer.text() == "1"
        async with session.ws_connect(base + "/ws") as ws:
            await ws.send_str("hi")
            assert (await ws.receive()).data == "hi!"
        async with session.get(base + "/none") as answer:
            assert answer.status == 404
        try:
            await session.get("http://127.0.0.1:9/")
            raise SystemExit("no error")
        except aiohttp.ClientConnectorError:
            pass
    await runner.cleanup()
asyncio.run(main())
from aiohttp import resolver
assert resolver.DefaultResolver is resolver.AsyncResolver
assert "br" in aiohttp.client_reqrep.ClientRequest.DEFAULT_HEADERS[aiohttp.hdrs.ACCEPT_ENCODING]
