"""What happens before the handler's module is imported; executed by the scripts beside it, in whatever Python.

The order is that of /var/runtime/bootstrap.py: awslambdaric is imported before the package joins sys.path. Nothing of
ours is left among the loaded modules, where a package could find it in the place of its own.
"""

import os
import site
import sys

HERE = os.path.dirname(__file__)
SCRIPTS = {}


def load_script(name):
    """What a script beside this one defines, without leaving it among the loaded modules; each is executed once."""
    if name not in SCRIPTS:
        path = os.path.join(HERE, name + ".py")
        SCRIPTS[name] = {"__name__": "lambda_slim_" + name, "__file__": path, "load_script": load_script}
        with open(path) as file:
            exec(compile(file.read(), path, "exec"), SCRIPTS[name])
    return SCRIPTS[name]


def load_client(ric):
    """Imports awslambdaric from its folder, which stands last on sys.path from then on; None where there is none."""
    sys.path[:] = [place for place in sys.path if place != HERE]
    if not ric:
        return None
    sys.path.insert(0, ric)
    import awslambdaric.__main__ as client

    sys.path.remove(ric)
    sys.path.append(ric)
    return client


def join_path(root, sdk, layers):
    """Puts the package and its layers first on sys.path, and the runtime's boto3 last."""
    if sdk:
        sys.path.append(sdk)
    sys.path[:0] = [root, *layers]


def enter(root, ric, sdk, layers):
    """All of it, without a network, and in the package's folder."""
    load_script("tracer")["guard_network"](lambda *_: None)
    load_client(ric)
    join_path(root, sdk, layers)
    site.addsitedir(root)
    os.chdir(root)
