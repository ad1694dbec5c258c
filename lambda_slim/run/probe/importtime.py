"""Times INIT: every import, and the lines of the project's own module bodies.

python -I -S -B importtime.py OUT < REQUEST

REQUEST is {"root": the package, "ric": folder with awslambdaric or "", "sdk": folder with boto3, where the package has
none and counts on the runtime's, "handler": "module.function", "own": [package paths of the project's modules],
"layers": folders at /opt, "plain": true for no tracer, "limit": seconds}. OUT gets {"error": ...} or {"nodes",
"lines", "total", "cpu", "rss", "pyc", "source"}; times are nanoseconds. OUT.stack gets the stack when the limit is
near. What the managed runtime loads before the handler's module is loaded first, and not timed.

The tracer replaces what the import statement itself calls, `_find_and_load` of importlib's frozen core, which runs only
for modules that are not loaded yet: imports that fail and imports in threads are seen, and code that is running pays
nothing. The replacements carry importlib's file name, so tracebacks and warnings skip them as they skip importlib.
"""

import builtins
import faulthandler
import importlib
import json
import os
import site
import sys
import threading
import time

ENTRANCE = {"__file__": os.path.join(os.path.dirname(os.path.abspath(__file__)), "entrance.py")}
with open(ENTRANCE["__file__"]) as script:
    exec(compile(script.read(), ENTRANCE["__file__"], "exec"), ENTRANCE)

# What awslambdaric 4 has loaded when the handler's module starts, for where it cannot be installed.
PRELOADED = """atexit collections.abc contextlib copyreg decimal enum functools importlib itertools json keyword logging
math numbers operator os re reprlib signal string textwrap threading traceback types warnings weakref""".split()  # noqa: SIM905
PRELOADED_312 = ["concurrent.futures", "concurrent.futures.thread", "heapq", "queue"]

WRAPPERS = """
def make(load, push, pop, getframe):
    def _find_and_load(name, import_):
        node = push(name, getframe(1))
        try:
            module = load(name, import_)
        except BaseException:
            pop(node, "failed")
            raise
        pop(node, "ok")
        return module
    return _find_and_load

def make_compiled(original, seen):
    def _compile_bytecode(data, name=None, bytecode_path=None, source_path=None):
        return seen("pyc", original(data, name=name, bytecode_path=bytecode_path, source_path=source_path))
    return _compile_bytecode

def make_source(original, seen):
    def source_to_code(self, data, path, **more):
        return seen("source", original(self, data, path, **more))
    return source_to_code
"""


class Node:
    """One import that has begun."""

    __slots__ = ("asked", "body", "children", "end", "line", "lines", "mark", "name", "parent", "spent", "start")
    __slots__ += ("status", "thread")

    def __init__(self, name, parent, asked, thread):
        self.name, self.parent, self.asked, self.thread = name, parent, asked, thread
        self.children = 0  # time of imports made below this one
        self.line, self.mark, self.spent = 0, 0, 0  # the line that runs, since when, `children` at that moment
        self.lines, self.body = {}, ""  # nanoseconds by line, and the file of the body that is being run
        self.status = "unfinished"
        self.start = self.end = 0


