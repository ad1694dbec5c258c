"""Groups of flags: a command takes records, typer sees one flag for each of their fields."""

import inspect
from collections.abc import Callable
from dataclasses import Field, dataclass, fields, is_dataclass
from typing import Annotated, Any, get_args, get_origin

from lambda_slim.base.errors import ExitCode

_FLAG = inspect.Parameter.KEYWORD_ONLY


@dataclass(frozen=True, slots=True, init=False)
class Without:
    """Names the fields of a group that a command does not offer: `Annotated[ProjectFlags, Without("config")]`."""

    names: frozenset[str]

    def __init__(self, *names: str) -> None:
        object.__setattr__(self, "names", frozenset(names))


@dataclass(frozen=True, slots=True)
class _Group:
    """A record that a command takes, and those of its fields that are flags of the command."""

    record: type
    fields: tuple[Field[Any], ...]

    def parameters(self) -> list[inspect.Parameter]:
        return [inspect.Parameter(row.name, _FLAG, default=row.default, annotation=row.type) for row in self.fields]

    def fill(self, values: dict[str, Any]) -> object:
        """Makes the record, and removes its values from those of all flags."""
        return self.record(**{row.name: values.pop(row.name) for row in self.fields})


def spread(command: Callable[..., ExitCode]) -> Callable[..., ExitCode]:
    """Makes a function whose flags are the fields of the records that a command takes.

    The flags stand in the order of the command's parameters, and within a group in that of its fields. Parameters
    that are no records stay as they are. Annotations have to be objects, not strings.
    """
    groups: dict[str, _Group] = {}
    parameters: list[inspect.Parameter] = []
    for parameter in inspect.signature(command).parameters.values():
        group = _group_of(parameter.annotation)
        if group is None:
            parameters.append(parameter.replace(kind=_FLAG))
        else:
            groups[parameter.name] = group
            parameters += group.parameters()

    def run(**values: Any) -> ExitCode:
        records = {name: group.fill(values) for name, group in groups.items()}
        return command(**records, **values)

    run.__name__, run.__doc__, run.__module__ = command.__name__, command.__doc__, command.__module__
    run.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    run.__annotations__ = _annotations(parameters)
    return run


def _group_of(annotation: Any) -> _Group | None:
    omitted = frozenset[str]()
    if get_origin(annotation) is Annotated:
        annotation, *extras = get_args(annotation)
        omitted = omitted.union(*(extra.names for extra in extras if isinstance(extra, Without)))
    if not (isinstance(annotation, type) and is_dataclass(annotation)):
        return None
    return _Group(annotation, tuple(row for row in fields(annotation) if row.name not in omitted))


def _annotations(parameters: list[inspect.Parameter]) -> dict[str, Any]:
    return {parameter.name: parameter.annotation for parameter in parameters}
