# /// script
# requires-python = "==3.12.*"
# dependencies = [
#   "gunicorn",
# ]
# ///
from gunicorn.config import Config
from gunicorn.util import import_app, load_class
from gunicorn.http.parser import RequestParser

config = Config()
config.set("bind", "127.0.0.1:8000")
config.set("worker_class", "gthread")
assert config.worker_class.__name__ == "ThreadWorker"
assert config.logger_class.__name__ == "Logger"
assert load_class("sync").__name__ == "SyncWorker"
parser = RequestParser(config, iter([b"GET /a?b=1 HTTP/1.1\r\nHost: x\r\n\r\n"]), None)
request = next(parser)
assert request.path == "/a" and request.query == "b=1"
