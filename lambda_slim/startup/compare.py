"""What differs between a process that imported everything at once and one that did not."""

import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from lambda_slim.startup.records import ImportTarget, NameOf, Reading, Snapshot, SourceModule, Table
from lambda_slim.startup.table import wanted


@dataclass(frozen=True, slots=True)
class StateFault:
    """One thing that is not as in the eager package.

    Attributes:
        key: What: a part of the state, or `module:name`.
        where: What, and when: `logging after INIT`, and how.
        turn: 0 after INIT, then the number of events that were answered.
        owners: Modules whose objects are missing there, where that is known.
        gone: The texts that are missing in a part of the state.
    """

    key: str
    where: str
    turn: int
    owners: tuple[str, ...] = ()
    gone: frozenset[str] = frozenset()


def blamed_for(fault: StateFault, shown: Snapshot) -> set[str]:
    """The modules whose import brings what is missing; where that is not told, those whose import changes the part."""
    bringing = {
        module
        for (_, before), (module, value) in pairwise(shown.became.get(fault.key, ()))
        if not (_texts(value) - _texts(before)).isdisjoint(fault.gone)
    }
    return bringing - {""} or {*shown.blamed.get(fault.key, ())}


def state_faults(
    eager: Sequence[Snapshot], again: Sequence[Snapshot], lazy: Sequence[Snapshot], table: Table
) -> tuple[StateFault, ...]:
    """What the snapshots of a lazy life show otherwise than those of two eager lives, which agree on it."""
    faults: list[StateFault] = []
    for first, second, other in zip(eager, again, lazy, strict=False):
        for name in first.state:
            faults += _part_faults(name, first, second, other)
        faults += _held_faults(first, second, other, table)
    return tuple(faults)


def _part_faults(name: str, first: Snapshot, second: Snapshot, other: Snapshot) -> Iterator[StateFault]:
    """The fault of one part of the state, if the lazy life lacks what both eager lives have."""
    absent = first.modules - other.modules
    states = (snapshot.state.get(name) for snapshot in (first, second, other))
    before, repeated, after = (_without_loggers(state, absent) for state in states)
    gone = sorted((_texts(before) & _texts(repeated)) - _texts(after))
    changed = before == repeated != after
    if gone or changed:
        owners = {_owner(text, absent) for text in gone} - {""}
        where = f"{name} {_when(first)}: {', '.join(gone)[:160] or 'other'}"
        yield StateFault(name, where, first.turn, tuple(sorted(owners)), frozenset(gone))


def _when(snapshot: Snapshot) -> str:
    return f"after event {snapshot.turn}" if snapshot.turn else "after INIT"


def _without_loggers(value: Any, absent: frozenset[str]) -> Any:
    """The state without settings of loggers of modules that are not loaded: nobody logs by their names."""
    if isinstance(value, dict):
        return {key: _without_loggers(item, absent) for key, item in value.items() if key not in absent}
    return [_without_loggers(item, absent) for item in value] if isinstance(value, list) else value


def _texts(value: Any) -> frozenset[str]:
    """The texts and numbers in a JSON value, keys with theirs."""
    if isinstance(value, dict):
        return frozenset(f"{key} = {text}" for key, item in value.items() for text in _texts(item) or {""})
    if isinstance(value, list):
        return frozenset(text for item in value for text in _texts(item))
    return frozenset({str(value)})


def _owner(text: str, absent: frozenset[str]) -> str:
    """The module that a text like `package.module.Class` names, where it is one of those that are not loaded."""
    parts = text.rpartition(" = ")[2].partition(" ")[0].split(".")
    names = (".".join(parts[:end]) for end in range(len(parts), 0, -1))
    return next((name for name in names if name in absent), "")


def _held_faults(first: Snapshot, second: Snapshot, other: Snapshot, table: Table) -> Iterator[StateFault]:
    when = _when(first)
    for key, row in first.held.items():
        module, _, name = key.partition(":")
        if module not in other.modules or name.partition(".")[0] in table.get(module, {}):
            continue
        if second.held.get(key) != row or other.held.get(key) == row or _is_made_late(first, other, key):
            continue
        size, owners = other.held.get(key, (0, ()))
        missing = tuple(owner for owner in row[1] if owner not in owners)
        yield StateFault(key, f"{key} {when}: {row[0]} became {size}", first.turn, missing)


