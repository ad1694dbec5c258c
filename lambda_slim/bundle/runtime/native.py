"""Lazy imports of Python's own (PEP 810, from 3.15); `lambda_slim/bundle/startup.py` packs it as `_lambda_slim_native`.

The import statement stays where it is, and the interpreter waits with it until the name is read. This script keeps the
promises of `startup.py`: one variable makes every import eager, and it can be asked which names were read.
"""

import sys

WAITING = {}  # module to its globals and the names that wait there


def expect(space, names):
    """Called first in a module whose imports wait.

    Args:
        space: Its globals.
        names: What the lazy statements bind.
    """
    if __import__("_lambda_slim_startup").EAGER:
        sys.set_lazy_imports_filter(refuse)
    WAITING[space["__name__"]] = space, names


def refuse(*_):
    """The filter by which no import waits."""
    return False


def read_names():
    """(module, name) of every name that is there, and does not wait any more."""
    from types import LazyImportType

    return [
        (module, name)
        for module, (space, names) in WAITING.items()
        for name in names
        if name in space and type(space[name]) is not LazyImportType
    ]
