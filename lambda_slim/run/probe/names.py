"""Reads names of modules after INIT and says what they are: what lazy imports give, and what eager ones gave.

python -s -S -B names.py PACKAGE RIC SDK < REQUEST

REQUEST is {"handler": module, "fork": bool, "groups": [[[module, name], ...], ...]}; a name "" only imports the module.
With `fork`, every group is read in a process of its own, as the first thing that happens after INIT. The answer is what
stdout ends with: {"groups": [{"values": [[module, name, what], ...], "brought": [modules that it loaded],
"cpu_us": CPU time}, ...]}.
"""

import importlib
import json
import os
import select
import sys
import time

ENTRANCE = {"__file__": os.path.join(os.path.dirname(os.path.abspath(__file__)), "entrance.py")}
with open(ENTRANCE["__file__"]) as script:
    exec(compile(script.read(), ENTRANCE["__file__"], "exec"), ENTRANCE)

LIMIT = 20  # seconds for one group
SIMPLE = (str, bytes, int, float, bool, type(None))


def what(value):
    """Where a value comes from; of simple ones, the value."""
    kind = type(value)
    if kind is type(sys):
        return "module " + value.__name__
    if kind in SIMPLE:
        return "%s %r" % (kind.__name__, value if not isinstance(value, (str, bytes)) else value[:80])
    place = getattr(value, "__qualname__", None)
    if isinstance(place, str):
        return "%s %s.%s" % (kind.__name__, getattr(value, "__module__", ""), place)
    return "%s.%s" % (kind.__module__, kind.__qualname__)


def attempt(module, name):
    """What a name is, or how reading it fails."""
    try:
        space = importlib.import_module(module)
        return what(getattr(space, name)) if name else what(space)
    except BaseException as error:
        return "%s: %s" % (type(error).__name__, str(error)[:200])


def read(names):
    """One group, in this process."""
    before, start = set(sys.modules), time.process_time()
    values = [[module, name, attempt(module, name)] for module, name in names]
    took = round((time.process_time() - start) * 1e6)
    return {"values": values, "brought": sorted(set(sys.modules) - before), "cpu_us": took}


def read_apart(names):
    """One group, in a child of this process; a child that dies or hangs is told of each name."""
    source, sink = os.pipe()
    child = os.fork()
    if not child:
        data = json.dumps(read(names)).encode()
        while data:
            data = data[os.write(sink, data) :]
        os._exit(0)
    os.close(sink)
    data = b""
    while select.select([source], [], [], LIMIT)[0]:
        part = os.read(source, 1 << 16)
        if not part:
            break
        data += part
    os.close(source)
    try:
        os.kill(child, 9)
    except OSError:
        pass
    os.waitpid(child, 0)
    try:
        return json.loads(data)
    except ValueError:
        return {"values": [[module, name, "ended the process"] for module, name in names], "brought": [], "cpu_us": 0}


def main():
    """Reads one request, answers it."""
    request = json.load(sys.stdin)
    out = os.dup(1)
    os.dup2(2, 1)  # what modules print is not the answer
    ENTRANCE["enter"](*sys.argv[1:4], request["layers"], request["bytecode"])
    try:
        importlib.import_module(request["handler"])
    except BaseException as error:
        sys.stderr.write("%s: %s\n" % (type(error).__name__, error))
    reading = read_apart if request["fork"] else read
    data = json.dumps({"groups": [reading(names) for names in request["groups"]]}).encode()
    while data:
        data = data[os.write(out, data) :]
    os._exit(0)


main()