class Tracer:
    """Stacks of imports, one a thread."""

    def __init__(self, root, own):
        self.prefix = root + os.sep
        self.own = {path[:-1] if path.endswith(".pyc") else path for path in own}
        self.nodes = []
        self.stacks = {}
        self.counts = {"pyc": 0, "source": 0}
        self.marked = {}
        if not hasattr(sys, "monitoring"):
            marked = ENTRANCE["load_script"]("line_marks")["marked"]
            self.marked = {path: marked(self.prefix + path) for path in self.own}

    def stack(self):
        """This thread's stack."""
        ident = threading.get_ident()
        stack = self.stacks.get(ident)
        if stack is None:
            stack = self.stacks[ident] = (len(self.stacks), [])
        return stack

    def push(self, name, frame):
        """An import begins."""
        while frame is not None:
            file = frame.f_code.co_filename
            if not (file.startswith("<frozen importlib") or file == importlib.__file__):
                break
            frame = frame.f_back
        number, stack = self.stack()
        asked = (self.inside(frame.f_code.co_filename), frame.f_lineno) if frame is not None else ("", 0)
        if asked[0] not in self.own and stack and stack[-1].line:
            asked = (stack[-1].body, stack[-1].line)  # a library's code that the project's own line called
        node = Node(name, stack[-1] if stack else None, asked, number)
        self.nodes.append(node)
        stack.append(node)
        node.start = time.perf_counter_ns()
        return node

    def pop(self, node, status):
        """An import ends."""
        node.end = time.perf_counter_ns()
        node.status = status
        stack = self.stack()[1]
        while stack and stack.pop() is not node:
            pass
        if stack:
            stack[-1].children += node.end - node.start

    def reached(self, line):
        """The module body that is being run comes to a line."""
        now = time.perf_counter_ns()
        stack = self.stack()[1]
        if not stack:
            return
        node = stack[-1]
        if node.line:
            spent = now - node.mark - (node.children - node.spent)
            node.lines[node.line] = node.lines.get(node.line, 0) + spent
        node.line, node.spent = line, node.children
        node.mark = time.perf_counter_ns()

    def seen(self, kind, code):
        """A module's code has been loaded; that of the project's own modules is watched line by line."""
        file, stack = self.inside(code.co_filename), self.stack()[1]
        self.counts[kind] += bool(file)
        if file not in self.own or not stack or stack[-1].body:
            return code
        stack[-1].body = file
        if hasattr(sys, "monitoring"):
            events = sys.monitoring.events
            sys.monitoring.set_local_events(sys.monitoring.PROFILER_ID, code, events.LINE | events.PY_RETURN)
            return code
        return self.marked.get(file) or code

    def install(self):
        """From here on imports are seen."""
        core, outer = sys.modules["_frozen_importlib"], sys.modules["_frozen_importlib_external"]
        made = {}
        exec(compile(WRAPPERS, "<frozen importlib._bootstrap>", "exec"), made)
        if hasattr(sys, "monitoring"):
            monitoring = sys.monitoring
            monitoring.use_tool_id(monitoring.PROFILER_ID, "lambda-slim")
            monitoring.register_callback(
                monitoring.PROFILER_ID, monitoring.events.LINE, lambda _, line: self.reached(line)
            )
            monitoring.register_callback(
                monitoring.PROFILER_ID, monitoring.events.PY_RETURN, lambda *_: self.reached(0)
            )
        else:
            builtins.__slim_line__ = self.reached
        core._find_and_load = made["make"](core._find_and_load, self.push, self.pop, sys._getframe)
        outer._compile_bytecode = made["make_compiled"](outer._compile_bytecode, self.seen)
        outer.SourceLoader.source_to_code = made["make_source"](outer.SourceLoader.source_to_code, self.seen)

    def result(self):
        """The nodes as rows, and the time of lines by node."""
        number = {id(node): index for index, node in enumerate(self.nodes)}
        rows = []
        for node in self.nodes:
            end = node.end or node.start
            rows.append(
                {
                    "name": node.name,
                    "parent": number[id(node.parent)] if node.parent is not None else None,
                    "start": node.start,
                    "total": end - node.start,
                    "self": max(0, end - node.start - node.children),
                    "status": node.status,
                    "thread": node.thread,
                    "file": self.inside(origin(node.name)) or origin(node.name),
                    "importer": node.asked[0],
                    "line": node.asked[1],
                }
            )
        lines = {str(index): node.lines for index, node in enumerate(self.nodes) if node.lines}
        return {"nodes": rows, "lines": lines, **self.counts}

    def inside(self, path):
        """A path in the package, relative to it; "" for others."""
        for prefix in (self.prefix, "/var/task/"):  # bytecode without its source says where it will be on Lambda
            if path.startswith(prefix):
                return path[len(prefix) :].replace(os.sep, "/")
        return ""


def origin(name):
    """The file of a loaded module, or the first folder of a package without one; asks nothing of odd objects."""
    module = sys.modules.get(name)
    if not issubclass(type(module), type(sys)):
        return ""
    table = object.__getattribute__(module, "__dict__")
    file = table.get("__file__")
    if isinstance(file, str):
        return file
    try:
        return str(next(iter(table.get("__path__") or ()), ""))
    except Exception:
        return ""


def resident():
    """Bytes of memory in use now."""
    try:
        with open("/proc/self/statm") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        import resource

        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def failure(error, root):
    """What went wrong, and the lines of the package that led there, outermost first."""
    chain, trace = [], error.__traceback__
    while trace is not None:
        file = trace.tb_frame.f_code.co_filename
        if file.startswith(root + os.sep):
            chain.append([file[len(root) + 1 :].replace(os.sep, "/"), trace.tb_lineno])
        trace = trace.tb_next
    if isinstance(error, SyntaxError) and str(error.filename or "").startswith(root + os.sep):
        chain.append([error.filename[len(root) + 1 :].replace(os.sep, "/"), error.lineno or 0])
    return {"type": type(error).__name__, "message": str(error), "chain": chain}


def main():
    """One run."""
    out = sys.argv[1]
    request = json.load(sys.stdin)
    root, handler, me = request["root"], request["handler"], os.getpid()
    client = ENTRANCE["load_client"](request["ric"])
    if client is None:
        for name in PRELOADED + (PRELOADED_312 if sys.version_info >= (3, 12) else []):
            importlib.import_module(name)

    def finish(answer):
        if os.getpid() == me:
            with open(out + ".part", "w") as file:
                json.dump(answer, file)
            os.replace(out + ".part", out)
        os._exit(0)

    asked = []
    ENTRANCE["load_script"]("tracer")["guard_network"](lambda _, what: asked.append(what))
    tracer = Tracer(root, request["own"])
    stack = open(out + ".stack", "w")  # noqa: SIM115
    faulthandler.dump_traceback_later(request["limit"], file=stack)
    module, _, name = handler.replace("/", ".").rpartition(".")

    def timed(_=None):
        if not request["plain"]:
            tracer.install()
        cpu, begun = time.process_time_ns(), time.perf_counter_ns()
        try:
            site.addsitedir(root)
            getattr(importlib.import_module(module), name)
        except BaseException as error:
            finish({"error": failure(error, root), "asked": asked})
        total, used = time.perf_counter_ns() - begun, time.process_time_ns() - cpu
        finish({"total": total, "cpu": used, "begun": begun, "rss": resident(), **tracer.result()})

    ENTRANCE["join_path"](root, request["sdk"], request.get("layers", []))
    if client is not None and hasattr(client.bootstrap, "_get_handler"):
        client.bootstrap._get_handler = timed
        client.main([root, handler])
    timed()


main()
