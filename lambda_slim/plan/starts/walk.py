"""Following INIT: what importing the handler's module imports for sure, and what of it fails."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from lambda_slim.formats.names import normalise
from lambda_slim.imports.scan.facts import GUARDED, SURE, ScannedImport
from lambda_slim.model.file import FIRST_PARTY
from lambda_slim.model.imports import Module
from lambda_slim.plan.starts.init_calls import calls_of, definition, rows_of
from lambda_slim.plan.starts.places import Places, absolute


class LackKind(StrEnum):
    """What fails about an import."""

    MODULE = "module"
    NAME = "name"
    BEYOND = "beyond the top level"
    ELSEWHERE = "in a folder that is not on sys.path"
    METADATA = "metadata"


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


class Walk:
    """One walk from a handler's module.

    Attributes:
        seen: Modules that INIT imports for sure, to the first-party line that leads to them.
        lacks: What fails.
    """

    def __init__(
        self,
        places: Places,
        versions: Collection[str] | None,
        *,
        moved: bool = False,
        open_path: bool = False,
        path_known: bool = True,
    ) -> None:
        """Takes what can be looked up.

        Args:
            places: The modules.
            versions: Normalised distributions whose metadata ships; None where others may be there.
            moved: First-party code, or the environment, puts folders of the package on `sys.path`.
            open_path: Folders beyond the package as well.
            path_known: Whether the function's PYTHONPATH is known; a zip alone does not tell it.
        """
        self.places = places
        self.versions = versions
        self.moved = moved
        self.open_path = open_path
        self.path_known = path_known
        self.seen: dict[str, str] = {}
        self.lacks: list[Lack] = []
        self._queue: list[tuple[str, str]] = []
        self._called: set[tuple[str, str]] = set()
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
            for one in self.places.facts(name).imports if self.places.has_source(module) else ():
                self._statement(module, one, via)
            self._run(module, "", via)
            self._metadata(module, via)

    def _run(self, module: Module, function: str, via: str) -> None:
        """Takes the imports of a first-party function that INIT calls; of the function "" those by name."""
        if (module.name, function) in self._called or module.owner or not self.places.has_source(module):
            return
        self._called.add((module.name, function))
        facts = self.places.facts(module.name)
        for row in rows_of(facts, function):
            self._judged.add((module.name, row.line))
            self._statement(module, row, via)
        for call in calls_of(facts, function):
            if defined := definition(self.places, module, call):
                self._run(*defined, "")

    def _add(self, name: str, via: str) -> None:
        parts = name.split(".")
        self._queue += [(".".join(parts[: n + 1]), via) for n in range(len(parts))]

    def _statement(self, module: Module, one: ScannedImport, via: str) -> None:
        if one.gate is not None or one.when != SURE or not self._runs(module, one):
            return
        lead = via if module.owner else f"{module.path}:{one.line}"
        lack = self.failure(module, one, via)
        if lack is None:
            self._go_on(module, one, lead)
        elif lack.certain or not module.owner:
            self.lacks.append(lack)

    def _go_on(self, module: Module, one: ScannedImport, lead: str) -> None:
        """Walks into what a statement imports."""
        base = absolute(module, one.level, one.module)
        top = base.partition(".")[0]
        if top not in self.places.present and self.moved and not module.owner:
            for other in self.places.inside(FIRST_PARTY, base)[:1]:
                self._queue.append((other, lead))
            return
        self._add(base, lead)
        if base in self.places.present:
            names = (name.partition(":")[0] for name in one.names or ())
            loaded = (f"{base}.{name}" for name in names if name not in self.places.facts(base).bound)
            self._queue += [(name, lead) for name in loaded if name in self.places.present]

    def _runs(self, module: Module, one: ScannedImport) -> bool:
        """Whether an import in an `except` clause runs: something that was tried has to fail."""
        imports = self.places.facts(module.name).imports
        return all(any(self._fails(module, imports[n]) for n in group) for group in one.instead)

    def _fails(self, module: Module, one: ScannedImport) -> bool:
        lack = self.failure(module, one, "")
        return lack is not None and lack.certain

    def failure(self, module: Module, one: ScannedImport, via: str) -> Lack | None:
        """Why a statement fails, whenever it runs; None where it does not, or may not."""
        base = absolute(module, one.level, one.module)
        place = (module.name, module.path, one.line)
        if not base:
            text = "." * one.level + (one.module or (one.names or ("",))[0].partition(":")[0])
            return None if self.moved else Lack(LackKind.BEYOND, *place, text, certain=True, via=via)
        absent = self.places.absent(base)
        if absent is not None:
            return self._absent(module, one, absent.name, via, certain=absent.certain)
        for name in (name.partition(":")[0] for name in one.names or ()):
            if name != "*" and self.places.lacks(base, name):
                return Lack(LackKind.NAME, *place, f"{base}.{name}", certain=True, via=via)
        return None

    def _absent(self, module: Module, one: ScannedImport, name: str, via: str, *, certain: bool) -> Lack | None:
        place = (module.name, module.path, one.line)
        inside = self.places.inside(module.owner, name) if "." not in name else []
        if inside and (module.owner or self.moved):
            return None
        if inside:
            there = self.places.modules[inside[0]].path
            return Lack(LackKind.ELSEWHERE, *place, name, certain and self.path_known, instead=there)
        sure = certain and not (self.open_path and "." not in name)
        return Lack(LackKind.MODULE, *place, name, sure, via=via)

    def _metadata(self, module: Module, via: str) -> None:
        """Distributions whose version is asked for and whose metadata is not there."""
        if self.versions is None:
            return
        for line, name, when in self.places.facts(module.name).versions:
            if when == SURE and normalise(name) not in self.versions:
                self.lacks.append(Lack(LackKind.METADATA, module.name, module.path, line, name, certain=True, via=via))

    def later(self, reached: Iterable[str]) -> Iterator[Lack]:
        """First-party imports that fail on some path only: in functions, under conditions, in modules loaded later."""
        for name in sorted(reached):
            module = self.places.modules[name]
            if module.owner or not self.places.has_source(module) or name not in self.places.present:
                continue
            facts = self.places.facts(name)
            texts = {text for _, text in facts.strings}
            for one in facts.imports:
                sure = name in self.seen and one.when == SURE
                asked = one.module.partition(".")[0] in texts or one.module in texts  # `if available("pandas"):`
                if (
                    one.gate is not None
                    or sure
                    or (name, one.line) in self._judged
                    or one.when == GUARDED
                    or one.instead
                    or asked
                ):
                    continue
                if lack := self.failure(module, one, ""):
                    yield replace(lack, certain=False, at_init=False)
