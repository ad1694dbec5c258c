# /// script
# requires-python = "==3.12.*"
# dependencies = [
#   "markdownify",
# ]
# ///
import markdownify

assert markdownify.markdownify("<b>x</b>") == "**x**"
assert markdownify.markdownify("<h1>a</h1><p>b <a href='http://x'>c</a></p>", heading_style="ATX").strip() == "# a\n\nb [c](http://x)"
table = markdownify.markdownify("<table><tr><th>a</th></tr><tr><td>1</td></tr></table>")
assert "| a |" in table and "| --- |" in table and "| 1 |" in table
