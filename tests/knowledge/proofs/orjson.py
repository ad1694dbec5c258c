# /// script
# requires-python = "==3.12.*"
# dependencies = [
#   "orjson",
#   "numpy",
# ]
# ///
import dataclasses
import datetime
import enum
import uuid
import zoneinfo
import numpy
import orjson

@dataclasses.dataclass
class D:
    a: int
class E(enum.Enum):
    X = "x"
data = {"d": D(1), "e": E.X, "u": uuid.UUID(int=1), "t": datetime.datetime(2024, 1, 1, tzinfo=datetime.timezone.utc)}
assert orjson.loads(orjson.dumps(data)) == {"d": {"a": 1}, "e": "x", "u": "00000000-0000-0000-0000-000000000001", "t": "2024-01-01T00:00:00+00:00"}
assert orjson.dumps(numpy.array([1, 2]), option=orjson.OPT_SERIALIZE_NUMPY) == b"[1,2]"
assert orjson.dumps({1: "a"}, option=orjson.OPT_NON_STR_KEYS | orjson.OPT_INDENT_2) == b'{\n  "1": "a"\n}'
try:
    orjson.loads("{")
    raise SystemExit("no error")
except orjson.JSONDecodeError:
    pass
try:
    orjson.dumps({1})
    raise SystemExit("no error")
except TypeError:
    pass
assert orjson.dumps({1}, default=list) == b"[1]"
