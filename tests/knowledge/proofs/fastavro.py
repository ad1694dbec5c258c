# /// script
# requires-python = "==3.12.*"
# dependencies = [
#   "fastavro",
#   "ijson",
#   "regex",
#   "jellyfish",
#   "zstandard",
#   "brotli",
#   "lz4",
# ]
# ///
import io
import brotli
import fastavro
import ijson
import jellyfish
import lz4.frame
import regex
import zstandard

schema = fastavro.parse_schema({"type": "record", "name": "R", "fields": [{"name": "a", "type": "int"}, {"name": "t", "type": {"type": "long", "logicalType": "timestamp-millis"}}]})
out = io.BytesIO()
import datetime
for codec in ("null", "deflate"):
    out = io.BytesIO()
    fastavro.writer(out, schema, [{"a": 1, "t": datetime.datetime(2024, 1, 1, tzinfo=datetime.timezone.utc)}], codec=codec)
    out.seek(0)
    assert next(fastavro.reader(out))["a"] == 1, codec
for backend in ("yajl2_c", "python"):
    assert list(ijson.get_backend(backend).items(io.BytesIO(b'{"a": [1, 2]}'), "a.item")) == [1, 2], backend
assert list(ijson.items(io.BytesIO(b'[1]'), "item")) == [1]
assert regex.findall(r"\p{Lu}", "aBc") == ["B"] and jellyfish.soundex("Jellyfish") == "J412"
for module in (brotli, lz4.frame):
    assert module.decompress(module.compress(b"x" * 50)) == b"x" * 50
assert zstandard.decompress(zstandard.compress(b"x" * 50)) == b"x" * 50
