"""What modules hold of each other: registries, caches, patched functions."""

import sys
from collections import OrderedDict, deque

load_script = globals()["load_script"]  # of who executes this file
attempt = load_script("process_state")["attempt"]

MOST = 400  # elements of a container that are looked at
TABLES = (dict, OrderedDict, type(type.__dict__))
ROWS = (list, set, frozenset, tuple, deque)
FUNCTION = type(lambda: None)
GETSET = type(FUNCTION.__code__)  # the descriptor of what an object has in C


def file_of(module):
    """Where a module lies; "" where it does not say."""
    place = vars(module).get("__file__") if type(module) is type(sys) else ""
    return place if isinstance(place, str) else ""


def is_a(value, *kinds):
    """Whether a value is of some type, whatever it says of itself: a proxy may ask what is not there yet."""
    return issubclass(type(value), kinds)


def waits(value):
    """Whether a value stands for an import that has not happened: a `lazy` one (PEP 810)."""
    return type(value).__name__ == "lazy_import" and type(value).__module__ == "builtins"


def attributes(value):
    """The attributes that an object holds itself; of a proxy none: it may make what it stands for when it is asked."""
    own = next((vars(kind)["__dict__"] for kind in type(value).__mro__ if "__dict__" in vars(kind)), None)
    if type(own) is not GETSET:
        return {}
    space = own.__get__(value)
    return space if type(space) is dict else {}


def belongs(value, module):
    """Whether a function or class is the module's own; it may say that it comes from a package above."""
    claimed = getattr(value, "__module__", module)
    if claimed == module or not module.startswith("%s." % claimed):
        return claimed == module
    parts = [value] if is_a(value, FUNCTION) else list(vars(value).values())
    homes = {part.__globals__.get("__name__") for part in parts if is_a(part, FUNCTION)}
    return module in homes or not homes


class Holdings:
    """What modules hold of each other: `module:name` to a length (-1 for a function or class) and foreign modules."""

    def __init__(self, inside):
        self.inside, self.rows = inside, {"lambda_slim:seen": [0, []]}
        self.own, self.tops = set(), set()

    def know(self, own):
        """Told of the modules of the package that are loaded."""
        self.own, self.tops = own, {name.partition(".")[0] for name in own}

    def owner(self, value):
        """The module of the package that an element says that it comes from; it may name one that is not loaded."""
        module = getattr(value if is_a(value, type, FUNCTION) else type(value), "__module__", None)
        return module if isinstance(module, str) and module.partition(".")[0] in self.tops else None

    def elements(self, value, depth):
        """The elements of a container, those of containers in it, and what instances in it hold directly."""
        flat = [*value.keys(), *value.values()] if hasattr(value, "values") else list(value)
        for element in flat[:MOST]:
            if depth and self.measure(element) is not None:
                yield from self.elements(element, depth - 1)
            else:
                yield element

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
            seen = attempt(lambda: {self.owner(element) for element in self.elements(value, 2)})
            owners = sorted(seen - {None, module}) if isinstance(seen, set) else []
            self.rows[key] = [size, owners]
        elif is_a(value, FUNCTION, type) and not belongs(value, module):
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

            known = attempt(lambda: [reference() for reference in _abc._get_dump(value)[0]])
            self.note(key + ".register", known if isinstance(known, list) else [], module)

    def module(self, name, space):
        """What one module holds; where it can make names when they are read, also the names that it has now."""
        plain = {key: value for key, value in list(space.items()) if not waits(value)}
        if is_a(space.get("__getattr__"), FUNCTION) or len(plain) < len(space):
            self.rows["%s:__getattr__" % name] = [-1, sorted(key for key in plain if not key.startswith("__"))]
        for key, value in plain.items():
            if key.startswith("__") and key != "__all__":
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
        self.know({name for name, space in spaces.items() if self.inside(space.get("__file__") or "")})
        for name, space in spaces.items():
            attempt(lambda name=name, space=space: (self.module if name in self.own else self.patched)(name, space))
        return self.rows
