# /// script
# requires-python = "==3.12.*"
# dependencies = [
#   "msgpack",
# ]
# ///
import datetime
import msgpack

data = {"a": [1, 2.5, None, b"x"], "t": datetime.datetime(2024, 1, 1, tzinfo=datetime.timezone.utc)}
assert msgpack.unpackb(msgpack.packb(data, datetime=True), timestamp=3) == data
unpacker = msgpack.Unpacker()
unpacker.feed(msgpack.packb(1) + msgpack.packb([2]))
assert list(unpacker) == [1, [2]]
assert msgpack.Packer.__module__.endswith("_cmsgpack")
try:
    msgpack.unpackb(b"")
    raise SystemExit("no error")
except ValueError:
    pass
assert msgpack.unpackb(msgpack.packb(msgpack.ExtType(5, b"z"))) == msgpack.ExtType(5, b"z")
