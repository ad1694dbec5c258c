"""Code that INIT compiles from texts; `lambda_slim/bundle/startup.py` packs it as `_lambda_slim_texts`.

Annotations in quotes, dataclasses and classes of attrs are texts that are compiled while INIT runs. Here they were
compiled when the package was built. A module that compiles such texts gets a `compile` or `exec` of its own while INIT
runs, which knows them and hands on everything else.
"""

import marshal
import sys

FUTURES = 0x1FE0000  # flags of code that `compile` takes over from its caller, see `PyCF_MASK` in CPython's compile.h
WAITING = {}  # modules of the package that are not imported yet, to the texts that they compile
HELD = []


def know():
    """Called first in the handler's module."""
    import _frozen_importlib_external as importer

    if __import__("_lambda_slim_startup").EAGER:
        return
    with open(__file__.rpartition("/")[0] + "/_lambda_slim_texts.bin", "rb") as file:
        magic, own, known = marshal.loads(file.read())
    if magic != importer.MAGIC_NUMBER:
        return
    WAITING.update(known)
    for name, codes in own.items():
        give(vars(__import__(name)), codes)


def take(name):
    """Called first in a module of the package that compiles texts."""
    if name in WAITING and name in sys.modules:  # a loader may execute its file under another name
        give(vars(sys.modules[name]), WAITING.pop(name))


def give(space, codes):
    """Has a module find texts that were compiled; one that has such names of its own is left alone."""
    if "compile" in space or "exec" in space:
        return
    for name, function in (("compile", compiling(codes)), ("exec", executing(codes))):
        if name == "compile" or space.get("__name__") == "dataclasses":
            space[name] = function
            HELD.append((space, name, function))


def compiling(codes, plain=compile):
    """The `compile` of a module that compiles texts."""

    def compile(source, filename, mode, *rest, **more):  # noqa: A001
        if not (rest or more) and type(source) is str and type(filename) is str:
            code = codes.get((source, filename, mode))
            if code is not None:
                return code
        return plain(source, filename, mode, **with_flags(sys._getframe(1), rest, more))

    return compile


def with_flags(caller, rest, more):
    """Further arguments of `compile` as its caller means them: its own flags hold unless it says otherwise."""
    given = {**dict(zip(("flags", "dont_inherit", "optimize"), rest)), **more}
    if not given.get("dont_inherit"):
        given["flags"] = given.get("flags", 0) | caller.f_code.co_flags & FUTURES
    return {**given, "dont_inherit": True}


def executing(codes, plain=exec):
    """The `exec` of `dataclasses`, which always says in which namespace."""

    def exec(source, *spaces, **more):  # noqa: A001
        code = codes.get((source, "<string>", "exec")) if type(source) is str else None
        return plain(source if code is None else code, *spaces, **more)

    return exec


def forget():
    """Called last in the handler's module."""
    WAITING.clear()
    while HELD:
        space, name, function = HELD.pop()
        if space.get(name) is function:
            del space[name]
