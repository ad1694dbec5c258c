"""Intrinsic functions of CloudFormation, as far as parameter defaults, mappings and conditions say."""

from collections.abc import Mapping
from typing import Any

from lambda_slim.base.rows import present
from lambda_slim.formats.tables import UNKNOWN, as_table, known_text

_PSEUDO = {
    "AWS::Region": "us-east-1",
    "AWS::AccountId": "123456789012",
    "AWS::Partition": "aws",
    "AWS::URLSuffix": "amazonaws.com",
    "AWS::StackName": "stack",
    "AWS::NoValue": None,
}
_MOST_STEPS = 300_000


class TooMuchError(ValueError):
    """The intrinsics expand to more values than are evaluated."""


class Resolver:
    """Replaces intrinsics by what parameter defaults, mappings and conditions make of them."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        parameters = as_table(document.get("Parameters"))
        self.values: dict[str, Any] = dict(_PSEUDO)
        self.values.update({str(name): _default(row) for name, row in parameters.items()})
        self.mappings = as_table(document.get("Mappings"))
        self.conditions = as_table(document.get("Conditions"))
        self.layers: Mapping[str, object] = {}  # by logical id
        self.steps = 0

    def count(self, size: int = 1) -> None:
        """Counts evaluated values: conditions, loops and texts may refer to each other without end.

        Raises:
            ValueError: it is too much.
        """
        self.steps += size
        if self.steps > _MOST_STEPS:
            raise TooMuchError("its intrinsic functions expand to too much text")

    def value(self, node: Any, depth: int = 0) -> Any:
        """What a node stands for; `UNKNOWN` where only the deployment knows, None where it is left out."""
        self.count()
        if depth > 50:
            return UNKNOWN
        if isinstance(node, list):
            values = [self.value(item, depth + 1) for item in node]
            return [value for value in values if value is not None]
        if not isinstance(node, dict):
            return node
        if call := _intrinsic_call(node):
            return self._intrinsic(*call, depth + 1)
        return present({key: self.value(item, depth + 1) for key, item in node.items()})

    def _intrinsic(self, key: str, argument: Any, depth: int) -> Any:
        if key == "Ref":
            return self.layers.get(str(argument)) or self.values.get(str(argument), UNKNOWN)
        known = {
            "Fn::Sub": self._sub,
            "Fn::Join": self._join,
            "Fn::If": self._if,
            "Fn::FindInMap": self._find,
            "Fn::Select": self._select,
        }
        try:
            return known[key](argument, depth) if key in known else UNKNOWN
        except TooMuchError:
            raise
        except (LookupError, TypeError, ValueError, AttributeError, ArithmeticError, StopIteration):
            return UNKNOWN

    def _sub(self, argument: Any, depth: int) -> Any:
        text, own = (argument[0], argument[1]) if isinstance(argument, list) else (argument, {})
        values = {**self.values, **{key: self.value(item, depth) for key, item in own.items()}}
        for name, value in values.items():
            text = text.replace("${" + name + "}", str(value))
            self.count(len(text) // 1000)
        is_open = "${" in text.replace("${!", "")
        if is_open or UNKNOWN in text:
            return UNKNOWN
        return text.replace("${!", "${")

    def _join(self, argument: Any, depth: int) -> Any:
        parts = self.value(argument[1], depth)
        return UNKNOWN if UNKNOWN in parts else argument[0].join(map(str, parts))

    def _if(self, argument: Any, depth: int) -> Any:
        name, yes, no = argument
        met = self._condition(self.conditions[name], depth)
        return UNKNOWN if met is None else self.value(yes if met else no, depth)

    def _condition(self, node: Any, depth: int) -> bool | None:
        self.count()
        if depth > 50:
            return None
        key, argument = next(iter(node.items()))
        if key == "Condition":
            return self._condition(self.conditions[argument], depth + 1)
        if key == "Fn::Equals":
            left, right = (self.value(item, depth) for item in argument)
            return None if UNKNOWN in (left, right) else str(left) == str(right)
        parts = [self._condition(item, depth + 1) for item in argument]
        if None in parts:
            return None
        return {"Fn::Not": not parts[0], "Fn::And": all(parts), "Fn::Or": any(parts)}.get(key)

    def _find(self, argument: Any, depth: int) -> Any:
        name, first, second = (self.value(item, depth) for item in argument)
        return self.mappings[name][first][second]

    def _select(self, argument: Any, depth: int) -> Any:
        return self.value(argument[1], depth)[int(argument[0])]


def _intrinsic_call(node: Mapping[str, Any]) -> tuple[str, Any] | None:
    """Name and argument of an intrinsic; None for a mapping that is none."""
    if len(node) != 1:
        return None
    key, argument = next(iter(node.items()))
    is_intrinsic = key in ("Ref", "Condition") or str(key).startswith("Fn::")
    return (str(key), argument) if is_intrinsic else None


def _default(parameter: Any) -> Any:
    """A parameter's value where none is given; of one that is looked up in SSM the default is only the place."""
    row = as_table(parameter)
    kind, value = str(row.get("Type")), row.get("Default", UNKNOWN)
    if kind.startswith("AWS::SSM::"):
        return UNKNOWN
    if kind.startswith(("CommaDelimitedList", "List<")):
        text = known_text(value)
        return UNKNOWN if text is None else [part.strip() for part in text.split(",")]
    return value
