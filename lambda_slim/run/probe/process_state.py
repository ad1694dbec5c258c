"""The state of a process that all its modules share: environment, signals, logging, warnings, hooks and more."""

import os
import sys

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

    def state(logger):
        heard = [handler for handler in logger.handlers if type(handler) is not logging.NullHandler]
        handlers = ["%s %s" % (described(handler), handler.level) for handler in heard]
        return [
            logger.level,
            handlers,
            [described(logging_filter) for logging_filter in logger.filters],
            logger.propagate,
            logger.disabled,
        ]

    names = {
        name: state(logger)
        for name, logger in sorted(logging.root.manager.loggerDict.items())
        if isinstance(logger, logging.Logger) and state(logger) != [0, [], [], True, False]
    }
    makers = described(logging.getLoggerClass()), described(logging.getLogRecordFactory())
    return [state(logging.root), names, makers, logging.root.manager.disable, sorted(logging._nameToLevel)]


def signal_state():
    """Signals whose handler is not the default one."""
    import _signal

    handlers = {}
    for number in range(1, _signal.NSIG):
        handler = attempt(lambda number=number: _signal.getsignal(number))
        if callable(handler):
            handlers[number] = described(handler)
        elif handler not in (_signal.SIG_DFL, None, "ValueError"):
            handlers[number] = str(handler)
    return handlers


def warning_state():
    """The warning filters, in order."""
    warnings = sys.modules.get("warnings")
    rows = getattr(warnings, "filters", ())
    return [
        [described(part) if isinstance(part, type) else str(getattr(part, "pattern", part)) for part in row]
        for row in rows
    ]


def loaded(name, *path):
    """An attribute of a module that may not be loaded; one in the middle of its import may have no state in C yet."""
    value = sys.modules.get(name)
    if getattr(getattr(value, "__spec__", None), "_initializing", False):
        return None
    for part in path:
        value = getattr(value, part, None)
    return value


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
        "sys.path": [entry.replace(root, "/var/task") for entry in sys.path],
        "sys.meta_path": [described(finder) for finder in sys.meta_path],
        "sys.path_hooks": [described(hook) for hook in sys.path_hooks],
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
