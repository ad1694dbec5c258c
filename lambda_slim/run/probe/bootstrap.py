"""Starts a handler the way the managed runtime does. Run as `python -s -S -B bootstrap.py` with these variables:

LAMBDA_TASK_ROOT      the unpacked package
_HANDLER              module.function
AWS_LAMBDA_RUNTIME_API host:port of a Runtime API
SLIM_RIC              folder with awslambdaric, or empty for the small client below
SLIM_SDK              folder with boto3, or empty where there is none beside the package
SLIM_BYTECODE         folder with bytecode of the package's sources, see `lay_bytecode`; or empty
SLIM_RECORD           file that gets what was recorded, a JSON document a line
SLIM_TRACE            1 to record all that is touched; else only what is asked of the network
SLIM_LOADED           1 to record which modules of the package were loaded whenever it waits for an event
SLIM_NETWORK          1 to leave the network alone; else only this machine can be reached
SLIM_STARTUP          the number of events, to record what importing changed after INIT and after each; or empty
SLIM_WATCH            file with a JSON request of `startup.py`
SLIM_TRIAL            file with a JSON request of `imports.py`, and in "after" the number of events: it is answered when
                      these are, and the record says when that begins; or empty
SLIM_OPENING          folder with what handlers begin with, to live many lives from there, see `opening.py`; or empty

The order is that of /var/runtime/bootstrap.py: awslambdaric is imported before the package joins sys.path, so what it
imports is already there when the handler asks for it, and .pth files at the package's root are run.
"""

import os
import site
import sys
import time

ENTRANCE = {"__file__": os.path.join(os.path.dirname(os.path.abspath(__file__)), "entrance.py")}
with open(ENTRANCE["__file__"]) as script:
    exec(compile(script.read(), ENTRANCE["__file__"], "exec"), ENTRANCE)
load_script = ENTRANCE["load_script"]


def small_client(handler, waits):
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
        waits()
        answer, body = call("GET", "invocation/next")
        request = answer.getheader("Lambda-Runtime-Aws-Request-Id")
        try:
            result = json.dumps(function(json.loads(body), Context(request)))
        except Exception as error:
            call("POST", "invocation/%s/error" % request, failure(error))
        else:
            call("POST", "invocation/%s/response" % request, result)


def watch_startup(record, root, events, request):
    """Has a snapshot of the process written each time that the function waits for an event."""
    import json

    out = os.open(record, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)

    def write(row):
        os.write(out, (json.dumps({"kind": "startup", "what": row}) + "\n").encode())

    with open(request) as file:
        return load_script("startup")["start_watch"](write, root, events, json.load(file))


def timed_init(say, snapshot, before=0.0):
    """What to do when the function waits for an event: the first time, to say what INIT took, `before` included."""
    begun = [time.process_time() - before]

    def waits():
        if begun:
            say("init", max(1, round((time.process_time() - begun.pop()) * 1e6)))  # 0 is what was not timed
        snapshot()

    return waits


def with_trial(say, place, root, waits):
    """Tries imports once all events are answered, where that is asked for; what is printed then is not told."""
    if not place:
        return waits
    import _thread
    import json

    with open(place) as file:
        request = json.load(file)
    left = [request["after"]]

    def wait():
        waits()
        left[0] -= 1
        if left[0] != -1:
            return
        say("trial", "begins")
        nowhere = os.open(os.devnull, os.O_WRONLY)
        for number in (1, 2):
            os.dup2(nowhere, number)
        if _thread.get_ident() == main_thread:  # others get no alarms
            os.chdir(root)
            ENTRANCE["use_bytecode"](request.get("bytecode", ""), root)
            say("tried", json.dumps(load_script("trial")["try_all"](request, root)))

    main_thread = _thread.get_ident()
    return wait


def watch_loaded(say, root):
    """Has the names of modules that come from the package written each time that the function waits for an event."""
    told = set()

    def place(module):
        try:  # asked in a way that brings nothing: some modules load others when they are looked at
            return str(object.__getattribute__(module, "__dict__").get("__file__"))
        except Exception:
            return ""

    def note():
        fresh = [name for name, module in list(sys.modules.items()) if place(module).startswith(root + os.sep)]
        fresh = [name for name in fresh if name not in told]
        told.update(fresh)
        say("loaded", "\n".join(fresh))

    return note


def main():
    """Everything before the handler's module."""
    root = os.environ["LAMBDA_TASK_ROOT"]
    handler = os.environ["_HANDLER"]
    ric, sdk = (os.environ.pop("SLIM_" + name, "") for name in ("RIC", "SDK"))
    layers, bytecode = os.environ.pop("SLIM_LAYERS", ""), os.environ.pop("SLIM_BYTECODE", "")
    record, trace, network = (os.environ.pop("SLIM_" + name, "") for name in ("RECORD", "TRACE", "NETWORK"))
    loaded, trial = os.environ.pop("SLIM_LOADED", ""), os.environ.pop("SLIM_TRIAL", "")
    startup, watch = os.environ.pop("SLIM_STARTUP", ""), os.environ.pop("SLIM_WATCH", "")
    opening = os.environ.pop("SLIM_OPENING", "")
    client = ENTRANCE["load_client"](ric)
    ENTRANCE["join_path"](root, sdk, layers.split(os.pathsep) if layers else [])
    ENTRANCE["use_bytecode"](bytecode, root)
    tracer = load_script("tracer")
    recorders = [tracer["recorder"](record) if record else lambda *_, **__: None]

    def say(*what, **more):
        recorders[-1](*what, **more)

    if not network:
        tracer["guard_network"](say)
    snapshot = tracer["start_trace"](say, [root]) if trace else lambda: None
    if loaded:
        snapshot = watch_loaded(say, root)
    if startup:
        snapshot = watch_startup(record, root, int(startup), watch)
    waits = with_trial(say, trial, root, timed_init(say, snapshot))
    site.addsitedir(root)
    if opening:
        many_lives(client, root, opening, say, recorders)
    else:
        one_life(client, root, handler, waits)


def one_life(client, root, handler, waits):
    """Serves the events."""
    if client is None:
        small_client(handler, waits)
    else:
        real_client(waits)
        client.main([root, handler])


def many_lives(client, root, place, say, recorders):
    """Has lives of several functions begin after the imports that they have in common."""

    def begin(order, seconds):
        recorders.append(load_script("tracer")["recorder"](order["record"]))
        real_client(timed_init(say, watch_loaded(say, root), seconds))

    load_script("opening")["start"](client, root, place, begin)


def real_client(waits):
    """Has awslambdaric call `waits` before it asks for each event."""
    from awslambdaric.lambda_runtime_client import LambdaRuntimeClient

    wait = LambdaRuntimeClient.wait_next_invocation

    def wait_next_invocation(self):
        waits()
        return wait(self)

    LambdaRuntimeClient.wait_next_invocation = wait_next_invocation


main()
