"""What happens before the handler's module is imported; executed by the scripts beside it, in whatever Python.

The order is that of /var/runtime/bootstrap.py: awslambdaric is imported before the package joins sys.path. Nothing of
ours is left among the loaded modules, where a package could find it in the place of its own.
"""

import _frozen_importlib_external as machinery
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


def use_bytecode(folder, root):
    """Has sources of the package take their bytecode from another folder; all other modules take it where it lies.

    With Python's own `pycache_prefix` the standard library would be compiled again in every process.
    """
    if not folder:
        return
    below, plain = root + os.sep, machinery.cache_from_source

    def cache_from_source(path, *others, **optimization):  # `debug_override` has gone with Python 3.15
        text = os.fspath(path)
        if not text.startswith(below):
            return plain(path, *others, **optimization)
        return "%s%s.%s.pyc" % (folder, text.removesuffix(".py"), sys.implementation.cache_tag)

    machinery.cache_from_source = cache_from_source


def enter(root, ric, sdk, layers, bytecode=""):
    """All of it, without a network, and in the package's folder."""
    load_script("tracer")["guard_network"](lambda *_: None)
    load_client(ric)
    join_path(root, sdk, layers)
    use_bytecode(bytecode, root)
    site.addsitedir(root)
    os.chdir(root)
