"""What importing a module changes outside itself: python benchmarks/quiet.py [MODULE[=DISTRIBUTION]...] [--python 3.12]

Without modules, those that knowledge/lints.toml lists as `quiet`: `lint --fix` moves or deletes imports of them only.
Each is installed by uv into a folder of its own and imported, with all its public submodules that can be, in a clean
process that loaded much of the standard library before. Compared are: attributes of all modules that were there
(monkeypatching), environment, working folder, warnings filters, root logger, signal handlers, import hooks, exception
hooks, locale, decimal context, random state, threads, umask, standard streams, registered pickles. No change are:
filters for the new modules' own warnings, pickles of their own types, what typing_extensions puts into typing, and
six's importer, which answers for six only. Needs the package index. The exit code is 1 where a module changes anything.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

from measure import ROOT, show

sys.path.insert(0, str(ROOT))

PROBE = """
import sys
sys.path.insert(0, sys.argv[2])
import array, ast, asyncio, base64, bisect, codecs, collections, concurrent.futures, contextlib, copy, copyreg, csv
import datetime, decimal, difflib, dis, email.message, enum, fractions, functools, gc, getpass, gzip, hashlib, hmac, html
import http.client, http.cookiejar, http.server, importlib.metadata, importlib.resources, inspect, io, ipaddress
import itertools, json, locale, logging, logging.handlers, math, mimetypes, multiprocessing, numbers, operator, os
import pathlib, pickle, pkgutil, platform, pprint, queue, random, re, secrets, select, selectors, shutil, signal, site
import socket, sqlite3, ssl, stat, statistics, string, struct, subprocess, tarfile, tempfile, textwrap, threading, time
import traceback, types, typing, unicodedata, unittest.mock, urllib.parse, urllib.request, uuid, warnings, weakref
import xml.etree.ElementTree, xml.sax, zipfile, zlib, zoneinfo

# What only counts or caches, and what importing anything fills.
SKIPPED = {"sys": {"modules", "path_importer_cache", "last_value", "flags"}, "re": {"_cache", "_cache2"},
           "functools": {"_lru_cache_wrapper"}, "typing": {"_cleanups", "_collect_parameters", "_check_generic"}, "linecache": {"cache"},
           "abc": {"_abc_impl"}, "weakref": {"finalize"}, "urllib.parse": {"_typeprog"}, "threading": {"_counter", "_active"}, "builtins": {"_"}}

ALONE = {"tests", "test", "testing", "conftest", "setup", "main", "cli", "app", "demo", "examples", "distutils", "f2py"}

def names(module):
    return {key: id(value) for key, value in vars(module).items()
            if key not in SKIPPED.get(module.__name__, ()) and not key.startswith("__")
            and type(value).__name__ != "module" and not isinstance(value, (int, float, str, bytes, bool, tuple, type(None)))}

def plain(module):
    return {key: repr(value) for key, value in vars(module).items() if key not in SKIPPED.get(module.__name__, ())
            and not key.startswith("__") and isinstance(value, (int, float, str, bytes, bool, tuple, type(None)))}

def classes(module):
    return {f"{key}.{name}": id(value) for key, cls in list(vars(module).items())
            if isinstance(cls, type) and cls.__module__ == module.__name__ and key not in SKIPPED.get(module.__name__, ())
            for name, value in list(vars(cls).items()) if not name.startswith(("_abc_", "__"))}

