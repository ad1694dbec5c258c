"""Follows INIT: finds the modules that are certainly imported with the handler's, and the imports that fail."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from lambda_slim.formats.names import normalise
from lambda_slim.imports.scan.bound import ANY
from lambda_slim.imports.scan.facts import GUARDED, SURE, ScannedImport
from lambda_slim.model.file import FIRST_PARTY
from lambda_slim.model.imports import Module
from lambda_slim.plan.starts.given import given_imports
from lambda_slim.plan.starts.init_calls import attributes_of, calls_of, definition, ends_of, rows_of
from lambda_slim.plan.starts.places import Places, absolute


class LackKind(StrEnum):
    """What fails about an import."""

    MODULE = "module"
    NAME = "name"
    BEYOND = "beyond the top level"
    ELSEWHERE = "in a folder that is not on sys.path"
    METADATA = "metadata"
    END = "the import itself"


@dataclass(frozen=True, slots=True)
class Lack:
    """One import that fails.

    Attributes:
        module: The name of the importing module; `path` and `line` say where in it.
        name: What is missing: a dotted module, `module.name`, or a distribution.
        certain: INIT fails by it; else it may, or only an invocation does.
        via: The first-party line that leads to a third-party module, `app.py:3`; "" for first-party modules.
        instead: A module of the package that was perhaps meant.
        at_init: INIT imports it for sure; else only on some path.
    """

    kind: LackKind
    module: str
    path: str
    line: int
    name: str
    certain: bool
    via: str = ""
    instead: str = ""
    at_init: bool = True


@dataclass(frozen=True, slots=True)
class SearchPath:
    """What is known of `sys.path` on Lambda.

    Attributes:
        moved: First-party code, or the environment, puts folders of the package on it.
        outside: Folders beyond the package as well.
        known: Whether the function's PYTHONPATH is known; a zip alone does not tell it.
    """

    moved: bool
    outside: bool
    known: bool


class Walk:
    """A walk over the imports, from the handler's module.

    Attributes:
        seen: Modules that INIT imports for sure, to the first-party line that leads to them.
        lacks: What fails.
        called: (module, function) of first-party functions that INIT calls; "" is the module itself.
    """

    def __init__(self, places: Places, versions: Collection[str] | None, path: SearchPath) -> None:
        """Takes what can be looked up.

        Args:
            places: The modules.
            versions: Normalised distributions whose metadata ships; None where others may be there.
            path: What is known of `sys.path`.
        """
        self.places = places
        self.versions = versions
        self.path = path
        self.seen: dict[str, str] = {}
        self.lacks: list[Lack] = []
        self._queue: list[tuple[str, str]] = []
        self.called: set[tuple[str, str]] = set()
        self._judged: set[tuple[str, int]] = set()

    def follow(self, root: str) -> None:
        """Walks everything that importing `root` imports for sure."""
        self._add(root, "")
        while self._queue:
            name, via = self._queue.pop(0)
            if name in self.seen or name not in self.places.present:
                continue
            self.seen[name] = via
            module = self.places.modules[name]
            for statement in self.places.facts(name).imports if self.places.has_source(module) else ():
                self._statement(module, statement, via)
            self._run(module, "", via)
            self._metadata(module, via)

    def _run(self, module: Module, function: str, via: str) -> None:
        """Takes the imports of a first-party function that INIT calls; of the function "" those by name."""
        if (module.name, function) in self.called or module.owner or not self.places.has_source(module):
            return
        self.called.add((module.name, function))
        facts = self.places.facts(module.name)
        for row in rows_of(facts, function):
            self._judged.add((module.name, row.line))
            self._statement(module, row, via)
        for line in ends_of(facts, function):
            self.lacks.append(Lack(LackKind.END, module.name, module.path, line, "", certain=True))
        self._attributes(module, attributes_of(facts, function))
        for call in calls_of(facts, function):
            if defined := definition(self.places, module, call):
                self._run(*defined, "")
        for owner, row in given_imports(self.places, module, function):
            self._statement(owner, row, "")

    def _attributes(self, module: Module, rows: Iterable[tuple[int, str]]) -> None:
        """Takes the attributes that a function takes of modules, where they do not have them."""
        told = {lack.name for lack in self.lacks}
        for line, taken in rows:
            missing = self.places.missing_attribute(module, taken)
            if missing and missing not in told:
                told.add(missing)
                self.lacks.append(Lack(LackKind.NAME, module.name, module.path, line, missing, certain=True))

    def _add(self, name: str, via: str) -> None:
        parts = name.split(".")
        self._queue += [(".".join(parts[: n + 1]), via) for n in range(len(parts))]

    def _statement(self, module: Module, statement: ScannedImport, via: str) -> None:
        if statement.gate is not None or statement.when != SURE or not self._runs(module, statement):
            return
        lead = via if module.owner else f"{module.path}:{statement.line}"
        lack = self.failure(module, statement, via)
        if lack is None:
            self._go_on(module, statement, lead)
        elif lack.certain or not module.owner:
            self.lacks.append(lack)

    def _go_on(self, module: Module, statement: ScannedImport, lead: str) -> None:
        """Continues with the modules that a statement imports."""
        base = absolute(module, statement.level, statement.module)
        top = base.partition(".")[0]
        if top not in self.places.present and self.path.moved and not module.owner:
            for other in self.places.inside(FIRST_PARTY, base)[:1]:
                self._queue.append((other, lead))
            return
        self._add(base, lead)
        if base in self.places.present:
            self._queue += [(submodule, lead) for submodule in self._submodules(base, statement)]

    def _submodules(self, base: str, statement: ScannedImport) -> Iterator[str]:
        """The modules that `from base import …` loads, since the package binds no such names."""
        bound = self.places.binds(base)
        for name in _taken(statement):
            if name not in bound and f"{base}.{name}" in self.places.present:
                yield f"{base}.{name}"

    def _runs(self, module: Module, statement: ScannedImport) -> bool:
        """Whether an import in an `except` clause runs, which needs the `try` body to fail."""
        imports = self.places.facts(module.name).imports
        return all(any(self._fails(module, imports[n]) for n in group) for group in statement.instead)

    def _fails(self, module: Module, statement: ScannedImport) -> bool:
        lack = self.failure(module, statement, "")
        return lack is not None and lack.certain

    def failure(self, module: Module, statement: ScannedImport, via: str) -> Lack | None:
        """Why a statement fails whenever it runs; None where it succeeds, or may succeed."""
        base = absolute(module, statement.level, statement.module)
        place = (module.name, module.path, statement.line)
        if not base:
            text = "." * statement.level + (statement.module or next(_taken(statement), ""))
            return None if self.path.moved else Lack(LackKind.BEYOND, *place, text, certain=True, via=via)
        absent = self.places.absent(base)
        if absent is not None:
            return self._absent(module, statement, absent.name, via, certain=absent.certain)
        for name in self._asked(base, statement):
            if self.places.lacks(base, name):
                kind = LackKind.MODULE if self.places.was_module(f"{base}.{name}") else LackKind.NAME
                return Lack(kind, *place, f"{base}.{name}", certain=True, via=via)
        return None

    def _asked(self, base: str, statement: ScannedImport) -> Iterator[str]:
        """The names that a statement asks a module for; `*` asks for what the module's `__all__` lists."""
        for name in _taken(statement):
            if name != ANY:
                yield name
            elif base in self.places.present and self.places.has_source(self.places.modules[base]):
                promised = self.places.facts(base).promised
                yield from promised if ANY not in promised else ()

    def _absent(self, module: Module, statement: ScannedImport, name: str, via: str, *, certain: bool) -> Lack | None:
        place = (module.name, module.path, statement.line)
        inside = self.places.inside(module.owner, name) if "." not in name else []
        moved = self.places.carries(module.owner, inside) if module.owner else self.path.moved
        if inside and moved:
            return None
        if inside and not module.owner:
            there = self.places.modules[inside[0]].path
            return Lack(LackKind.ELSEWHERE, *place, name, certain and self.path.known, instead=there)
        sure = certain and not (self.path.outside and "." not in name)
        return Lack(LackKind.MODULE, *place, name, sure, via=via)

    def _metadata(self, module: Module, via: str) -> None:
        """Distributions whose version is asked for and whose metadata is not there."""
        if self.versions is None:
            return
        for line, name, when in self.places.facts(module.name).versions:
            if when == SURE and normalise(name) not in self.versions:
                self.lacks.append(Lack(LackKind.METADATA, module.name, module.path, line, name, certain=True, via=via))

    def _is_read(self, module: Module) -> bool:
        return self.places.has_source(module) and module.name in self.places.present

    def _is_judged(self, name: str, statement: ScannedImport) -> bool:
        return (name in self.seen and statement.when == SURE) or (name, statement.line) in self._judged

    def later(self, reached: Iterable[str]) -> Iterator[Lack]:
        """First-party imports that fail on some path only: in functions, under conditions, in modules loaded later."""
        for name in sorted(reached):
            module = self.places.modules[name]
            if module.owner or not self._is_read(module):
                continue
            facts = self.places.facts(name)
            texts = {text for _, text in facts.strings}
            for statement in facts.imports:
                if self._is_judged(name, statement) or _may_fail(statement, texts):
                    continue
                if lack := self.failure(module, statement, ""):
                    yield replace(lack, certain=False, at_init=False)


def _may_fail(statement: ScannedImport, texts: Collection[str]) -> bool:
    """Whether the code is prepared for the failure of an import.

    Args:
        statement: The import.
        texts: The module's strings: the name is among them in `if available("pandas"):`.
    """
    if statement.gate is not None or statement.when == GUARDED or statement.instead:
        return True
    return statement.module.partition(".")[0] in texts or statement.module in texts


def _taken(statement: ScannedImport) -> Iterator[str]:
    """The names that a `from` import takes, as the other module calls them."""
    for name in statement.taken:
        yield name.partition(":")[0]
