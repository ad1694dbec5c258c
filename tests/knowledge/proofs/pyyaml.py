# /// script
# requires-python = "==3.12.*"
# dependencies = [
#   "PyYAML",
# ]
# ///
import datetime
import yaml

text = "a: 1\nb: [x, 2024-01-02]\nc: &x {d: null}\ne: *x\nf: !!binary aGk=\n"
data = yaml.safe_load(text)
assert data["b"] == ["x", datetime.date(2024, 1, 2)] and data["f"] == b"hi"
assert yaml.load(text, Loader=yaml.CSafeLoader) == data
assert yaml.safe_dump({"b": 1, "a": [None]}, sort_keys=True) == "a:\n- null\nb: 1\n"
assert yaml.dump({"a": 1}, Dumper=yaml.CSafeDumper) == "a: 1\n"
class Ref(yaml.YAMLObject):
    yaml_tag = "!Ref"
    yaml_loader = yaml.SafeLoader
    @classmethod
    def from_yaml(cls, loader, node):
        return "ref " + node.value
assert yaml.safe_load("x: !Ref y") == {"x": "ref y"}
assert list(yaml.safe_load_all("---\n1\n---\n2\n")) == [1, 2]
try:
    yaml.safe_load("a: [")
    raise SystemExit("no error")
except yaml.YAMLError as error:
    assert error.problem_mark.line in (0, 1)
try:
    yaml.safe_load("!!python/object/apply:os.getcwd []")
    raise SystemExit("no error")
except yaml.constructor.ConstructorError:
    pass
assert yaml.unsafe_load("!!python/name:collections.OrderedDict").__name__ == "OrderedDict"
