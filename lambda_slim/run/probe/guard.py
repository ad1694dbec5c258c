"""What a package says when a module is asked for that lambda-slim left out; `lambda_slim/bundle/guard.py` packs it.

It travels as `_lambda_slim_guard.py` beside an index of what was left out, and is loaded when a finder at the end of
`sys.meta_path` is asked for the first time for a name that the index could have. Only an import statement gets the
longer message; `importlib.util.find_spec` and `pkgutil` see what they would see without it: nothing.
"""

import sys
from _frozen_importlib_external import SourceFileLoader

HERE = __file__.rpartition("/")[0]
MACHINERY = "<frozen importlib._bootstrap>"
SAID = set()
BUSY = []


def read_index():
    """The index: kinds of entries, (spare, suffix, rule, why) each, and its lines."""
    with open(HERE + "/_lambda_slim_guard.txt", encoding="utf-8") as file:
        head, _, rows = file.read().partition("\n\n")
    return [line.split("\t", 3) for line in head.split("\n")], "\n" + rows


KINDS, ROWS = read_index()


def look(name):
    """(spare, path, rule, why) of a module that was left out, or None."""
    start = ROWS.find("\n" + name + " ")
    if start < 0 or "\n" in name or " " in name:
        return None
    start += len(name) + 2
    spare, suffix, rule, why = KINDS[int(ROWS[start : ROWS.index("\n", start)])]
    return spare == "spare", name.replace(".", "/") + suffix, rule, why


def find(own, name, path, target):
    """The spec of a spare module; else None, or the error of an import statement."""
    entry = look(name)
    if entry is None:
        return None
    spec = ask_later(own, name, path, target)
    if spec is not None:
        return spec
    if entry[0] and spares():
        return spare_spec(name, entry[1])
    frame = sys._getframe(1)
    while frame is not None and frame.f_code.co_name != "_find_spec":
        frame = frame.f_back
    frame = frame.f_back if frame is not None else None
    if importing(frame, "_find_and_load_unlocked"):
        complain(name, frame)
    return None


def ask_later(own, name, path, target):
    """What finders that were added after this one would have found."""
    seen = False
    for finder in list(sys.meta_path):
        if seen and hasattr(finder, "find_spec"):
            spec = finder.find_spec(name, path, target)
            if spec is not None:
                return spec
        seen = seen or finder is own
    return None


def importing(frame, function):
    """Whether a frame is that function of Python's import machinery."""
    return frame is not None and frame.f_code.co_name == function and frame.f_code.co_filename == MACHINERY


def complain(name, frame):
    """Raises what the import would raise, with the reason; returns where nothing would be raised."""
    reason = why(asked_for(name, frame))
    while frame is not None and frame.f_code.co_filename == MACHINERY and frame.f_code.co_name != "_handle_fromlist":
        frame = frame.f_back
    if not importing(frame, "_handle_fromlist"):
        raise ModuleNotFoundError("No module named %r %s" % (name, reason), name=name)
    # `from package import name`: a missing module is passed over, and the statement fails on the missing attribute.
    package, _, attribute = name.rpartition(".")
    module = source_of(frame, attribute)
    if module is None or module.__name__ != package:
        return
    place = getattr(module, "__file__", None)
    said = "cannot import name %r from %r (%s) %s" % (attribute, package, place or "unknown location", reason)
    raise ImportError(said, name=package, path=place)


def source_of(frame, attribute):
    """The module from which a statement takes an attribute, where a frame runs such a statement; else None."""
    names = frame.f_locals
    if names.get("recursive") or attribute not in (names.get("fromlist") or ()) or not is_statement(frame.f_back):
        return None
    return names.get("module")


def is_statement(frame):
    """Whether a frame is at an import statement, rather than at a call of `__import__`."""
    import opcode

    return frame is not None and frame.f_code.co_code[frame.f_lasti] == opcode.opmap["IMPORT_NAME"]


def asked_for(name, frame):
    """The module that is wanted where `name` is only on the way to it: `a.b.c` for `a.b`."""
    wanted = name
    while frame is not None and frame.f_code.co_filename == MACHINERY:
        other = frame.f_locals.get("name") if frame.f_code.co_name == "_find_and_load_unlocked" else None
        if isinstance(other, str) and other.startswith(wanted + ".") and look(other):
            wanted = other
        frame = frame.f_back
    return wanted


def why(name):
    """The clause that names lambda-slim, the rule, and the line that brings a module back, with its packages."""
    _, path, rule, reason = look(name)
    parts = name.split(".")
    above = [look(".".join(parts[:end])) for end in range(1, len(parts) + 1)]
    keep = ", ".join('"/%s"' % entry[1] for entry in above if entry)
    return "(lambda-slim left out %s: %s, rule %s; [tool.lambda-slim] keep = [%s] ships it)" % (
        path,
        reason,
        rule,
        keep,
    )


def spares():
    """Whether modules may come from the spare archive; a proof says no."""
    import os

    return os.environ.get("LAMBDA_SLIM_SPARE") != "off"


def spare_spec(name, path):
    """The spec of a module in the spare archive, with the `__file__` that it would have beside the others."""
    package = path.endswith("/__init__.py")
    place = HERE + "/" + path
    spec = type(__spec__)(name, Spare(name, place), origin=place, is_package=package)
    spec.has_location = True
    if package:
        spec.submodule_search_locations.append(place.rpartition("/")[0])
    return spec


class Spare(SourceFileLoader):
    """Loads a module from the spare archive and says so once."""

    def get_data(self, path):
        if path != self.path:
            return super().get_data(path)
        from zipimport import zipimporter

        archive = HERE + "/_lambda_slim_spare.zip"
        return zipimporter(archive).get_data(archive + path[len(HERE) :])

    def path_stats(self, _):
        raise OSError("no bytecode")

    def exec_module(self, module):
        frame, name = sys._getframe(1), module.__name__
        wanted = asked_for(name, frame)
        if not BUSY and wanted not in SAID:
            SAID.add(wanted)
            said = "lambda-slim: No module named %r in the package, loaded from its spare archive %s\n"
            if sys.stderr is not None:
                sys.stderr.write(said % (wanted, why(wanted)))
        BUSY.append(wanted)
        try:
            super().exec_module(module)
        finally:
            BUSY.pop()
