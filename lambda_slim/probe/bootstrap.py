"""Starts a handler the way the managed runtime does. Run as `python -I -S -B bootstrap.py` with these variables:

LAMBDA_TASK_ROOT      the unpacked package
_HANDLER              module.function
AWS_LAMBDA_RUNTIME_API host:port of a Runtime API
SLIM_RIC              folder with awslambdaric, or empty for the small client below
SLIM_TRACE            file that gets what was touched, a JSON document a line; empty for no trace

The order is that of /var/runtime/bootstrap.py: awslambdaric is imported before the package joins sys.path, so what it
imports is already there when the handler asks for it, and .pth files at the package's root are run.
"""

import os
import site
import sys


def start_trace(path, root):
    """Records what is opened, listed and loaded below `root`; each thing is written at once, for we may be killed."""
    import json

    out = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    seen = set()
    state = {"phase": "init", "busy": False}
    prefix = root + os.sep

    def say(kind, what, **more):
        key = (kind, what)
        if key not in seen:
            seen.add(key)
            os.write(out, (json.dumps({"kind": kind, "what": what, "phase": state["phase"], **more}) + "\n").encode())

    def inside(path):
        if isinstance(path, bytes):
            path = os.fsdecode(path)
        if not isinstance(path, str) or path in ("built-in", "frozen", "namespace"):
            return None
        full = os.path.normpath(os.path.join(os.getcwd(), path))
        if full == root:
            return "."
        return full[len(prefix) :] if full.startswith(prefix) else None

    def asker():
        frame = sys._getframe(2)
        while frame and frame.f_code.co_filename == __file__:
            frame = frame.f_back
        return frame.f_code.co_filename if frame else ""

    def hook(event, arguments):
        if state["busy"] or event not in ("open", "os.listdir", "os.scandir", "ctypes.dlopen", "import"):
            return
        state["busy"] = True
        try:
            what = inside(arguments[0] if event != "import" else arguments[1])
            if what is None:
                return
            if event == "open":
                say("open", what, importer=asker().startswith("<frozen importlib"))
            elif event in ("os.listdir", "os.scandir"):
                if not asker().startswith("<frozen importlib"):
                    say("list", what)
            else:
                say("load", what)
        except Exception:
            pass
        finally:
            state["busy"] = False

    def snapshot():
        """Modules and mapped libraries as they are now; the phase changes with the first call."""
        state["busy"] = True
        for name, module in list(sys.modules.items()):
            spec = getattr(module, "__spec__", None)
            file = getattr(module, "__file__", None) or getattr(spec, "origin", None)
            cached = getattr(spec, "cached", None)
            what = inside(file) if isinstance(file, str) else None
            parts = [inside(one) for one in getattr(module, "__path__", ()) or () if isinstance(one, str)]
            if what or any(parts):
                say("module", name, path=what or "", cached=(inside(cached) or "") if isinstance(cached, str) else "")
        try:
            with open("/proc/self/maps") as maps:
                for line in maps:
                    what = inside(line.rstrip("\n").split(None, 5)[-1]) if "/" in line else None
                    if what:
                        say("map", what)
        except OSError:
            pass
        state["busy"] = False
        state["phase"] = "event"

    sys.addaudithook(hook)
    return snapshot


def small_client(handler, snapshot):
    """A minimal runtime client, for where awslambdaric cannot be installed: same order, plain results and errors."""
    import http.client
    import importlib
    import json

    api = http.client.HTTPConnection(os.environ["AWS_LAMBDA_RUNTIME_API"])
    base = "/2018-06-01/runtime/"

    def call(method, path, body=None):
        api.request(method, base + path, body)
        answer = api.getresponse()
        return answer, answer.read()

    def failure(error):
        return json.dumps({"errorMessage": str(error), "errorType": type(error).__name__})

    class Context:
        def __init__(self, request):
            self.aws_request_id = request
            self.function_name = os.environ.get("AWS_LAMBDA_FUNCTION_NAME", "")
            self.function_version = "$LATEST"
            self.memory_limit_in_mb = os.environ.get("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "128")
            self.invoked_function_arn = "arn:aws:lambda:us-east-1:123456789012:function:" + self.function_name
            self.log_group_name = self.log_stream_name = ""
            self.identity = self.client_context = None

        def get_remaining_time_in_millis(self):
            return 30000

    try:
        module, _, name = handler.replace("/", ".").rpartition(".")
        function = getattr(importlib.import_module(module), name)
    except BaseException as error:
        call("POST", "init/error", failure(error))
        sys.exit(1)
    while True:
        snapshot()
        answer, body = call("GET", "invocation/next")
        request = answer.getheader("Lambda-Runtime-Aws-Request-Id")
        try:
            result = json.dumps(function(json.loads(body), Context(request)))
        except Exception as error:
            call("POST", "invocation/%s/error" % request, failure(error))
        else:
            call("POST", "invocation/%s/response" % request, result)


def main():
    """Everything before the handler's module."""
    root = os.environ["LAMBDA_TASK_ROOT"]
    handler = os.environ["_HANDLER"]
    ric = os.environ.pop("SLIM_RIC", "")
    trace = os.environ.pop("SLIM_TRACE", "")
    sys.path[:] = [one for one in sys.path if one != os.path.dirname(os.path.abspath(__file__))]
    client = None
    if ric:
        sys.path.insert(0, ric)
        import awslambdaric.__main__ as client

        sys.path.remove(ric)
        sys.path.append(ric)
    sys.path.insert(0, root)
    snapshot = start_trace(trace, root) if trace else lambda: None
    site.addsitedir(root)
    if client is None:
        return small_client(handler, snapshot)
    from awslambdaric.lambda_runtime_client import LambdaRuntimeClient

    wait = LambdaRuntimeClient.wait_next_invocation

    def wait_next_invocation(self):
        snapshot()
        return wait(self)

    LambdaRuntimeClient.wait_next_invocation = wait_next_invocation
    client.main([root, handler])
    return None


main()
