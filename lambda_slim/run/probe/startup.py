"""Records what importing changes in a process; run by `bootstrap.py` and `names.py`, which execute this file.

A snapshot says which modules are loaded, which lazy names were read, the state that all modules share (environment,
signals, logging, warnings, hooks ...), and what modules hold of each other: registries, caches, patched functions.
"""

import os
import sys
import time
from collections import OrderedDict, deque

MOST = 400  # elements of a container that are looked at
TABLES = (dict, OrderedDict, type(type.__dict__))
ROWS = (list, set, frozenset, tuple, deque)
FUNCTION = type(lambda: None)
GETSET = type(FUNCTION.__code__)  # the descriptor of what an object has in C
STDLIB = frozenset(getattr(sys, "stdlib_module_names", ("concurrent", "logging", "multiprocessing", "re", "weakref")))


def described(value):
    """What a function, class or instance is, without its address."""
    owner = value if isinstance(getattr(value, "__qualname__", None), str) else type(value)
    return "%s.%s" % (getattr(owner, "__module__", ""), getattr(owner, "__qualname__", ""))


def attempt(make):
    """A part of the state, or how it cannot be had."""
    try:
        return make()
    except Exception as error:
        return type(error).__name__


def log_state():
    """What logging is set to; loggers that nobody has set are no part of it."""
    logging = sys.modules.get("logging")
    if logging is None:
        return None

    def one(logger):
        heard = [handler for handler in logger.handlers if type(handler) is not logging.NullHandler]
        handlers = ["%s %s" % (described(handler), handler.level) for handler in heard]
        return [
            logger.level,
            handlers,
            [described(found) for found in logger.filters],
            logger.propagate,
            logger.disabled,
        ]

    names = {
        name: one(logger)
        for name, logger in sorted(logging.root.manager.loggerDict.items())
        if isinstance(logger, logging.Logger) and one(logger) != [0, [], [], True, False]
    }
    makers = described(logging.getLoggerClass()), described(logging.getLogRecordFactory())
    return [one(logging.root), names, makers, logging.root.manager.disable, sorted(logging._nameToLevel)]


def signal_state():
    """Signals whose handler is not the default one."""
    import _signal

    found = {}
    for number in range(1, _signal.NSIG):
        handler = attempt(lambda number=number: _signal.getsignal(number))
        if callable(handler):
            found[number] = described(handler)
        elif handler not in (_signal.SIG_DFL, None, "ValueError"):
            found[number] = str(handler)
    return found


def warning_state():
    """The warning filters, in order."""
    warnings = sys.modules.get("warnings")
    rows = getattr(warnings, "filters", ())
    return [[str(getattr(part, "pattern", getattr(part, "__qualname__", part))) for part in row] for row in rows]


def loaded(name, *path):
    """An attribute of a module that may not be loaded."""
    found = sys.modules.get(name)
    for part in path:
        found = getattr(found, part, None)
    return found


def environment_changes(root, before):
    """Variables that were set, changed or removed since some state of the environment."""
    now = dict(os.environ)
    names = [name for name in {*now, *before} if now.get(name) != before.get(name) and name != "_X_AMZN_TRACE_ID"]
    return {name: str(now.get(name)).replace(root, "/var/task") for name in sorted(names)}


