"""Imports what handlers begin with, and forks a life for each function that begins like it; executed by `bootstrap.py`.

That happens where awslambdaric would import the handler's module, so each life finds what it would have found after
these imports. It is no good where they did anything that a fork does not keep, or that depends on the function: started
a thread, opened a file that stays open, printed, looked at first-party files, read the function's name. Then this
process says so and ends. What Python code looks at is seen from Python 3.12 on; older ones are not used like this.

PLACE is a folder with:

opening.json   {"imports": [[name, names]], "own": package paths of first-party files}
orders         a pipe: L for a life, as `order.json` says: {"env", "record", "out"}; E to end it
told           what we say, a JSON document a line: "ready" once, "died" when a life has ended by itself, "ended"
"""

import _signal  # as modules that import signal find it: not loaded
import json
import os
import sys
import time

NAMES = {"AWS_LAMBDA_FUNCTION_NAME", "AWS_LAMBDA_LOG_GROUP_NAME", "_HANDLER"}  # what differs between the functions
SHARED = "/proc/sysvipc/shm", "/proc/sysvipc/sem", "/proc/sysvipc/msg"


def start(client, root, place, begin):
    """Has awslambdaric serve lives in the place of one function; `begin(order, seconds)` is called in each of them."""
    get_handler = client.bootstrap._get_handler

    def in_a_life(_):
        begin(*serve(place, root))
        return get_handler(os.environ["_HANDLER"])

    client.bootstrap._get_handler = in_a_life
    client.main([root, os.environ["_HANDLER"]])


def serve(place, root):
    """In each life that is ordered: the order, and the CPU seconds that the imports took; never returns here."""
    out = os.open(os.path.join(place, "told"), os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)

    def tell(**row):
        os.write(out, (json.dumps(row) + "\n").encode())

    orders = os.open(os.path.join(place, "orders"), os.O_RDWR)
    with open(os.path.join(place, "opening.json")) as file:
        asked = json.load(file)
    temporary = os.path.join(place, "tmp")
    begun, before, there = time.process_time(), state(), sorted(os.listdir(temporary))
    odd = import_all(asked, root)
    took = time.process_time() - begun
    if not odd and (state() != before or sorted(os.listdir(temporary)) != there):
        odd = "it started threads or processes, printed, or left something"
    tell(kind="ready", odd=odd, there=there)
    if odd:
        os._exit(0)
    life = 0
    while True:
        if os.read(orders, 1) == b"E":
            end(life)
            tell(kind="ended", left=state() != before)
            continue
        with open(os.path.join(place, "order.json")) as file:
            order = json.load(file)
        _signal.signal(_signal.SIGCHLD, lambda *_: tell(kind="died"))
        life = os.fork()
        if not life:
            _signal.signal(_signal.SIGCHLD, _signal.SIG_DFL)
            for number in (out, orders):
                os.close(number)
            return enter(order, root), took


def end(life):
    """Ends a life and takes it up."""
    _signal.signal(_signal.SIGCHLD, _signal.SIG_DFL)
    try:
        os.kill(life, _signal.SIGKILL)
    except OSError:
        pass
    os.waitpid(life, 0)


def enter(order, root):
    """What is different in a life: where it prints, the function's variables, its own files and the guard's index."""
    number = os.open(order["out"], os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    for place in (1, 2):
        os.dup2(number, place)
    os.close(number)
    os.environ.update(order["env"])
    for finder in list(sys.path_importer_cache.values()):
        if hasattr(finder, "invalidate_caches"):
            finder.invalidate_caches()
    renew_guard(root)
    return order


def renew_guard(root):
    """Has the guard of the package that lies there now in the place of the one that lay there before."""
    name = "lambda_slim_guard"
    places = [number for number, finder in enumerate(sys.meta_path) if getattr(finder, "__name__", "") == name]
    for number in places:
        with open(os.path.join(root, "_%s.pth" % name)) as file:
            exec(file.read())
        sys.meta_path[number] = sys.meta_path.pop()
    known = sys.modules.get("_" + name)
    if known is not None:
        known.KINDS, known.ROWS = known.read_index()


def state():
    """What a fork does not keep, or a life must not leave: threads, other processes, open files, what was printed."""
    files = []
    for number in sorted(os.listdir("/proc/self/fd")):
        try:
            files.append((number, os.readlink("/proc/self/fd/" + number)))
        except OSError:  # that of the list itself
            continue
    others = sorted(name for name in os.listdir("/proc") if name.isdigit())
    shared = [len(open_lines(path)) for path in SHARED]
    memory = sorted(os.listdir("/dev/shm")) if os.path.isdir("/dev/shm") else []
    return files, others, len(os.listdir("/proc/self/task")), os.fstat(1).st_size, shared, memory


def open_lines(path):
    """The lines of a file; none where there is none."""
    try:
        with open(path) as file:
            return file.readlines()
    except OSError:
        return []


def import_all(asked, root):
    """Does the imports; what of it depends on the function or its files, in words, "" for nothing."""
    own = {os.path.join(root, path) for path in asked["own"]}
    own |= {os.path.dirname(path) for path in own}
    touched, stop = watch(own - {root}, root)
    try:
        for name, names in asked["imports"]:
            __import__(name, {"__name__": "__opening__"}, {}, names, 0)
    except BaseException as error:
        return "%s: %s" % (type(error).__name__, error)
    finally:
        stop()
    touched += loaded(own)
    return "it looked at %s" % touched[0] if touched else ""


def loaded(own):
    """The first-party files among those of modules."""
    files = (vars(module).get("__file__") for module in list(sys.modules.values()) if hasattr(module, "__dict__"))
    return [file for file in files if isinstance(file, str) and file in own]


def watch(own, root):
    """Notes what Python code asks of first-party files, and which of `NAMES` it reads; gives how to stop that, too."""
    touched, environ = [], type(os.environ)
    get, listing = environ.__getitem__, {os.listdir, os.scandir}
    asking = {os.stat, os.lstat, os.access, os.readlink, os.open, open, *listing}

    def called(code, _offset, function, first):
        try:
            if function not in asking or code.co_filename.startswith("<frozen importlib"):
                return
            place = None if isinstance(first, int) else os.path.abspath(os.fsdecode(first))
            if place in own or (place == root and function in listing):
                touched.append(place)
        except TypeError:  # not to be hashed; or no path: the folder we are in
            touched.extend(["the package"] * (first is sys.monitoring.MISSING))

    def getitem(self, key):
        if (os.fsdecode(key) if isinstance(key, bytes) else key) in NAMES:
            touched.append(str(key))
        return get(self, key)

    tool, calls = 3, sys.monitoring.events.CALL
    sys.monitoring.use_tool_id(tool, "lambda-slim")
    sys.monitoring.register_callback(tool, calls, called)
    sys.monitoring.set_events(tool, calls)
    environ.__getitem__ = getitem

    def stop():
        environ.__getitem__ = get
        sys.monitoring.set_events(tool, 0)
        sys.monitoring.free_tool_id(tool)

    return touched, stop
