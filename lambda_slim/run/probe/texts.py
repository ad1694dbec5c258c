"""Remembers texts that modules compile while INIT runs; executed by `startup.py`."""

import builtins
import sys

FUTURES = 0x1FE0000  # flags of code that `compile` takes over from its caller, see `PyCF_MASK` in CPython's compile.h
LONGEST, MOST = 50_000, 5_000  # characters of a text; texts


class CompiledTexts:
    """[module, text, file name, mode, flags] of every text that was compiled, until `stop`."""

    def __init__(self):
        self.rows, self.plain, self.plain_exec = [], builtins.compile, builtins.exec
        builtins.compile = self.compile
        self.loaded(sys.modules.get("dataclasses"))

    def compile(self, source, filename, mode, *rest, **more):
        """As the built-in function, which takes over flags of its caller."""
        caller = sys._getframe(1)
        flags = caller.f_code.co_flags & FUTURES
        given = {**dict(zip(("flags", "dont_inherit", "optimize"), rest)), **more}
        if not given.get("dont_inherit"):
            given["flags"] = given.get("flags", 0) | flags
        code = self.plain(source, filename, mode, **{**given, "dont_inherit": True})
        if not (rest or more) and type(source) is str and type(filename) is str:
            self.note(caller.f_globals.get("__name__"), source, filename, mode, flags)
        return code

    def exec(self, source, *spaces, **more):
        """As the built-in function; `dataclasses` always says in which namespace."""
        if type(source) is str:
            self.note("dataclasses", source, "<string>", "exec", 0)
        return self.plain_exec(source, *spaces, **more)

    def note(self, *row):
        """Remembers a text."""
        if type(row[0]) is str and len(row[1]) <= LONGEST and len(self.rows) < MOST:
            self.rows.append(list(row))

    def loaded(self, module):
        """Told of modules that have been imported: `dataclasses` executes texts without compiling them first."""
        if getattr(module, "__name__", "") == "dataclasses":
            vars(module).setdefault("exec", self.exec)

    def stop(self, root):
        """What was compiled until now; from here on nothing is remembered.

        A file name below the package's folder is another one on Lambda, so such texts are left out.
        """
        if builtins.compile == self.compile:
            builtins.compile = self.plain
        space = vars(sys.modules.get("dataclasses", builtins))
        if space.get("exec") == self.exec:
            del space["exec"]
        rows, self.rows = self.rows, []
        return [row for row in rows if root not in row[2]]