def process_state(root, environment):
    """The state that all modules share, as JSON values by name."""
    import _locale
    import builtins
    import gc

    return {
        "os.environ": environment_changes(root, environment),
        "atexit": EXITS[:],
        "signal": signal_state(),
        "warnings.filters": attempt(warning_state),
        "logging": attempt(log_state),
        "codecs": CODECS[:],
        "sys.path": [one.replace(root, "/var/task") for one in sys.path],
        "sys.meta_path": [described(one) for one in sys.meta_path],
        "sys.path_hooks": [described(one) for one in sys.path_hooks],
        "sys hooks": [described(value) for value in (sys.excepthook, sys.displayhook, sys.unraisablehook)],
        "sys streams": [described(value) for value in (sys.stdout, sys.stderr, sys.stdin)],
        "sys limits": [sys.getrecursionlimit(), sys.getswitchinterval()],
        "sys tracing": [
            str(attempt(lambda: described(sys.gettrace()))),
            str(attempt(lambda: described(sys.getprofile()))),
        ],
        "threading": [described(loaded("threading", "excepthook") or loaded("_thread", "_excepthook"))],
        "gc": [gc.isenabled(), gc.get_threshold()],
        "locale": attempt(lambda: _locale.setlocale(_locale.LC_ALL, None)),
        "builtins": [
            sorted(vars(builtins)),
            [described(getattr(builtins, name)) for name in ("__import__", "open", "print")],
        ],
        "copyreg": sorted(foreign(map(described, loaded("copyreg", "dispatch_table") or ()))),
        "cwd": attempt(os.getcwd).replace(root, "/var/task"),
        "socket timeout": str(attempt(loaded("_socket", "getdefaulttimeout") or (lambda: None))),
        "asyncio policy": described(loaded("asyncio.events", "_event_loop_policy")),
        "multiprocessing": described(loaded("multiprocessing.context", "_default_context", "_actual_context")),
    }


def foreign(names):
    """Names of what does not come from Python itself: its own modules only tell of themselves."""
    return [name for name in names if name.partition(".")[0] not in STDLIB | {"builtins"}]


CODECS, EXITS = [], []


def watch_registers():
    """Remembers codecs and functions for the end of the process: Python has no list of them.

    What a module of Python's own registers is for what it holds itself.
    """
    import atexit
    import codecs

    search, leave = codecs.register, atexit.register

    def registering(function):
        CODECS.append(described(function))
        return search(function)

    def leaving(function, *arguments, **named):
        if described(function).partition(".")[0] not in STDLIB:
            EXITS.append(described(function))
        return leave(function, *arguments, **named)

    codecs.register, atexit.register = registering, leaving


def file_of(module):
    """Where a module lies; "" where it does not say."""
    place = vars(module).get("__file__") if type(module) is type(sys) else ""
    return place if isinstance(place, str) else ""


def is_a(value, *kinds):
    """Whether a value is of some type, whatever it says of itself: a proxy may ask what is not there yet."""
    return issubclass(type(value), kinds)


def attributes(value):
    """The attributes that an object holds itself; of a proxy none: it may make what it stands for when it is asked."""
    own = next((vars(kind)["__dict__"] for kind in type(value).__mro__ if "__dict__" in vars(kind)), None)
    if type(own) is not GETSET:
        return {}
    space = own.__get__(value)
    return space if type(space) is dict else {}


