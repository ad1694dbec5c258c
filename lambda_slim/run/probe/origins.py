"""Where values come from; executed by `names.py` and `startup.py`."""

import sys

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
