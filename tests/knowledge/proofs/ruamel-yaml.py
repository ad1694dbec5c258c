# /// script
# requires-python = "==3.12.*"
# dependencies = [
#   "ruamel.yaml",
# ]
# ///
import io
from ruamel.yaml import YAML

yaml = YAML()
data = yaml.load("a: 1  # one\nb:\n  - x\n  - &n y\nc: *n\n")
data["a"] = 2
out = io.StringIO()
yaml.dump(data, out)
assert "a: 2  # one" in out.getvalue()
assert YAML(typ="safe").load("t: 2001-12-14t21:59:43.10-05:00")["t"].year == 2001
assert YAML(typ="unsafe", pure=True).load("x: !!python/tuple [1, 2]")["x"] == (1, 2)
assert YAML(typ="rt").load("? [1, 2]\n: z\n") is not None
