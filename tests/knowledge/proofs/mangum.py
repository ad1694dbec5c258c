# /// script
# requires-python = "==3.12.*"
# dependencies = [
#   "mangum",
# ]
# ///
from mangum import Mangum

async def app(scope, receive, send):
    if scope["type"] == "lifespan":
        while True:
            message = await receive()
            await send({"type": message["type"] + ".complete"})
            if message["type"] == "lifespan.shutdown":
                return
    body = (await receive())["body"]
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/plain")]})
    await send({"type": "http.response.body", "body": scope["path"].encode() + b"|" + body})

v2 = {"version": "2.0", "routeKey": "$default", "rawPath": "/a", "rawQueryString": "x=1", "headers": {"host": "h"}, "body": "hi", "isBase64Encoded": False,
      "requestContext": {"http": {"method": "POST", "path": "/a", "sourceIp": "1.2.3.4", "protocol": "HTTP/1.1"}, "domainName": "d"}}
v1 = {"resource": "/", "path": "/b", "httpMethod": "GET", "headers": {"Host": "h"}, "multiValueHeaders": {"Host": ["h"]}, "queryStringParameters": None,
      "multiValueQueryStringParameters": None, "requestContext": {"resourcePath": "/", "httpMethod": "GET", "identity": {"sourceIp": "1.2.3.4"}}, "body": None, "isBase64Encoded": False}
alb = {"requestContext": {"elb": {"targetGroupArn": "arn"}}, "httpMethod": "GET", "path": "/c", "queryStringParameters": {}, "headers": {"host": "h", "x-forwarded-for": "1.2.3.4"}, "body": "", "isBase64Encoded": False}
import asyncio
asyncio.set_event_loop(asyncio.new_event_loop())
handler = Mangum(app)
assert handler(v2, None)["body"] == "/a|hi"
assert handler(v1, None)["statusCode"] == 200
assert handler(alb, None)["body"] == "/c|"
try:
    handler({"what": 1}, None)
    raise SystemExit("no error")
except RuntimeError as error:
    assert "event" in str(error)
