# /// script
# requires-python = "==3.12.*"
# dependencies = [
#   "marshmallow",
# ]
# ///
import datetime
from marshmallow import Schema, ValidationError, fields, post_load, pre_load, validate, validates_schema

class Child(Schema):
    n = fields.Integer(required=True, validate=validate.Range(min=1))
class Parent(Schema):
    name = fields.String(required=True, validate=validate.Length(max=5))
    mail = fields.Email()
    url = fields.Url()
    when = fields.DateTime(format="iso")
    price = fields.Decimal(as_string=True)
    uid = fields.UUID()
    children = fields.List(fields.Nested(Child))
    self_ref = fields.Nested(lambda: Parent(only=("name",)))
    @post_load
    def make(self, data, **kwargs):
        return data | {"made": True}
loaded = Parent().load({"name": "a", "mail": "a@b.cc", "when": "2024-01-02T03:04:05", "price": "1.50", "children": [{"n": "2"}], "self_ref": {"name": "z"}})
assert loaded["children"] == [{"n": 2}] and loaded["made"] and loaded["when"] == datetime.datetime(2024, 1, 2, 3, 4, 5)
assert Parent().dump(loaded)["price"] == "1.50"
try:
    Parent().load({"name": "too long", "mail": "x", "url": "no", "children": [{"n": 0}], "extra": 1})
    raise SystemExit("no error")
except ValidationError as error:
    assert set(error.messages) == {"name", "mail", "url", "children", "extra"}
assert Schema.from_dict({"a": fields.Int()})().load({"a": "1"}) == {"a": 1}
nested = Schema.from_dict({"c": fields.Nested("Child")})()
assert nested.load({"c": {"n": 1}}) == {"c": {"n": 1}}
