"""Tables of lazy names: what they import, and what is taken out of them."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping

from lambda_slim.base.dotted import absolute_name
from lambda_slim.startup.records import ImportTarget, NameOf, SourceModule, Table


def absolute(module: SourceModule, target: ImportTarget) -> str:
    """The module that an import names, without leading dots."""
    return absolute_name(module.name, target.level, target.module, package=module.package)


def wanted(module: SourceModule, target: ImportTarget, loaded: Collection[str]) -> frozenset[str]:
    """The modules that an import asks for: the one it names, and the submodule that its attribute is."""
    base = absolute(module, target)
    below = f"{base}.{target.attribute}" if target.attribute else ""
    return frozenset({base, below} if below in loaded else {base})


def is_attribute(module: str, name: str, targets: tuple[ImportTarget, ...]) -> bool:
    """Whether a lazy name stands for no import statement, but for what the import system would have set."""
    return len(targets) == 1 and not targets[0].line and targets[0].module == f"{module}.{name}"


def without(
    table: Table, names: Collection[NameOf], *, attributes: bool = False
) -> dict[str, dict[str, tuple[ImportTarget, ...]]]:
    """The table less some names; attributes of packages only where that is said."""
    gone = frozenset(names)
    return {
        module: {
            name: targets
            for name, targets in rows.items()
            if (module, name) not in gone or (not attributes and is_attribute(module, name, targets))
        }
        for module, rows in table.items()
    }


def useful(
    table: Table, modules: Mapping[str, SourceModule], loaded: frozenset[str]
) -> dict[str, dict[str, tuple[ImportTarget, ...]]]:
    """Only the names that bring what is not loaded anyway, or ask another module for a name that does."""
    kept = {module: dict(rows) for module, rows in table.items()}
    while idle := list(_idle(kept, modules, loaded)):
        for module, name in idle:
            del kept[module][name]
    return {module: rows for module, rows in kept.items() if rows}


def _idle(table: Table, modules: Mapping[str, SourceModule], loaded: frozenset[str]) -> Iterator[NameOf]:
    """The names of a table that bring nothing."""
    for module, rows in table.items():
        for name, targets in rows.items():
            if not any(_brings(modules[module], target, table, loaded) for target in targets):
                yield module, name


def _brings(module: SourceModule, target: ImportTarget, table: Table, loaded: frozenset[str]) -> bool:
    base = absolute(module, target)
    if base not in loaded:
        return True
    return bool(target.attribute) and target.attribute in table.get(base, {})


def names_of(table: Table) -> Iterable[NameOf]:
    """Every (module, name) of a table, in order."""
    return [(module, name) for module, rows in sorted(table.items()) for name in sorted(rows)]


_NAMED = re.compile(
    r"cannot import name \\?['\"]?(\w+)|has no attribute \\?['\"](\w+)|name \\?['\"](\w+)\\?['\"] is not defined"
)


def named_in(messages: Iterable[str], table: Table) -> list[NameOf]:
    """Lazy names that error messages name, wherever they are bound."""
    names = missing_names(messages)
    return [row for row in names_of(table) if row[1] in names]


def missing_names(messages: Iterable[str]) -> frozenset[str]:
    """The names that error messages miss in some module."""
    return frozenset(name for message in messages for match in _NAMED.findall(message) for name in match if name)


def binds_from_itself(module: SourceModule, names: Collection[str]) -> bool:
    """Whether a package binds some names by imports of its own modules."""
    targets = (target for name in names for target in module.scan.names.get(name, ()))
    return module.package and any(f"{absolute(module, target)}.".startswith(f"{module.name}.") for target in targets)