def _is_made_late(first: Snapshot, other: Snapshot, key: str) -> bool:
    """Whether a module takes something from its own submodules when that is read, and has not done so yet."""
    module, _, name = key.partition(":")
    if name == "__getattr__":
        return True
    made, now = first.held.get(f"{module}:__getattr__"), other.held.get(f"{module}:__getattr__")
    if now is None and module not in other.modules:  # nobody has asked it for anything yet
        now = (-1, ())
    if made is None or now is None or name.partition(".")[0] in now[1]:
        return False
    owners = _owners_of(first, [key]) or _owners_of(first, _parts(first, f"{module}:{name.partition('.')[0]}"))
    return bool(owners) and all(owner.startswith(f"{module}.") for owner in owners)


def _owners_of(first: Snapshot, keys: Iterable[str]) -> list[str]:
    """The foreign modules that some parts hold objects of, without Python's own: each class has a few of these."""
    owners = (owner for key in keys for owner in first.held.get(key, (0, ()))[1])
    return [owner for owner in owners if owner.partition(".")[0] not in sys.stdlib_module_names]


def _parts(first: Snapshot, name: str) -> Iterator[str]:
    """What is known of one name of a module."""
    return (key for key in first.held if key == name or key.startswith(f"{name}."))


def effects(
    first: Snapshot, second: Snapshot, lazy: Snapshot, modules: Mapping[str, SourceModule]
) -> frozenset[tuple[str, str]]:
    """(holder, other): pairs of modules, where importing the other changes what the holder holds.

    Whoever loads the holder must find the other loaded too: it registers something there, or replaces something. So
    must whoever loads the package below which a module stands in sys.modules a second time.

    Args:
        first: The eager package after INIT.
        second: The same, with the modules that changed what had grown.
        lazy: The lazy package after INIT.
        modules: The modules that could be rewritten.
    """
    pairs = {(alias.rpartition(".")[0], name) for alias, name in first.aliases.items()}
    pairs |= set(_in_stdlib(first))
    blamed = {key: names for key, names in second.blamed.items() if not _is_made_late(first, lazy, key)}
    pairs |= {(key.partition(":")[0], other) for key, names in blamed.items() for other in names}
    pairs |= set(_touched(first, modules))
    return frozenset((holder, other) for holder, other in pairs if holder != other in modules)


def _in_stdlib(first: Snapshot) -> Iterator[tuple[str, str]]:
    """(holder, other): a module of Python's own that holds something of the other."""
    for key, (_, owners) in first.held.items():
        holder = key.partition(":")[0]
        if holder.partition(".")[0] in sys.stdlib_module_names:
            yield from ((holder, owner) for owner in owners)


def _touched(first: Snapshot, modules: Mapping[str, SourceModule]) -> Iterator[tuple[str, str]]:
    """(holder, other): the other's top-level code says that it changes the holder, where no snapshot shows it too."""
    for name, module in modules.items():
        for target in _touches(first, module) if name in first.modules else ():
            holder = max(wanted(module, target, first.modules), key=len)
            if holder != name:  # Python's own modules may change the process, whoever has loaded them
                yield ("sys" if holder.partition(".")[0] in sys.stdlib_module_names else holder), name


def _touches(first: Snapshot, module: SourceModule) -> Iterator[ImportTarget]:
    """The imports whose objects a module changes, without those in branches that did not run."""
    yield from (ImportTarget(*row) for row in module.scan.touches)
    answering = first.held.get(f"{module.name}:__getattr__")  # only of such a module the names are known
    for other, attribute, level, bound in module.scan.guarded:
        if answering is None or module.scan.alone or {*bound} <= {*answering[1]}:
            yield ImportTarget(other, attribute, level)


def unpaired(pairs: Iterable[tuple[str, str]], loaded: frozenset[str]) -> dict[str, str]:
    """Modules that are not loaded although one is that keeps objects of theirs, to that one."""
    return {owner: holder for holder, owner in sorted(pairs) if holder in loaded and owner not in loaded}


def name_faults(eager: Mapping[NameOf, str], lazy: Reading, table: Table) -> dict[NameOf, str]:
    """Names that are not the same object by origin as in the eager package, or do not fail alike."""
    faults = {}
    for name, value in lazy.values.items():
        before = eager.get(name, "")
        if value == before or not name[1]:
            continue
        targets = table.get(name[0], {}).get(name[1], ())
        if before.startswith("AttributeError: ") and targets and not targets[0].line:
            continue  # a submodule that the eager package has not loaded yet
        faults[name] = f"{before or 'nothing'} became {value}"
    return faults