class Holdings:
    """What modules hold of each other: `module:name` to a length (-1 for a function or class) and foreign modules."""

    def __init__(self, inside):
        self.inside, self.rows = inside, {"lambda_slim:seen": [0, []]}
        self.own = set()

    def owner(self, value):
        """The module that an element comes from."""
        found = getattr(value if is_a(value, type, FUNCTION) else type(value), "__module__", None)
        return found if isinstance(found, str) and found in self.own else None

    def elements(self, value, depth):
        """The elements of a container, those of containers in it, and what instances in it hold directly."""
        flat = [*value.keys(), *value.values()] if hasattr(value, "values") else list(value)
        for found in flat[:MOST]:
            if depth and self.measure(found) is not None:
                yield from self.elements(found, depth - 1)
            else:
                yield found

    def measure(self, value):
        """The length of a container, weak ones included; None of anything else."""
        kind = type(value)
        if issubclass(kind, (*TABLES, *ROWS)) or kind.__module__ in ("weakref", "_weakrefset"):
            try:
                return len(value)
            except Exception:
                return None
        return None

    def note(self, key, value, module):
        """Adds what a value holds, or where a function or class comes from that lies in another module."""
        size = attempt(lambda: self.measure(value))
        if isinstance(size, int):
            found = attempt(lambda: {self.owner(one) for one in self.elements(value, 2)})
            owners = sorted(found - {None, module}) if isinstance(found, set) else []
            self.rows[key] = [size, owners]
        elif is_a(value, FUNCTION, type) and getattr(value, "__module__", module) != module:
            self.rows[key] = [-1, [str(value.__module__)]]
        registry = vars(value).get("registry") if is_a(value, FUNCTION) else None
        if registry is not None:
            self.note(key + ".registry", registry, module)

    def instance(self, key, value, module):
        """What an object holds in its attributes, and objects that it holds directly, in theirs."""
        space = attributes(value)
        for name, part in list(space.items())[:MOST]:
            self.note("%s.%s" % (key, name), part, module)
            below = attributes(part)
            if below and self.owner(part) and not is_a(part, FUNCTION, type, type(sys)):
                for deeper, last in list(below.items())[:MOST]:
                    self.note("%s.%s.%s" % (key, name, deeper), last, module)

    def kind(self, key, value, module):
        """What a class of the module holds, and who is registered with it where it is abstract."""
        for name, part in list(vars(value).items()):
            if name.startswith("__") and name != "__init__":
                continue
            self.note("%s.%s" % (key, name), part, module)
            if is_a(part, FUNCTION, type, type(sys)) or self.owner(part) is None:
                continue
            self.instance("%s.%s" % (key, name), part, module)
        if "_abc_impl" in vars(value):
            import _abc

            known = attempt(lambda: [one() for one in _abc._get_dump(value)[0]])
            self.note(key + ".register", known if isinstance(known, list) else [], module)

    def module(self, name, space):
        """What one module holds."""
        for key, value in list(space.items()):
            if key.startswith("__"):
                continue
            attempt(lambda key=key, value=value: self.value("%s:%s" % (name, key), value, name))

    def value(self, where, value, name):
        """What one name of a module stands for."""
        self.note(where, value, name)
        if is_a(value, type):
            if value.__module__ == name:
                self.kind(where, value, name)
        elif not is_a(value, FUNCTION, type(sys)) and self.owner(value):
            self.instance(where, value, name)

    def patched(self, name, space):
        """Functions and classes of the package that stand in a module of Python's own."""
        for key, value in list(space.items()):
            if is_a(value, FUNCTION) and self.owner(value):
                self.rows["%s:%s" % (name, key)] = [-1, [value.__module__]]
            if is_a(value, type) and value.__module__ == name:
                for part, method in list(vars(value).items()):
                    if is_a(method, FUNCTION) and self.owner(method):
                        self.rows["%s:%s.%s" % (name, key, part)] = [-1, [method.__module__]]

    def take(self):
        """All of it."""
        plain = {name: vars(module) for name, module in list(sys.modules.items()) if type(module) is type(sys)}
        spaces = {name: space for name, space in plain.items() if space.get("__name__") == name}
        self.own = {name for name, space in spaces.items() if self.inside(space.get("__file__") or "")}
        for name, space in spaces.items():
            attempt(lambda name=name, space=space: (self.module if name in self.own else self.patched)(name, space))
        return self.rows


class Blame:
    """Tells what a module holds when its own code has run, and which module's code changed something."""

    def __init__(self, keys, root, environment, inside):
        self.keys, self.root, self.environment = keys, root, environment
        self.stack, self.last, self.blamed = [], {}, {}
        self.inside, self.began, self.cpu = inside, {}, 0.0
        import _frozen_importlib_external as loaders

        for kind in (loaders._LoaderBasics, loaders.ExtensionFileLoader):
            kind.exec_module = self.watching(kind.exec_module)

    def watching(self, execute):
        """The loader's function, with a look before and after it."""

        def exec_module(loader, module):
            self.timed(self.look)
            self.stack.append(module.__name__)
            try:
                return execute(loader, module)
            finally:
                self.timed(self.look)
                self.stack.pop()
                self.timed(lambda: self.begin(module))

        return exec_module

    def timed(self, action):
        """Does something that is no part of what the function takes."""
        start = time.process_time()
        attempt(action)
        self.cpu += time.process_time() - start

    def begin(self, module):
        """Remembers what a module of the package holds at first."""
        space = vars(module)
        if not self.keys and self.inside(space.get("__file__") or ""):
            holdings = Holdings(self.inside)
            holdings.own = {name for name, other in list(sys.modules.items()) if self.inside(file_of(other))}
            holdings.module(module.__name__, space)
            self.began[module.__name__] = holdings.rows

    def grown(self, rows):
        """What is not as it was when its module's own code had run."""
        names = {}
        for key, row in rows.items():
            before = self.began.get(key.partition(":")[0])
            if before is not None and before.get(key) != row:
                names[key] = row
        return sorted(names)

    def look(self):
        """Blames the module that is running now for what has changed since the last look."""
        if not self.keys:
            return
        state = process_state(self.root, self.environment) if any(":" not in key for key in self.keys) else {}
        for key in self.keys:
            now = attempt(lambda key=key: self.seen(key)) if ":" in key else repr(state.get(key))
            if now != self.last.get(key, now) and self.stack:
                self.blamed.setdefault(key, []).append(self.stack[-1])
            self.last[key] = now

    def seen(self, key):
        """The length of a container, or what else there is in its place; nothing where it is not there yet."""
        module, _, path = key.partition(":")
        value = sys.modules.get(module)
        for name in path.split("."):
            if name == "register" and is_a(value, type):
                import _abc

                value = list(_abc._get_dump(value)[0])
            else:
                space = vars(value) if is_a(value, type, FUNCTION, type(sys)) else attributes(value)
                value = space[name]
        size = Holdings(lambda _: False).measure(value)
        return described(value) if size is None else str(size)


