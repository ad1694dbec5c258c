"""Imports that wait until they are read; `lambda_slim/bundle/startup.py` packs it as `_lambda_slim_startup`.

The import statement has left the module's code, so its name is absent until somebody reads it. A read by the module's
own functions falls through its globals to its builtins, a dict subclass whose `__missing__` does the import; a read
from outside falls through to the module's `__getattr__` (PEP 562). No proxy exists at any time.
"""

import builtins
import gc
import sys

KNOWN = vars(builtins)
FLAG = "__lambda_slim_eager__"
READ = []  # (module, name) of every name that was imported on demand, in order
FAILED = []
HELD = {}
# What other code may replace in the builtins is looked up there each time.
PATCHED = frozenset(("open", "print", "input", "exec", "eval", "compile", "breakpoint", "exit", "quit", "help"))


def eager():
    """Whether the function's environment asks for every import at once."""
    import os

    return os.environ.get("LAMBDA_SLIM_STARTUP", "").strip().lower() == "eager"


EAGER = eager()


class Names(dict):
    """The builtins of one module's functions; knows how to import what the module has not read yet."""

    __slots__ = ("lazy", "space")

    def __missing__(self, name):
        if name in self.lazy:
            try:
                return resolve(self.space, self.lazy, name)
            except KeyError as error:  # the interpreter would take it for a name that is not there
                raise ImportError("importing %r raised KeyError: %s" % (name, error)) from error
        return KNOWN[name]


def resolve(space, lazy, name):
    """Imports what a lazy name stands for and binds it, unless somebody has bound it meanwhile."""
    READ.append((space.get("__name__"), name))
    try:
        value, steady = load(space, lazy[name])
    except BaseException as error:
        complain(space, lazy[name], name, error)
        raise
    return space.setdefault(name, value) if steady else value


def load(space, targets):
    """The value of import statements, and whether it is whole: a module in the middle of its own import is not."""
    for module, attribute, level in targets:
        if attribute is None:  # import a.b
            value = KNOWN["__import__"](module, space)
        elif not attribute:  # import a.b as c
            KNOWN["__import__"](module, space)
            value = sys.modules[module]
        else:  # from a import b
            value = member(KNOWN["__import__"](module, space, None, (attribute,), level), attribute)
    spec = getattr(value, "__spec__", None) if issubclass(type(value), type(sys)) else None  # a proxy is not asked
    return value, not getattr(spec, "_initializing", False)


def member(parent, attribute):
    """What `from parent import attribute` binds."""
    try:
        return getattr(parent, attribute)
    except AttributeError:
        value = sys.modules.get("%s.%s" % (parent.__name__, attribute))
        if value is None:
            place = getattr(parent, "__file__", None) or "unknown location"
            said = "cannot import name %r from %r (%s)" % (attribute, parent.__name__, place)
            raise ImportError(said, name=parent.__name__, path=place) from None
        return value


def complain(space, targets, name, error):
    """Says once, for the first lazy import that fails, who asked for it and how it can be made eager again."""
    if FAILED or sys.stderr is None:
        return
    FAILED.append(name)
    frame = sys._getframe(0)
    own = frame.f_code.co_filename
    while frame is not None and frame.f_code.co_filename == own:
        frame = frame.f_back
    where = "%s:%d" % (frame.f_code.co_filename, frame.f_lineno) if frame is not None else "an unknown place"
    module = "." * targets[0][2] + targets[0][0]
    sys.stderr.write(
        "lambda-slim: the lazy import of %r (from %r, in %s), read at %s, failed: %s: %s. To import it at INIT: "
        "[tool.lambda-slim] eager = [%r]; for all imports, without a deployment: LAMBDA_SLIM_STARTUP=eager in the "
        "function's environment\n"
        % (name, module, space.get("__name__"), where, type(error).__name__, error, module.lstrip(".") or name)
    )


def begin(space, table, used):
    """Called first in a module with lazy names, and again when it is reloaded.

    Args:
        space: Its globals.
        table: Pairs of a name and the imports that bind it: (module, attribute, level) each.
        used: Built-in names that it reads. As globals of its own they keep the interpreter's inline caches, which the
            dict subclass would lose.
    """
    space[FLAG] = EAGER
    if EAGER:
        return
    lazy = dict(table)
    names = Names({"__import__": KNOWN["__import__"], "__build_class__": KNOWN["__build_class__"]})
    names.space, names.lazy = space, lazy
    hidden = {FLAG, "__getattr__", "__dir__"}
    for name in lazy:
        if type(space.get("__builtins__")) is Names:  # a reload imports again
            space.pop(name, None)
    for name in used:
        if name in KNOWN and name not in space and name not in PATCHED:
            space[name] = KNOWN[name]
            hidden.add(name)
    space["__builtins__"] = names
    space["__getattr__"] = getter(space, lazy)
    space["__dir__"] = lambda: sorted(({*space} - hidden) | {*lazy})


def getter(space, lazy, own=None):
    """The module's `__getattr__`: lazy names first, as an import statement would have bound them."""

    def __getattr__(name):
        if name in lazy:
            try:
                return resolve(space, lazy, name)
            except AttributeError as error:  # `hasattr` would take it for a name that is not there
                raise ImportError("importing %r raised AttributeError: %s" % (name, error)) from error
        if own is not None:
            return own(name)
        raise AttributeError("module %r has no attribute %r" % (space.get("__name__"), name))

    if type(own) is type(getter):
        __getattr__.__wrapped__ = own
        __getattr__.__doc__, __getattr__.__module__ = own.__doc__, own.__module__
    return __getattr__


