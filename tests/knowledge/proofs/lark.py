# /// script
# requires-python = "==3.12.*"
# dependencies = [
#   "lark",
#   "pyparsing",
#   "jsonpath-ng",
#   "ply",
# ]
# ///
import lark
import pyparsing
from jsonpath_ng import parse
from jsonpath_ng.ext import parse as extended

grammar = lark.Lark("start: NUMBER (\",\" NUMBER)*\n%import common.NUMBER\n%import common.WS\n%ignore WS", parser="lalr")
assert len(grammar.parse("1, 2").children) == 2
assert lark.Lark(r"start: /a+/", parser="earley").parse("aa").children[0] == "aa"
assert pyparsing.Word(pyparsing.nums).parse_string("12")[0] == "12"
assert [m.value for m in parse("$.a[*].b").find({"a": [{"b": 1}, {"b": 2}]})] == [1, 2]
assert [m.value for m in extended("$.a[?(@.b>1)].b").find({"a": [{"b": 1}, {"b": 2}]})] == [2]
