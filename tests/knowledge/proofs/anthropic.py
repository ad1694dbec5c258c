# /// script
# requires-python = "==3.12.*"
# dependencies = [
#   "anthropic",
# ]
# ///
import asyncio
import http.server
import json
import threading
import anthropic

class Handler(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.send_response(200 if body["model"] != "bad" else 429)
        message = {"id": "1", "type": "message", "role": "assistant", "model": "m", "content": [{"type": "text", "text": "hello"}], "stop_reason": "end_turn", "stop_sequence": None, "usage": {"input_tokens": 1, "output_tokens": 1}}
        if body.get("stream"):
            self.send_header("Content-Type", "text/event-stream")
            self.end_headers()
            for kind, data in (("message_start", {"message": message | {"content": []}}), ("content_block_start", {"index": 0, "content_block": {"type": "text", "text": ""}}),
                               ("content_block_delta", {"index": 0, "delta": {"type": "text_delta", "text": "hi"}}), ("content_block_stop", {"index": 0}),
                               ("message_delta", {"delta": {"stop_reason": "end_turn", "stop_sequence": None}, "usage": {"output_tokens": 1}}), ("message_stop", {})):
                self.wfile.write(f"event: {kind}\ndata: {json.dumps({'type': kind} | data)}\n\n".encode())
            return
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(json.dumps(message).encode())
    def log_message(self, *args):
        pass
server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
threading.Thread(target=server.serve_forever, daemon=True).start()
base = f"http://127.0.0.1:{server.server_port}"
client = anthropic.Anthropic(api_key="k", base_url=base, max_retries=0)
ask = {"model": "m", "max_tokens": 5, "messages": [{"role": "user", "content": "x"}]}
assert client.messages.create(**ask).content[0].text == "hello"
with client.messages.stream(**ask) as stream:
    assert stream.get_final_text() == "hi"
try:
    client.messages.create(**(ask | {"model": "bad"}))
    raise SystemExit("no error")
except anthropic.RateLimitError as error:
    assert error.status_code == 429
async def main():
    return (await anthropic.AsyncAnthropic(api_key="k", base_url=base).messages.create(**ask)).content[0].text
assert asyncio.run(main()) == "hello"
assert client.models is not None and client.beta.messages is not None and client.messages.batches is not None
