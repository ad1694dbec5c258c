# /// script
# requires-python = "==3.12.*"
# dependencies = [
#   "markupsafe",
# ]
# ///
import markupsafe
from markupsafe import Markup, escape

assert escape("<a & 'b'>") == Markup("&lt;a &amp; &#39;b&#39;&gt;")
assert Markup("<b>%s</b>") % "<i>" == "<b>&lt;i&gt;</b>"
assert Markup("<em>x &amp; y</em>").striptags() == "x & y"
assert Markup("{}").format("<") == "&lt;"
assert markupsafe._escape_inner.__module__ == "markupsafe._speedups"
