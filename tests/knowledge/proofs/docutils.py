# /// script
# requires-python = "==3.12.*"
# dependencies = [
#   "docutils",
#   "pygments",
# ]
# ///
import docutils
import docutils.core

text = "Title\n=====\n\n.. note:: n\n\n.. code:: python\n\n   print(1)\n\n.. math:: x^2\n\n`a <http://x>`_\n"
html = docutils.core.publish_parts(text, writer="html5" if docutils.__version_info__ >= (0, 22) else "html5", settings_overrides={"language_code": "de"})["html_body"]
assert "admonition" in html and "name builtin" in html and "<math" in html, html
for writer in ("html4", "latex", "pseudoxml", "xml", "manpage", "odt"):
    if writer != "odt":
        assert docutils.core.publish_string(text, writer=writer) if docutils.__version_info__ >= (0, 22) else docutils.core.publish_string(text, writer_name=writer), writer
