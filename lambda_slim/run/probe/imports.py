"""Imports modules and loads entry points and libraries of a package, and says which of them fail.

python -s -S -B imports.py PACKAGE RIC SDK < REQUEST

REQUEST is {"modules": [...], "entry_points": [[group, name, value], ...], "libraries": [...], "own": [...]}. The answer
is what stdout ends with: {"failed": {what: "Error: message"}, "touched": [...]}. What the runtime has loaded is loaded
first. `own` are names of first-party modules: the others come before them, and those that bring one are `touched`.
"""

import json
import os
import sys

ENTRANCE = {"__file__": os.path.join(os.path.dirname(os.path.abspath(__file__)), "entrance.py")}
with open(ENTRANCE["__file__"]) as script:
    exec(compile(script.read(), ENTRANCE["__file__"], "exec"), ENTRANCE)


def main():
    """Reads one request, answers it."""
    root, ric, sdk = sys.argv[1:4]
    request = json.load(sys.stdin)
    out = os.dup(1)
    os.dup2(2, 1)  # what modules print is not the answer
    ENTRANCE["enter"](root, ric, sdk, request.get("layers", []), request.get("bytecode", ""))
    answer = ENTRANCE["load_script"]("trial")["try_all"](request, root)
    os.write(out, json.dumps(answer).encode())
    os._exit(0)


main()
