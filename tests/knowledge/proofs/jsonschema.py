# /// script
# requires-python = "==3.12.*"
# dependencies = [
#   "jsonschema[format-nongpl]",
# ]
# ///
import jsonschema
from jsonschema import Draft7Validator, Draft202012Validator, FormatChecker, ValidationError, validate

schema = {"type": "object", "properties": {"a": {"type": "integer", "minimum": 1}, "m": {"format": "email"}, "d": {"format": "date-time"}, "u": {"format": "uri"}, "c": {"format": "color"}}, "required": ["a"]}
validate({"a": 1}, schema)
try:
    validate({"a": 0}, schema)
    raise SystemExit("no error")
except ValidationError as error:
    assert list(error.absolute_path) == ["a"] and "minimum" in error.message
errors = list(Draft202012Validator(schema, format_checker=FormatChecker()).iter_errors({"a": 1, "m": "no", "d": "no", "u": "::", "c": "nope"}))
assert len(errors) >= 3, errors
for draft in (jsonschema.Draft3Validator, jsonschema.Draft4Validator, jsonschema.Draft6Validator, Draft7Validator, jsonschema.Draft201909Validator, Draft202012Validator):
    draft.check_schema({"type": "string"})
    assert draft({"$ref": draft.META_SCHEMA["$id"] if "$id" in draft.META_SCHEMA else draft.META_SCHEMA["id"]}).is_valid({"type": "string"})
try:
    Draft7Validator.check_schema({"type": "nope"})
    raise SystemExit("no error")
except jsonschema.SchemaError:
    pass
from referencing import Registry, Resource
registry = Registry().with_resource("urn:x", Resource.from_contents({"$schema": "https://json-schema.org/draft/2020-12/schema", "type": "integer"}))
assert not Draft202012Validator({"$ref": "urn:x"}, registry=registry).is_valid("s")
assert jsonschema.exceptions.best_match(errors) is not None
