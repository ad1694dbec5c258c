"""Records what a process touches; run by `bootstrap.py` and by `sitecustomize.py`, which execute this file.

Every thing is written at once, a JSON document a line, for the process may be killed. A forked child goes on recording.
"""

import os
import sys


def recorder(path):
    """A function that appends a row, each thing once; a source that is imported and read is two things."""
    import json

    out = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    seen = set()

    def say(kind, what, **more):
        key = (kind, what, more.get("importer"))
        if key not in seen:
            seen.add(key)
            os.write(out, (json.dumps({"kind": kind, "what": what, **more}) + "\n").encode())

    return say


def guard_network(say):
    """Lets only this machine be reached, and records what else was asked for; code outside Python is not seen."""
    local = ("127.0.0.1", "localhost", "::1", "0.0.0.0", "", None)

    def hook(event, arguments):
        if event == "socket.getaddrinfo":
            address = arguments[:2]
        elif event in ("socket.connect", "socket.sendto") and isinstance(arguments[1], tuple):
            address = arguments[1][:2]
        else:
            return
        host = os.fsdecode(address[0]) if isinstance(address[0], bytes) else address[0]
        if host in local or str(host).startswith("127."):
            return
        say("network", "%s:%s" % (host, address[1]) if address[1] else str(host))
        raise OSError(101, "lambda-slim: no network here (asked for %s)" % host)

    sys.addaudithook(hook)


def start_trace(say, roots, phase="init"):
    """Records what is opened, listed and loaded below the roots; gives a function that records modules as they are."""
    state = {"phase": phase, "busy": False}
    prefixes = [(root, root + os.sep) for root in roots]

    def inside(path):
        if isinstance(path, bytes):
            path = os.fsdecode(path)
        if not isinstance(path, str):
            return None
        full = os.path.normpath(os.path.join(os.getcwd(), path))
        for root, prefix in prefixes:
            if full == root:
                return "."
            if full.startswith(prefix):
                return full[len(prefix) :].replace(os.sep, "/")
        return None

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
                say("open", what, phase=state["phase"], importer=asker().startswith("<frozen importlib"))
            elif event in ("os.listdir", "os.scandir"):
                if not asker().startswith("<frozen importlib"):
                    say("list", what, phase=state["phase"])
            else:
                say("load", what, phase=state["phase"])
        except Exception:
            pass
        finally:
            state["busy"] = False

    def places(module):
        """The file of a module below the roots and its bytecode, None for none; None of a module that is elsewhere."""
        try:
            table = object.__getattribute__(module, "__dict__")
            spec = table.get("__spec__")
            file = table.get("__file__") or getattr(spec, "origin", None)
            what = inside(file) if isinstance(file, str) and os.path.isabs(file) else None  # not "built-in"
            parts = list(map(inside, table.get("__path__", ()) or ()))
            cached = inside(getattr(spec, "cached", None))
        except Exception:
            return None
        return (what, cached) if what or any(parts) else None

    def mapped():
        """The libraries below the roots that are mapped into memory."""
        try:
            with open("/proc/self/maps") as maps:
                paths = [line.rstrip("\n").split(None, 5)[-1] for line in maps if "/" in line]
        except OSError:
            return []
        return filter(None, map(inside, paths))

    def snapshot():
        """Modules and mapped libraries as they are now; the phase changes with the first call."""
        state["busy"] = True
        for name, module in list(sys.modules.items()):
            files = places(module)
            if files:
                say("module", name, phase=state["phase"], path=files[0] or "", cached=files[1] or "")
        for what in mapped():
            say("map", what, phase=state["phase"])
        state["busy"] = False
        state["phase"] = "event"

    def entered(code, _offset):
        what = inside(code.co_filename)
        if what:
            say("call", "%s:%d" % (what, code.co_firstlineno))
        return sys.monitoring.DISABLE

    sys.addaudithook(hook)
    watch_calls(entered)
    return snapshot


def watch_calls(entered):
    """Has a function told of every code object that is entered, once; Python 3.12 and later can."""
    if not hasattr(sys, "monitoring"):
        return
    tool = next((number for number in (4, 3) if sys.monitoring.get_tool(number) is None), None)
    if tool is not None:
        start = sys.monitoring.events.PY_START
        sys.monitoring.use_tool_id(tool, "lambda-slim")
        sys.monitoring.register_callback(tool, start, entered)
        sys.monitoring.set_events(tool, start)
