# /// script
# requires-python = "==3.12.*"
# dependencies = [
#   "openai",
# ]
# ///
import asyncio
import http.server
import json
import threading
import openai
from openai import AsyncOpenAI, OpenAI

class Handler(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.send_response(200 if body.get("model") != "bad" else 401)
        if body.get("stream"):
            self.send_header("Content-Type", "text/event-stream")
            self.end_headers()
            chunk = {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [{"index": 0, "delta": {"content": "hi"}, "finish_reason": None}]}
            self.wfile.write(b"data: " + json.dumps(chunk).encode() + b"\n\ndata: [DONE]\n\n")
            return
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        if self.path.endswith("/embeddings"):
            answer = {"object": "list", "model": "m", "data": [{"object": "embedding", "index": 0, "embedding": [1.0, 2.0]}], "usage": {"prompt_tokens": 1, "total_tokens": 1}}
        else:
            answer = {"id": "1", "object": "chat.completion", "created": 1, "model": "m", "choices": [{"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": "hello"}}]}
        self.wfile.write(json.dumps(answer).encode())
    def log_message(self, *args):
        pass
server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
threading.Thread(target=server.serve_forever, daemon=True).start()
base = f"http://127.0.0.1:{server.server_port}/v1"
client = OpenAI(api_key="k", base_url=base, max_retries=0)
messages = [{"role": "user", "content": "x"}]
assert client.chat.completions.create(model="m", messages=messages).choices[0].message.content == "hello"
assert "".join(c.choices[0].delta.content for c in client.chat.completions.create(model="m", messages=messages, stream=True)) == "hi"
assert client.embeddings.create(model="m", input="x", encoding_format="float").data[0].embedding == [1.0, 2.0]
try:
    client.chat.completions.create(model="bad", messages=messages)
    raise SystemExit("no error")
except openai.AuthenticationError as error:
    assert error.status_code == 401
async def main():
    client = AsyncOpenAI(api_key="k", base_url=base)
    return (await client.chat.completions.create(model="m", messages=messages)).choices[0].message.content
assert asyncio.run(main()) == "hello"
for name in ("audio", "batches", "beta", "files", "fine_tuning", "images", "models", "moderations", "responses", "uploads", "vector_stores"):
    assert getattr(client, name) is not None, name
from pydantic import BaseModel
class Out(BaseModel):
    a: int
assert openai.pydantic_function_tool(Out)["function"]["name"] == "Out"
assert openai.AzureOpenAI(api_key="k", azure_endpoint="http://x", api_version="1").api_key == "k"
