# /// script
# requires-python = "==3.12.*"
# dependencies = [
#   "starlette",
#   "jinja2",
#   "itsdangerous",
#   "python-multipart",
# ]
# ///
import asyncio
import os
import tempfile
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.middleware.sessions import SessionMiddleware
from starlette.responses import JSONResponse, PlainTextResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.templating import Jinja2Templates

folder = tempfile.mkdtemp()
open(folder + "/a.txt", "w").write("hello")
open(folder + "/page.html", "w").write("<p>{{ name }}</p>")
templates = Jinja2Templates(directory=folder)
async def home(request):
    request.session["n"] = request.session.get("n", 0) + 1
    return JSONResponse({"n": request.session["n"]})
async def page(request):
    return templates.TemplateResponse(request, "page.html", {"name": "<x>"})
async def upload(request):
    form = await request.form()
    return PlainTextResponse(form["a"])
async def boom(request):
    raise RuntimeError("boom")
app = Starlette(debug=True, routes=[Route("/", home), Route("/page", page), Route("/boom", boom), Route("/up", upload, methods=["POST"]), Mount("/s", StaticFiles(directory=folder))],
                middleware=[Middleware(SessionMiddleware, secret_key="k"), Middleware(GZipMiddleware)])
async def call(method, path, body=b"", headers=()):
    sent = []
    bodies = [body]
    async def receive():
        if not bodies:
            await asyncio.sleep(3600)
        return {"type": "http.request", "body": bodies.pop(), "more_body": False}
    async def send(message):
        sent.append(message)
    scope = {"type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": method, "path": path, "raw_path": path.encode(), "query_string": b"",
             "headers": [(b"host", b"x"), *headers], "scheme": "http", "server": ("x", 80), "client": ("y", 1), "root_path": ""}
    try:
        await app(scope, receive, send)
    except RuntimeError:
        pass
    return sent[0]["status"], b"".join(m.get("body", b"") for m in sent[1:])
def go(*args):
    return asyncio.run(call(*args))
assert go("GET", "/") == (200, b'{"n":1}')
assert go("GET", "/page") == (200, b"<p>&lt;x&gt;</p>")
assert go("GET", "/s/a.txt")[1] == b"hello"
assert go("POST", "/up", b"a=1", [(b"content-type", b"application/x-www-form-urlencoded")]) == (200, b"1")
status, text = go("GET", "/boom", b"", [(b"accept", b"text/html")])
assert status == 500 and b"boom" in text
assert go("GET", "/none")[0] == 404
