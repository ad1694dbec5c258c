# /// script
# requires-python = "==3.12.*"
# dependencies = [
#   "slack-sdk",
#   "slack-bolt",
#   "boto3",
# ]
# ///
import json
from slack_bolt import App
from slack_bolt.adapter.aws_lambda import SlackRequestHandler
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

app = App(token="xoxb-1", signing_secret="s", token_verification_enabled=False, request_verification_enabled=False, process_before_response=True)
@app.command("/hi")
def hi(ack):
    ack("hello")
handler = SlackRequestHandler(app)
event = {"requestContext": {"http": {"method": "POST"}}, "headers": {"content-type": "application/x-www-form-urlencoded"}, "body": "command=%2Fhi&team_id=T&user_id=U&channel_id=C&token=x", "isBase64Encoded": False}
class Context:
    function_name = "f"
    invoked_function_arn = "arn:aws:lambda:eu-west-1:1:function:f"
answer = handler.handle(event, Context())
assert answer["statusCode"] in (200, 500), answer
import http.server
import threading
class Handler(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        data = json.dumps({"ok": self.path.endswith("auth.test"), "error": "no"}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(data)
    def log_message(self, *args):
        pass
server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
threading.Thread(target=server.serve_forever, daemon=True).start()
client = WebClient("xoxb-1", base_url=f"http://127.0.0.1:{server.server_port}/api/")
assert client.auth_test()["ok"]
try:
    client.chat_postMessage(channel="C", text="x")
    raise SystemExit("no error")
except SlackApiError as error:
    assert error.response["error"] == "no"
from slack_sdk.models.blocks import SectionBlock
assert SectionBlock(text="x").to_dict()["type"] == "section"
