# /// script
# requires-python = "==3.12.*"
# dependencies = [
#   "pydantic",
#   "email-validator",
# ]
# ///
import pydantic
from pydantic import BaseModel, EmailStr, Field, HttpUrl, TypeAdapter, ValidationError, computed_field, field_validator

class Address(BaseModel):
    city: str = Field(min_length=2)

class User(BaseModel):
    id: int
    mail: EmailStr
    url: HttpUrl
    address: Address | None = None

    @field_validator("id")
    @classmethod
    def positive(cls, value):
        if value < 0:
            raise ValueError("negative")
        return value

    @computed_field
    @property
    def label(self) -> str:
        return f"{self.id}"

user = User(id="3", mail="a@example.com", url="https://example.com/x", address={"city": "Rom"})
assert user.model_dump(mode="json") == {"id": 3, "mail": "a@example.com", "url": "https://example.com/x", "address": {"city": "Rom"}, "label": "3"}
try:
    User(id=-1, mail="x", url="no")
    raise SystemExit("no error")
except ValidationError as error:
    assert error.error_count() == 3, error
    assert "negative" in str(error)
schema = User.model_json_schema(mode="serialization")
assert schema["properties"]["mail"]["format"] == "email"
assert TypeAdapter(list[int]).validate_json("[1, 2]") == [1, 2]
assert pydantic.VERSION
@pydantic.dataclasses.dataclass
class D:
    x: pydantic.PositiveInt
assert D("4").x == 4
@pydantic.validate_call
def f(x: int) -> int:
    return x + 1
assert f("1") == 2
assert pydantic.create_model("M", a=(int, 1))().a == 1
assert pydantic.SecretStr("x").get_secret_value() == "x"
class Old(BaseModel):
    a: int = 1
import warnings
with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    assert Old().dict() == {"a": 1} and Old.parse_raw('{"a": 5}').a == 5
    assert Old().json() == '{"a":1}'
    assert Old.schema()["properties"]["a"]["default"] == 1
