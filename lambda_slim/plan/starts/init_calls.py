"""What a first-party function imports that INIT calls: `app = create_app()`."""

from collections.abc import Iterator

from lambda_slim.imports.scan.facts import MAYBE, PLACEHOLDER, SURE, TOP, ScannedImport, SourceFacts, Straight
from lambda_slim.model.imports import Module
from lambda_slim.plan.starts.places import Places, absolute

_MOST_HOPS = 5


def runs_of(facts: SourceFacts, function: str) -> Iterator[Straight]:
    """What a function runs whenever it is called; of the function "" what its module does."""
    return (straight for straight in facts.straight if straight.function == function)


def rows_of(facts: SourceFacts, function: str) -> list[ScannedImport]:
    """The imports that a function runs whenever it is called; of the function "" those by a literal name."""
    rows = []
    for straight in runs_of(facts, function):
        written = (row for row in facts.imports if row.line in straight.lines and row.when == MAYBE)
        rows += [row._replace(when=SURE) for row in written]
        rows += [by_name(line, name) for line, name in straight.names if PLACEHOLDER not in name]
    return rows


def by_name(line: int, name: str) -> ScannedImport:
    """An import of a module by its name, relative with leading dots, as a statement that runs for sure."""
    module = name.lstrip(".")
    return ScannedImport(line, TOP, len(name) - len(module), module, None, when=SURE)


def attributes_of(facts: SourceFacts, function: str) -> list[tuple[int, str]]:
    """What a function takes of imported names whenever it is called, as `Straight.attributes` has it."""
    return [taken for straight in runs_of(facts, function) for taken in straight.attributes]


def calls_of(facts: SourceFacts, function: str) -> list[str]:
    """The functions that a function calls whenever it is called, as `Straight.calls` has them."""
    return [call for straight in runs_of(facts, function) for call in straight.calls]


def ends_of(facts: SourceFacts, function: str) -> list[int]:
    """Lines at which a function, or with "" the module, raises or ends the process whenever it runs."""
    return [straight.end for straight in runs_of(facts, function) if straight.end]


def definition(places: Places, module: Module, call: str) -> tuple[Module, str] | None:
    """The module that defines a called function, and its name there; None where that is not known.

    Args:
        places: The modules.
        module: Where it is called.
        call: As `Straight.calls` has it.
    """
    home, _, called = call.rpartition(":")
    name = called.rstrip("()")
    suffix = called.removeprefix(name)
    owner: Module | None = module
    for _ in range(_MOST_HOPS):
        if home and owner is not None:
            level = len(home) - len(home.lstrip("."))
            owner = places.modules.get(absolute(owner, level, home[level:]))
        if owner is None or not places.has_source(owner):
            return None
        onward = _import_of(places.facts(owner.name), name)
        if onward is None:
            return owner, name + suffix
        home, name = onward
    return None


def _import_of(facts: SourceFacts, name: str) -> tuple[str, str] | None:
    """From where a module imports a name, and what it is there; None where it does not."""
    for row in facts.imports:
        for taken in row.taken if row.when == SURE else ():
            original, _, alias = taken.partition(":")
            if (alias or original) == name:
                return "." * row.level + row.module, original
    return None