def odd_modules():
    """Names in sys.modules behind which there is no plain module of that name."""
    return [
        name
        for name, module in list(sys.modules.items())
        if type(module) is not type(sys) or vars(module).get("__name__") != name
    ]


def aliases():
    """Names in sys.modules of modules that have another name of their own, to that."""
    plain = {name: vars(module) for name, module in list(sys.modules.items()) if type(module) is type(sys)}
    return {name: str(space["__name__"]) for name, space in plain.items() if space.get("__name__", name) != name}


def read_names():
    """Lazy names that were read so far."""
    helper = sys.modules.get("_lambda_slim_startup")
    return [list(row) for row in helper.READ] if helper is not None else []


def watch_patterns():
    """Remembers the regular expressions that are compiled, [type, text, flags] each."""
    import re

    known, compiler = [], getattr(re, "_compiler", None) or __import__("sre_compile")
    compiling = compiler.compile

    def compiled(p, flags=0):
        if type(p) in (str, bytes):
            known.append([type(p).__name__, p if type(p) is str else p.decode("latin-1"), int(flags)])
        return compiling(p, flags)

    compiler.compile = compiled
    return known


def start_watch(write, root, events, keys):
    """Counts from here; gives a function that takes a snapshot each time that the function waits for an event.

    Args:
        keys: Parts of the state, and `module:name`, to tell which imports change them; empty to tell what of
            `module:name` changes after the module's own code has run; None for neither.
        write: Gets every snapshot, as a dict.
        root: The package's folder.
        events: How many there will be; what modules hold is looked at after INIT and after the last.
    """
    state = {"turn": 0, "cpu": time.process_time()}
    watch_registers()
    patterns, environment = watch_patterns(), dict(os.environ)

    def inside(path):
        return path.startswith(root + os.sep)

    blame = Blame(keys, root, environment, inside) if keys is not None else None

    def snapshot():
        turn, state["turn"] = state["turn"], state["turn"] + 1
        start = time.process_time()
        if blame is not None:
            state["cpu"], blame.cpu = state["cpu"] + blame.cpu, 0.0
        row = {"turn": turn, "cpu_us": round((start - state["cpu"]) * 1e6), "read": read_names()}
        row["modules"], row["patterns"] = list(sys.modules), [] if turn else patterns[:]
        row["state"] = process_state(root, environment)
        row["odd"], row["aliases"] = odd_modules(), aliases()
        row["blamed"] = blame.blamed if blame is not None else {}
        held = attempt(Holdings(inside).take) if turn in (0, events) else {}
        row["held"] = held if isinstance(held, dict) else {}
        row["grown"] = blame.grown(row["held"]) if blame is not None and not turn else []
        write(row)
        state["cpu"] += time.process_time() - start  # looking is no part of what the function takes

    return snapshot
