# /// script
# requires-python = "==3.12.*"
# dependencies = [
#   "fastapi",
#   "python-multipart",
#   "httpx",
# ]
# ///
import asyncio
import json
from fastapi import APIRouter, BackgroundTasks, Depends, FastAPI, Form, HTTPException, Query, WebSocket
from fastapi.middleware.cors import CORSMiddleware
from fastapi.responses import HTMLResponse, RedirectResponse, StreamingResponse
from fastapi.security import OAuth2PasswordBearer
from pydantic import BaseModel

app = FastAPI(title="t")
app.add_middleware(CORSMiddleware, allow_origins=["*"])
class Item(BaseModel):
    name: str
    price: float
@app.get("/items/{item_id}")
def read(item_id: int, q: str | None = Query(None, max_length=3)):
    if item_id == 0:
        raise HTTPException(404, "none")
    return {"id": item_id, "q": q}
@app.post("/items", status_code=201)
async def write(item: Item, tasks: BackgroundTasks) -> Item:
    tasks.add_task(lambda: None)
    return item
@app.post("/form")
def form(a: str = Form()):
    return {"a": a}
@app.get("/me")
def me(token: str = Depends(OAuth2PasswordBearer(tokenUrl="t"))):
    return token

async def call(method, path, body=b"", headers=()):
    sent = []
    bodies = [body]
    async def receive():
        if not bodies:
            await asyncio.sleep(3600)
        return {"type": "http.request", "body": bodies.pop(), "more_body": False}
    async def send(message):
        sent.append(message)
    path, _, query = path.partition("?")
    scope = {"type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": method, "path": path, "raw_path": path.encode(),
             "query_string": query.encode(), "headers": [(b"host", b"x"), *headers], "scheme": "http", "server": ("x", 80), "client": ("y", 1), "root_path": ""}
    await app(scope, receive, send)
    return sent[0]["status"], b"".join(m.get("body", b"") for m in sent[1:])

def go(*args):
    return asyncio.run(call(*args))
assert go("GET", "/items/3?q=ab") == (200, b'{"id":3,"q":"ab"}')
assert go("GET", "/items/x")[0] == 422
assert go("GET", "/items/3?q=abcd")[0] == 422
assert go("GET", "/items/0") == (404, b'{"detail":"none"}')
assert go("POST", "/items", b'{"name":"n","price":1}', [(b"content-type", b"application/json")])[0] == 201
assert go("POST", "/form", b"a=1", [(b"content-type", b"application/x-www-form-urlencoded")]) == (200, b'{"a":"1"}')
multi = b'--B\r\nContent-Disposition: form-data; name="a"\r\n\r\nz\r\n--B--\r\n'
assert go("POST", "/form", multi, [(b"content-type", b"multipart/form-data; boundary=B")]) == (200, b'{"a":"z"}')
assert go("GET", "/me")[0] == 401
assert json.loads(go("GET", "/openapi.json")[1])["info"]["title"] == "t"
assert b"swagger" in go("GET", "/docs")[1].lower()
assert go("GET", "/redoc")[0] == 200
assert go("GET", "/nope")[0] == 404