def also(own):
    """The decorator of a module's own `__getattr__`."""
    names = own.__globals__.get("__builtins__")
    return getter(own.__globals__, names.lazy, own) if type(names) is Names else own


def attach(name, submodules):
    """Called last in a package that looks at its own names: waiting submodules become its attributes."""
    if EAGER or name not in sys.modules:  # a loader may execute its file under another name
        return
    space = vars(sys.modules[name])
    lazy = {leaf: (("%s.%s" % (name, leaf), "", 0),) for leaf in submodules if leaf not in space}
    space["__getattr__"] = getter(space, lazy, space.get("__getattr__"))
    if "__dir__" not in space:
        space["__dir__"] = lambda: sorted(({*space} - {"__getattr__", "__dir__"}) | {*lazy})


def hold_garbage():
    """Called first in the handler's module: nothing that INIT makes is garbage yet."""
    if not EAGER:
        HELD["gc"] = gc.isenabled()
        gc.disable()


def begin_sweep():
    """Called first in a module that leaves garbage which somebody could see: what there is already is not looked at."""
    if "gc" in HELD:
        gc.freeze()


def end_sweep():
    """Called last in such a module: only what it made is looked at, and its garbage goes."""
    if "gc" in HELD:
        gc.collect()


def free_garbage():
    """Called last in the handler's module: what INIT has made stays, so no collection has to look at it again."""
    if HELD.pop("gc", False):
        gc.freeze()
        gc.enable()
        HELD["frozen"] = True


def know_patterns():
    """Called first in the handler's module: regular expressions that INIT compiles were compiled for this engine."""
    if EAGER:
        return
    import _sre
    import marshal
    import re  # INIT compiles with it, or there would be no patterns

    compiler = getattr(re, "_compiler", None) or sys.modules["sre_compile"]
    with open(__file__.rpartition("/")[0] + "/_lambda_slim_patterns.bin", "rb") as file:
        magic, version, known = marshal.loads(file.read())
    if (magic, version) != (_sre.MAGIC, sys.version_info[:2]):
        return
    HELD["re"] = compiler, compiler.compile

    def compile(p, flags=0, old=compiler.compile):  # noqa: A001  (stands in for it)
        kind = type(p)
        made = known.get((kind is bytes, p, int(flags))) if kind is str or kind is bytes else None
        return old(p, flags) if made is None else _sre.compile(p, *made)

    compiler.compile = compile


def forget_patterns():
    """Called last in the handler's module."""
    compiler, old = HELD.pop("re", (None, None))
    if compiler is not None and compiler.compile.__module__ == __name__:
        compiler.compile = old


class KnownPlaces:
    """Answers as Python's own finder would after its search; what is first on sys.path, and new hooks, come first."""

    def __init__(self, root, known):
        import _frozen_importlib_external as importer

        self.importer, self.root, self.known, self.hooks = importer, root, known, sys.path_hooks[:]

    def find_spec(self, name, path=None, target=None):
        """The spec of a module that lies where it lay when the package was built; None else."""
        rest = self.known.get(name)
        if rest is None or target is not None or sys.path_hooks != self.hooks:
            return None
        parent, _, leaf = name.rpartition(".")
        folder = self.root + ("/" + parent.replace(".", "/") if parent else "")
        path = sys.path if path is None else path
        if type(path) is not list or path[:1] != [folder]:
            return None
        try:
            return self.spec(name, folder + "/" + leaf + rest, rest)
        except (OSError, ValueError, EOFError, TypeError):
            return None

    def spec(self, name, place, rest):
        """The spec of a module that lies in a file whose name ends with `rest`."""
        importer, kind = self.importer, rest.rpartition(".")[2]
        if kind == "so":
            importer._path_stat(place)
            loader = importer.ExtensionFileLoader(name, place)
        else:
            bare = kind == "pyc"
            loader = (importer.SourcelessFileLoader if bare else importer.SourceFileLoader)(name, place)
            self.know_code(loader, place, place if bare else importer.cache_from_source(place))
        below = [place.rpartition("/")[0]] if rest.startswith("/") else None
        return importer.spec_from_file_location(name, place, loader=loader, submodule_search_locations=below)

    def know_code(self, loader, place, bytecode):
        """Reads the bytecode as the loader would, but for its look at the source; the loader uses it once."""
        data = loader.get_data(bytecode)
        if data[:8] != self.importer.MAGIC_NUMBER + b"\1\0\0\0":
            raise ValueError("not bytecode that goes without its source")
        source = None if place == bytecode else place
        code = self.importer._compile_bytecode(memoryview(data)[16:], loader.name, bytecode, source)

        def get_code(_):
            del loader.get_code
            return code

        loader.get_code = get_code


def know_places():
    """Called first in the handler's module: where modules of the package lie that INIT imports is not searched for."""
    finders = [getattr(finder, "__name__", "") for finder in sys.meta_path]
    import _imp

    if EAGER or "PathFinder" not in finders or _imp.check_hash_based_pycs == "always":
        return
    root = __file__.rpartition("/")[0]
    with open(root + "/_lambda_slim_places.txt", encoding="utf-8") as file:
        HELD["places"] = KnownPlaces(root, dict(line.split() for line in file))
    sys.meta_path.insert(finders.index("PathFinder"), HELD["places"])


def forget_places():
    """Called last in the handler's module: from here on modules are found as usual."""
    places = HELD.pop("places", None)
    if places in sys.meta_path:
        sys.meta_path.remove(places)


def preload(names):
    """Called last in the handler's module: imports what only events would; what fails here fails there too."""
    for name in () if EAGER else names:
        try:
            KNOWN["__import__"](name)
        except Exception:
            continue
