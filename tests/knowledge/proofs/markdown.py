# /// script
# requires-python = "==3.12.*"
# dependencies = [
#   "markdown",
#   "pygments",
#   "pymdown-extensions",
# ]
#
# [tool.proof]
# pins = [
#   "markdown: hidden markdown.core",
# ]
# ///
import markdown

assert markdown.markdown("# Hi\n\n*x*") == "<h1>Hi</h1>\n<p><em>x</em></p>"
html = markdown.markdown("a | b\n--|--\n1 | 2\n", extensions=["tables"])
assert "<td>1</td>" in html
md = markdown.Markdown(extensions=["toc", "extra", "meta", "codehilite", "markdown.extensions.admonition", "smarty", "sane_lists", "nl2br"])
html = md.convert("Title: x\n\n# A\n\n## B\n\n```python\nprint(1)\n```\n\n!!! note\n    hi\n\nfoot[^1]\n\n[^1]: note\n")
assert 'href="#b"' in md.toc and md.Meta == {"title": ["x"]}
assert "admonition" in html and "footnote" in html and "codehilite" in html
assert '<span class="nb">print</span>' in html, html
assert markdown.markdown("==x==", extensions=["pymdownx.mark", "pymdownx.superfences"]) == "<p><mark>x</mark></p>"
try:
    markdown.markdown("x", extensions=["nope_nope"])
    raise SystemExit("no error")
except ModuleNotFoundError:
    pass
