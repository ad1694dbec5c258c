"""Imports modules and loads entry points and libraries of a package, and says which of them fail.

Executed by `imports.py`, and by `bootstrap.py` in a process that has answered all its events.
"""

import _signal  # as modules that import signal find it: not loaded
import importlib
import os
import sys

LIMIT = 20  # seconds for one of them, less those in which it was ready to run and was not let
STARTED = [0.0]


class Late(BaseException):
    """It waits for something; no `except Exception` on the way takes this for its own."""


def held_up():
    """Seconds in which this thread was ready to run and was not let, on a machine that is loaded."""
    try:
        with open("/proc/self/schedstat") as file:
            return int(file.read().split()[1]) / 1e9
    except (OSError, ValueError, IndexError):
        return 0.0


def late(*_):
    """The alarm; it is set again for the time that was not had."""
    waited = held_up() - STARTED[0]
    if waited > 0.5:
        STARTED[0] += waited
        _signal.setitimer(_signal.ITIMER_REAL, waited)
        return
    raise Late("no end within %d s" % LIMIT)


def attempt(failed, what, action):
    """Does something and remembers how it failed."""
    _signal.signal(_signal.SIGALRM, late)
    STARTED[0] = held_up()
    _signal.setitimer(_signal.ITIMER_REAL, LIMIT)
    try:
        action()
    except (Exception, SystemExit, Late) as error:
        failed[what] = "%s: %s" % (type(error).__name__, error)
    finally:
        _signal.setitimer(_signal.ITIMER_REAL, 0)


def load(value):
    """What an entry point does when it is loaded."""
    module, _, name = value.partition("[")[0].strip().partition(":")
    target = importlib.import_module(module.strip())
    for part in filter(None, name.strip().split(".")):
        target = getattr(target, part)


def try_all(request, root):
    """{"failed": {what: "Error: message"}, "touched": [...]} for a request; see `imports.py`."""
    failed, touched = {}, []
    own = set(request.get("own", ()))
    for name in sorted(request["modules"], key=own.__contains__):
        attempt(failed, name, lambda name=name: importlib.import_module(name))
        if own and name not in own and not own.isdisjoint(sys.modules):
            touched.append(name)
    for group, name, value in request["entry_points"]:
        attempt(failed, "%s: %s = %s" % (group, name, value), lambda value=value: load(value))
    for path in request["libraries"]:
        import ctypes

        attempt(failed, path, lambda path=path: ctypes.CDLL(os.path.join(root, path)))
    return {"failed": failed, "touched": touched}
