# /// script
# requires-python = "==3.12.*"
# dependencies = [
#   "mistune",
# ]
# ///
import mistune
from mistune.renderers.rst import RSTRenderer

assert "<h1>T</h1>" in mistune.html("# T")
render = mistune.create_markdown(plugins=["table", "footnotes", "math", "task_lists"])
assert "<table>" in render("| a | b |\n|---|---|\n| 1 | 2 |\n")
assert "footnote" in render("x[^1]\n\n[^1]: y\n")
assert mistune.create_markdown(renderer="ast")("**x**")[0]["type"] == "paragraph"
assert "**x**" in mistune.create_markdown(renderer=RSTRenderer())("**x**")
