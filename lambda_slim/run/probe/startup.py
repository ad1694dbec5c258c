"""Records what importing changes in a process; run by `bootstrap.py`, which executes this file.

A snapshot says which modules are loaded, which lazy names were read, the state that all modules share (see
`process_state.py`), and what modules hold of each other (see `holdings.py`).
"""

import os
import sys
import time

load_script = globals()["load_script"]  # of who executes this file
STATE, HOLDINGS = load_script("process_state"), load_script("holdings")
attempt, described, process_state = STATE["attempt"], STATE["described"], STATE["process_state"]
Holdings, attributes, file_of, is_a = (HOLDINGS[name] for name in ("Holdings", "attributes", "file_of", "is_a"))
FUNCTION, what = HOLDINGS["FUNCTION"], load_script("origins")["what"]


class Blame:
    """Tells what a module holds when its own code has run, and which module's code changed something."""

    def __init__(self, keys, root, environment, inside, texts):
        self.texts = texts
        self.keys, self.root, self.environment = keys, root, environment
        self.paths = [(key, *split_key(key)) for key in keys]
        self.known, self.own, self.sizes = set(), set(), Holdings(inside)
        self.stack, self.last, self.blamed = [], {}, {}
        self.became = {}  # parts of the state to what they became, each time with the module that was running
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
                self.texts.loaded(module)

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
            holdings.know(self.loaded())
            holdings.module(module.__name__, space)
            self.began[module.__name__] = holdings.rows

    def loaded(self):
        """The modules of the package that are loaded now; each is looked at once."""
        fresh = sys.modules.keys() - self.known
        self.known |= fresh
        self.own.update(name for name in fresh if self.inside(file_of(sys.modules.get(name))))
        return self.own & sys.modules.keys()

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
        for key, module, path in self.paths:
            if not path:
                now = self.part(key, state.get(key))
            elif module not in sys.modules:
                now = "KeyError"  # as of a name that is not there
            else:
                try:
                    now = self.seen(sys.modules[module], path)
                except Exception as error:
                    now = type(error).__name__
            if now != self.last.get(key, now) and self.stack:
                self.blamed.setdefault(key, []).append(self.stack[-1])
            self.last[key] = now

    def part(self, key, value):
        """A part of the state as a text; notes what it has become."""
        now = repr(value)
        if now != self.last.get(key):
            self.became.setdefault(key, []).append([self.stack[-1] if self.stack else "", value])
        return now

    def seen(self, value, path):
        """The length of a container, or what else there is in its place; nothing where it is not there yet."""
        for name in path:
            if name == "register" and is_a(value, type):
                import _abc

                value = list(_abc._get_dump(value)[0])
            else:
                space = vars(value) if is_a(value, type, FUNCTION, type(sys)) else attributes(value)
                value = space[name]
        size = self.sizes.measure(value)
        return described(value) if size is None else str(size)


def split_key(key):
    """The module of `module:name.part`, and the names; no names for a part of the state."""
    module, _, path = key.partition(":")
    return module, path.split(".") if path else []


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
    helper, native = (sys.modules.get("_lambda_slim_" + name) for name in ("startup", "native"))
    rows = helper.READ if helper is not None else []
    return [list(row) for row in (*rows, *(native.read_names() if native is not None else ()))]


def seen_rows(garbage, inside):
    """(module, what) of garbage that somebody can see."""
    import weakref

    own = {id(thing) for thing in garbage}

    def is_seen(thing):
        if is_a(thing, type):
            return inside(file_of(sys.modules.get(thing.__module__)))
        return hasattr(type(thing), "__del__") or any(id(weak) not in own for weak in weakref.getweakrefs(thing))

    return {(thing.__module__ if is_a(thing, type) else "", described(thing)) for thing in garbage if is_seen(thing)}


def lasting_garbage(inside):
    """What INIT left as garbage, was frozen, and can be seen: by its base class, a weak reference, or a finalizer.

    Each is [module that made it, what]; "" for what is no class.

    Python's own modules leave classes that nobody asks for.
    """
    helper = sys.modules.get("_lambda_slim_startup")
    if helper is None or not helper.HELD.get("frozen"):
        return []
    import gc

    gc.collect()  # what events left
    gc.unfreeze()
    gc.set_debug(gc.DEBUG_SAVEALL)
    gc.collect()
    gc.set_debug(0)
    garbage, gc.garbage[:] = gc.garbage[:], []
    return sorted(map(list, seen_rows(garbage, inside)))


