# /// script
# requires-python = "==3.12.*"
# dependencies = [
#   "rich",
# ]
# ///
import io
from rich.console import Console
from rich.markdown import Markdown
from rich.progress import track
from rich.syntax import Syntax
from rich.table import Table
from rich.traceback import Traceback
from rich.tree import Tree

out = io.StringIO()
console = Console(file=out, width=80, force_terminal=True)
table = Table(title="T")
table.add_column("a")
table.add_row("[bold]x[/] :smile: 漢字")
console.print(table)
console.print(Markdown("# h\n\n- a\n\n```python\nprint(1)\n```"))
console.print(Syntax("def f(): pass", "python", theme="monokai"))
console.print(Syntax("a: 1", "yaml"))
tree = Tree("r")
tree.add("c")
console.print(tree)
console.print_json('{"a": 1}')
try:
    1 / 0
except ZeroDivisionError:
    console.print_exception(show_locals=True)
for _ in track(range(2), console=console):
    pass
with console.status("x", spinner="dots"):
    pass
text = out.getvalue()
assert "T" in text and "ZeroDivisionError" in text and "r" in text and "\N{SMILING FACE WITH OPEN MOUTH AND SMILING EYES}" in text
import logging
from rich.logging import RichHandler
logging.getLogger("r").addHandler(RichHandler(console=console))
logging.getLogger("r").warning("careful")
assert "careful" in out.getvalue()
from rich import inspect, pretty
inspect([], console=console)
assert pretty.pretty_repr({"a": [1]}) == "{'a': [1]}"
console.export_text() if console.record else None
