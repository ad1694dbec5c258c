"""Reads names of modules after INIT and says what they are: what lazy imports give, and what eager ones gave.

python -s -S -B names.py PACKAGE RIC SDK < REQUEST

REQUEST is {"handler": module, "fork": bool, "at_once": number of processes, "groups": [[[module, name], ...], ...]};
a name "" only imports the module. With `fork`, every group is read in a process of its own, as the first thing that
happens after INIT. The answer is what stdout ends with: {"groups": [{"values": [[module, name, what], ...], "brought":
[modules that it loaded], "cpu_us": CPU time, "ended": whether the process ended before it could say}, ...]}.
"""

import gc
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
HUNG = 3  # groups that may hang; a thread of INIT may hold a lock for ever in every child
what = ENTRANCE["load_script"]("origins")["what"]


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


class Child:
    """A process that reads one group, the index of the group, and what it has said so far."""

    def __init__(self, index, names):
        self.index, self.data, self.until = index, b"", time.monotonic() + LIMIT
        self.source, sink = os.pipe()
        self.pid = os.fork()
        if not self.pid:
            gc.disable()  # it only makes, and ends before it pays
            data = json.dumps(read(names)).encode()
            while data:
                data = data[os.write(sink, data) :]
            os._exit(0)
        os.close(sink)

    def hear(self):
        """Takes what it says; whether there was anything."""
        part = os.read(self.source, 1 << 16)
        self.data += part
        return bool(part)

    def end(self):
        """Its reading, or None."""
        os.close(self.source)
        try:
            os.kill(self.pid, 9)
        except OSError:
            pass
        os.waitpid(self.pid, 0)
        try:
            return json.loads(self.data)
        except ValueError:
            return None


def heard(children):
    """The children that have said all, or have no time left."""
    until = max(0.0, min(child.until for child in children) - time.monotonic())
    sources = select.select([child.source for child in children], [], [], until)[0]
    done = [child for child in children if child.source in sources and not child.hear()]
    return done + [child for child in children if child not in done and child.until <= time.monotonic()]


def read_apart(groups, at_once):
    """Every group in a child of this process; None for a child that died or hung, and for those that were not tried."""
    readings, waiting, children, hung = [None] * len(groups), list(enumerate(groups))[::-1], [], 0
    gc.freeze()  # a child that collects would copy all that INIT made
    while (waiting and hung < HUNG) or children:
        while waiting and len(children) < at_once and hung < HUNG:
            children.append(Child(*waiting.pop()))
        for child in heard(children):
            hung += child.until <= time.monotonic()
            children.remove(child)
            readings[child.index] = child.end()
    return readings


def unread(names):
    """The reading of a group whose process ended before it could say."""
    values = [[module, name, "ended the process"] for module, name in names]
    return {"values": values, "brought": [], "cpu_us": 0, "ended": True}


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
    groups = request["groups"]
    readings = read_apart(groups, request["at_once"]) if request["fork"] else [read(names) for names in groups]
    told = [reading or unread(names) for names, reading in zip(groups, readings)]
    data = json.dumps({"groups": told}).encode()
    while data:
        data = data[os.write(out, data) :]
    os._exit(0)


main()
