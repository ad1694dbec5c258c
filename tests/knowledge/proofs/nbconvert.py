# /// script
# requires-python = "==3.12.*"
# dependencies = [
#   "nbconvert",
# ]
# ///
import os

os.environ["JUPYTER_PATH"] = os.getcwd() + "/share/jupyter"  # as in a Lambda: LAMBDA_TASK_ROOT
import nbformat
from nbconvert import HTMLExporter, MarkdownExporter, get_exporter

note = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("# Title"), nbformat.v4.new_code_cell("1 + 1")])
html, _ = HTMLExporter().from_notebook_node(note)
assert "<h1" in html and "Title" in html
text, _ = MarkdownExporter().from_notebook_node(note)
assert "# Title" in text
script, _ = get_exporter("python")().from_notebook_node(note)
assert "1 + 1" in script
nbformat.validate(note)
assert get_exporter("slides")().from_notebook_node(note)[0]
