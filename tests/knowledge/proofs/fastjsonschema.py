# /// script
# requires-python = "==3.12.*"
# dependencies = [
#   "fastjsonschema",
# ]
# ///
import fastjsonschema

check = fastjsonschema.compile({"type": "object", "properties": {"a": {"type": "integer"}, "d": {"format": "date"}}, "required": ["a"]})
assert check({"a": 1, "d": "2024-01-01"}) == {"a": 1, "d": "2024-01-01"}
for draft in ("http://json-schema.org/draft-04/schema#", "http://json-schema.org/draft-06/schema#", "http://json-schema.org/draft-07/schema#"):
    try:
        fastjsonschema.compile({"$schema": draft, "type": "string"})(1)
        raise SystemExit("no error")
    except fastjsonschema.JsonSchemaException as error:
        assert "string" in error.message
assert "def validate" in fastjsonschema.compile_to_code({"type": "string"})
