# /// script
# requires-python = "==3.12.*"
# dependencies = [
#   "pydantic-core",
# ]
# ///
from pydantic_core import SchemaValidator, ValidationError, core_schema, from_json, to_json

validator = SchemaValidator(core_schema.list_schema(core_schema.int_schema()))
assert validator.validate_python(["1", 2]) == [1, 2]
try:
    validator.validate_python(["x"])
    raise SystemExit("no error")
except ValidationError as error:
    assert error.errors()[0]["type"] == "int_parsing"
assert from_json(b'{"a": [1, 2]}') == {"a": [1, 2]}
assert to_json({"a": 1}) == b'{"a":1}'
zone = SchemaValidator(core_schema.datetime_schema()).validate_python("2024-01-01T00:00:00+02:00")
assert zone.utcoffset().total_seconds() == 7200
