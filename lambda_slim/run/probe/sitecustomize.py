"""Traces any Python program: a copy stands first on PYTHONPATH, beside `tracer.py`; another sitecustomize still runs.

SLIM_TRACE   file that gets the record
SLIM_ROOTS   folders that stand for the package's root, separated like PATH; site-packages of the program are added
"""

import os
import sys


def main():
    """Starts the trace; modules are recorded when the program ends."""
    import atexit

    here = os.path.dirname(os.path.abspath(__file__))
    tracer = {"__name__": "lambda_slim_tracer", "__file__": os.path.join(here, "tracer.py")}
    with open(tracer["__file__"]) as file:
        exec(compile(file.read(), tracer["__file__"], "exec"), tracer)
    roots = os.environ["SLIM_ROOTS"].split(os.pathsep)
    roots += [path for path in sys.path if os.path.basename(path) in ("site-packages", "dist-packages")]
    say = tracer["recorder"](os.environ["SLIM_TRACE"])
    atexit.register(tracer["start_trace"](say, roots, "event"))
    # The one that this file hides.
    sys.path[:] = [path for path in sys.path if os.path.abspath(path or ".") != here]
    hidden = sys.modules.pop("sitecustomize", None)
    try:
        import sitecustomize  # noqa: F401
    except ImportError:
        sys.modules["sitecustomize"] = hidden


if "SLIM_TRACE" in os.environ:
    main()
