# /// script
# requires-python = "==3.12.*"
# dependencies = [
#   "cssselect2",
# ]
# ///
from xml.etree import ElementTree
import cssselect2

tree = cssselect2.ElementWrapper.from_xml_root(ElementTree.fromstring("<a><b class='x'/><b id='y'/><c><b/></c></a>"))
assert [node.local_name for node in tree.query_all("b")] == ["b", "b", "b"]
assert tree.query("b.x + b").id == "y" and tree.query("c > b:first-child") and tree.query("d") is None
matcher = cssselect2.Matcher()
for selector in cssselect2.compile_selector_list("b:not(.x), c"):
    matcher.add_selector(selector, "told")
assert [bool(matcher.match(node)) for node in tree.iter_subtree()] == [False, False, True, True, True]
