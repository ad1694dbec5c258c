# /// script
# requires-python = "==3.12.*"
# dependencies = [
#   "simplejson",
# ]
# ///
import decimal
import simplejson as json

assert json.loads("1.10", use_decimal=True) == decimal.Decimal("1.10")
assert json.dumps({"a": decimal.Decimal("1.5"), "b": [1, None]}) == '{"a": 1.5, "b": [1, null]}'
assert json.encoder.c_make_encoder is not None
try:
    json.loads("{bad")
    raise SystemExit("no error")
except json.JSONDecodeError as error:
    assert error.pos == 1
assert json.dumps("é", ensure_ascii=False) == '"é"' and json.dumps({"b": 1, "a": 2}, sort_keys=True, indent=1).startswith("{\n")
