import base64
import io

from shop import create_app

application = create_app()


def handler(event, context):
    http = event["requestContext"]["http"]
    body = event.get("body") or ""
    data = base64.b64decode(body) if event.get("isBase64Encoded") else body.encode()
    environ = {
        "REQUEST_METHOD": http["method"], "PATH_INFO": http["path"], "QUERY_STRING": event.get("rawQueryString", ""),
        "SERVER_NAME": "lambda", "SERVER_PORT": "443", "SERVER_PROTOCOL": "HTTP/1.1", "wsgi.version": (1, 0), "wsgi.url_scheme": "https",
        "wsgi.input": io.BytesIO(data), "wsgi.errors": io.StringIO(), "wsgi.multithread": False, "wsgi.multiprocess": False, "wsgi.run_once": False,
        "CONTENT_LENGTH": str(len(data)), "CONTENT_TYPE": event.get("headers", {}).get("content-type", ""),
    }
    answer = {}

    def start(status, headers, exc_info=None):
        answer["statusCode"] = int(status.split()[0])
        answer["type"] = dict(headers).get("Content-Type")

    answer["body"] = b"".join(application(environ, start)).decode()
    return answer
