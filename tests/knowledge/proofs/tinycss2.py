# /// script
# requires-python = "==3.12.*"
# dependencies = [
#   "tinycss2",
# ]
# ///
import tinycss2
import tinycss2.color4
from tinycss2.color3 import parse_color
from tinycss2.nth import parse_nth

assert tinycss2.parse_stylesheet("a{b:c}")[0].type == "qualified-rule"
rules = tinycss2.parse_stylesheet("@media print { a { color: red } }", skip_whitespace=True)
assert rules[0].at_keyword == "media" and tinycss2.serialize(rules[0].prelude).strip() == "print"
assert parse_color("lime").green == 1 and parse_nth("2n+1") == (2, 1)
assert tinycss2.color4.parse_color("hsl(120deg 100% 50%)").space == "hsl"
assert tinycss2.parse_one_declaration("a: b !important").important