def state():
    root = logging.getLogger()
    return {
        "environment": dict(os.environ), "folder": os.getcwd(), "filters": [repr(one) for one in warnings.filters if one[2].__module__ in loaded
                                       and not (one[1] and one[1].pattern.partition(".")[0].rstrip(chr(92)) in set(sys.modules) - set(loaded))],
        "showwarning": id(warnings.showwarning), "root logger": (root.level, [repr(one) for one in root.handlers]),
        "logging": (logging.getLoggerClass().__name__, logging.raiseExceptions, logging.root.manager.disable),
        "signals": {number: repr(signal.getsignal(number)) for number in signal.valid_signals()},
        "hooks": [type(one).__name__ for one in (*sys.meta_path, *sys.path_hooks)
                  if type(one).__name__ != "_SixMetaPathImporter"], "path": list(sys.path),
        "exceptions": [id(sys.excepthook), id(sys.displayhook), id(threading.excepthook), id(sys.unraisablehook)],
        "locale": locale.setlocale(locale.LC_ALL), "decimal": repr(decimal.getcontext()),
        "random": hash(random.getstate()), "timeout": socket.getdefaulttimeout(),
        "streams": [id(sys.stdin), id(sys.stdout), id(sys.stderr)], "umask": os.umask(os.umask(0)),
        "threads": sorted(one.name for one in threading.enumerate()), "recursion": sys.getrecursionlimit(),
        "gc": (gc.isenabled(), gc.get_threshold()), "switch": sys.getswitchinterval(),
        "mimetypes": len(mimetypes.types_map), "trace": (repr(sys.gettrace()), repr(sys.getprofile())),
        "pickles": sorted(repr(key) for key in copyreg.dispatch_table
                                                             if key.__module__ in loaded),
        "policy": type(asyncio.get_event_loop_policy()).__name__,
    }

random.seed(1)
mimetypes.init()
loaded = dict(sys.modules)
before = state()
old = {name: (names(module), plain(module), classes(module)) for name, module in loaded.items()
       if module and hasattr(module, "__dict__") and module.__name__ == name}
__import__(sys.argv[1])
found = sys.modules[sys.argv[1]]
for one in pkgutil.walk_packages(getattr(found, "__path__", ()), sys.argv[1] + ".", onerror=lambda name: None):
    parts = one.name.split(".")
    if not any(part.startswith("_") or part in ALONE or part.startswith("test_") for part in parts):
        try:
            __import__(one.name)
        except BaseException:
            pass  # it needs what is not installed
after = state()
told = [f"{key}" for key in before if before[key] != after[key]]
details = {}
if before["filters"] != after["filters"]:
    details["filters"] = [one for one in after["filters"] if one not in before["filters"]][:4]
if before["environment"] != after["environment"]:
    details["environment"] = sorted(set(after["environment"].items()) ^ set(before["environment"].items()))[:4]
if before["pickles"] != after["pickles"]:
    details["pickles"] = [one for one in after["pickles"] if one not in before["pickles"]][:4]
for name, sides in old.items():
    module = loaded[name]
    for was, now in zip(sides, (names(module), plain(module), classes(module))):
        told += [f"{name}.{key}" for key in was if key in now and now[key] != was[key] or key not in now]
import json as j
sys.stdout.write(j.dumps([told, details]))
"""


def probe(module: str, distribution: str, python: str, folder: Path) -> tuple[list[str], dict]:
    """What importing changed; raises SystemExit where it cannot be installed or imported."""
    from lambda_slim.run.uv import uv_binary

    tree = folder / distribution.replace("/", "_")
    install = [str(uv_binary()), "pip", "install", "-q", "--target", str(tree), "--python", python, distribution]
    for command in (install, [python, "-I", "-S", "-c", PROBE, module, str(tree)]):
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=600)
        if done.returncode:
            raise SystemExit(f"{module}: {done.stderr[-600:]}")
    told, details = json.loads(done.stdout.splitlines()[-1])
    return told, details


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("modules", nargs="*")
    parser.add_argument("--python", default="3.12")
    asked = parser.parse_args()
    from lambda_slim.knowledge.lints import load_lint_tables
    from lambda_slim.knowledge.runtimes import runtimes
    from lambda_slim.model.target import Target
    from lambda_slim.run.interpreter import find_interpreter

    found = find_interpreter(Target(runtimes()[f"python{asked.python}"], "x86_64"), None)
    listed = [f"{name}={where}" for name, where in sorted(load_lint_tables().quiet.items())]
    held = True
    with tempfile.TemporaryDirectory(prefix="lambda-slim-bench-") as folder:
        for text in asked.modules or listed:
            module, _, distribution = text.partition("=")
            told, details = probe(module, distribution or module, str(found), Path(folder))
            what = ", ".join(told[:8]) + (f" {details}" if details else "")
            held &= show(f"import {module}", what or "nothing", "nothing", not told)
    return 0 if held else 1


if __name__ == "__main__":
    raise SystemExit(main())
