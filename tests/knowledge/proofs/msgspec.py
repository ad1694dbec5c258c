# /// script
# requires-python = "==3.12.*"
# dependencies = [
#   "msgspec",
#   "cattrs",
#   "dataclasses-json",
#   "xmltodict",
#   "ujson",
# ]
# ///
import dataclasses
import datetime
import cattrs
import msgspec
import ujson
import xmltodict
from dataclasses_json import dataclass_json

class M(msgspec.Struct):
    a: int
    t: datetime.datetime | None = None
assert msgspec.json.decode(b'{"a": 1, "t": "2024-01-01T00:00:00Z"}', type=M).t.year == 2024
assert msgspec.msgpack.decode(msgspec.msgpack.encode(M(1)), type=M) == M(1)
assert msgspec.json.schema(M)["$ref"]
try:
    msgspec.json.decode(b'{"a": "x"}', type=M)
    raise SystemExit("no error")
except msgspec.ValidationError:
    pass
@dataclasses.dataclass
class D:
    a: int
assert cattrs.structure({"a": "1"}, D) == D(1)
from cattrs.preconf.json import make_converter
assert make_converter().dumps(D(1)) == '{"a": 1}'
@dataclass_json
@dataclasses.dataclass
class J:
    b: str
assert J.from_json('{"b": "x"}').to_dict() == {"b": "x"}
assert xmltodict.parse("<a><b>1</b></a>") == {"a": {"b": "1"}}
assert xmltodict.unparse({"a": {"b": "1"}}).endswith("<a><b>1</b></a>")
assert ujson.loads(ujson.dumps([1])) == [1]
