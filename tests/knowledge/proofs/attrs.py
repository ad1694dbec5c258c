# /// script
# requires-python = "==3.12.*"
# dependencies = [
#   "attrs",
# ]
# ///
import attr
import attrs
from attrs import define, field, validators

@define
class A:
    x: int = field(converter=int, validator=validators.ge(0))
    y: list = field(factory=list)
@attrs.frozen
class B:
    a: A
assert attrs.asdict(B(A("3"))) == {"a": {"x": 3, "y": []}}
try:
    A(-1)
    raise SystemExit("no error")
except ValueError:
    pass
try:
    B(A(1)).a = 2
    raise SystemExit("no error")
except attrs.exceptions.FrozenInstanceError:
    pass
assert attrs.evolve(A(1), x=2).x == 2 and A(1) == A(1) and repr(A(1)) == "A(x=1, y=[])"
assert attr.__version_info__ >= (22,)
@attr.s
class Old:
    z = attr.ib(default=1, validator=attr.validators.instance_of(int))
assert Old().z == 1 and attr.fields(Old).z.name == "z"
import pickle
