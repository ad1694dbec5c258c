# /// script
# requires-python = "==3.12.*"
# dependencies = [
#   "jsonpath-ng",
# ]
# ///
import jsonpath_ng
from jsonpath_ng.ext import parse

assert [match.value for match in jsonpath_ng.parse("a[*].b").find({"a": [{"b": 1}, {"b": 2}]})] == [1, 2]
assert [match.value for match in parse("a[?(@.b > 1)].b").find({"a": [{"b": 1}, {"b": 2}]})] == [2]
assert parse("$.a.`len`").find({"a": [1, 2]})[0].value == 2
