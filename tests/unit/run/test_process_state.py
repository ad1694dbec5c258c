"""What all modules share is looked at without harm, also in the middle of an import."""

import json
import subprocess
import sys
from importlib.resources import files

CODE = """
import importlib.util, json, sys
for name in [name for name in sys.modules if name in ("socket", "_socket")]:
    del sys.modules[name]
space = {}
exec(open(sys.argv[1]).read(), space)
spec = importlib.util.find_spec("_socket")
module = importlib.util.module_from_spec(spec)  # it has no state before it is executed: asked then, 3.12 ends
sys.modules["_socket"], spec._initializing = module, True
class Asked(Exception): pass
def asked(): raise Asked
vars(module)["getdefaulttimeout"] = asked
states = [space["process_state"]("/x", {})["socket timeout"]]
vars(module)["getdefaulttimeout"], spec._initializing = (lambda: 7.0), False
print(json.dumps([*states, space["process_state"]("/x", {})["socket timeout"]]))
"""


def test_a_module_in_the_middle_of_its_import_is_not_asked():
    script = str(files("lambda_slim.run.probe").joinpath("process_state.py"))
    done = subprocess.run([sys.executable, "-I", "-S", "-c", CODE, script], capture_output=True, text=True, check=True)

    assert json.loads(done.stdout) == ["None", "7.0"]