LOADERS = ("ExtensionFileLoader", "SourceFileLoader", "SourcelessFileLoader")


def place_of(name, spec, root):
    """What follows a module's name in the name of its file; None unless Python's own finder found it in the package."""
    loader = type(spec.loader)
    if loader.__module__ != "_frozen_importlib_external" or loader.__name__ not in LOADERS or spec.name != name:
        return None
    start = root + os.sep + name.replace(".", os.sep)
    rest = spec.origin[len(start) :]
    package = spec.submodule_search_locations is not None
    if spec.origin.startswith(start) and rest.startswith("/__init__." if package else "."):
        return rest
    return None


def places_of(root):
    """Where modules of the package lie that Python's own finder found, see `Snapshot.places`."""
    rows = {}
    for name, module in list(sys.modules.items()):
        rest = attempt(lambda name=name, module=module: place_of(name, vars(module)["__spec__"], root))
        if rest and rest[0] in "./" and not {*name, *rest} & {" ", "\n"}:
            rows[name] = rest
    return rows


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


class Values:
    """What names are that modules have bound, each as soon as its module is loaded when that is asked."""

    def __init__(self, names):
        self.names = names

    def take(self, asked):
        """[module, name, what] of the names that are there now and were not before; nobody's `__getattr__` is asked."""
        if not asked:
            return []
        rows, later = [], []
        for module, name in self.names:
            space = vars(sys.modules[module]) if type(sys.modules.get(module)) is type(sys) else {}
            if name in space:
                rows.append([module, name, attempt(lambda value=space[name]: what(value))])
            else:
                later.append([module, name])
        self.names = later
        return rows


def start_watch(write, root, events, request):
    """Counts from here; gives a function that takes a snapshot each time that the function waits for an event.

    Args:
        write: Gets every snapshot, as a dict.
        root: The package's folder.
        events: How many there will be; what modules hold is looked at after INIT and after the last.
        request: `blame`: parts of the state, and `module:name`, to tell which imports change them; empty to tell what
            of `module:name` changes after the module's own code has run; None for neither. `names`: those whose values
            are told after INIT, and after the last event where they were not there yet.
    """
    keys, values = request["blame"], Values(request["names"])
    state = {"turn": 0, "cpu": time.process_time()}
    STATE["watch_registers"]()
    patterns, texts, environment = watch_patterns(), load_script("texts")["CompiledTexts"](), dict(os.environ)

    def inside(path):
        return path.startswith(root + os.sep)

    blame = Blame(keys, root, environment, inside, texts) if keys is not None else None

    def snapshot():
        turn, state["turn"] = state["turn"], state["turn"] + 1
        start = time.process_time()
        if blame is not None:
            state["cpu"], blame.cpu = state["cpu"] + blame.cpu, 0.0
        row = {"turn": turn, "cpu_us": round((start - state["cpu"]) * 1e6), "read": read_names()}
        row["modules"] = list(sys.modules)
        row["patterns"], row["places"] = ([], {}) if turn else (patterns[:], places_of(root))
        row["texts"] = texts.stop(root)
        row["state"] = process_state(root, environment)
        row["odd"], row["aliases"] = odd_modules(), aliases()
        row["blamed"], row["became"] = (blame.blamed, blame.became) if blame is not None else ({}, {})
        held = attempt(Holdings(inside).take) if turn in (0, events) else {}
        row["held"] = held if isinstance(held, dict) else {}
        garbage = attempt(lambda: lasting_garbage(inside)) if turn == events else []
        row["values"] = values.take(turn in (0, events))
        row["garbage"] = garbage if isinstance(garbage, list) else []
        row["grown"] = blame.grown(row["held"]) if blame is not None and not turn else []
        write(row)
        state["cpu"] += time.process_time() - start  # looking is no part of what the function takes

    return snapshot
