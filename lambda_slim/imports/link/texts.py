"""Texts that name modules: arguments of import helpers, registries, settings, class paths."""

from collections.abc import Iterable, Iterator

from lambda_slim.imports.link.lookups import Lookups
from lambda_slim.imports.link.names import literal
from lambda_slim.imports.link.rows import Row
from lambda_slim.imports.scan import facts as f
from lambda_slim.imports.scan.values import ANY
from lambda_slim.model.file import FIRST_PARTY
from lambda_slim.model.imports import How, Module

_SHORT = 3  # letters; a shorter word in a library says too little


class Texts:
    """The modules that the texts of a source name."""

    def __init__(self, lookups: Lookups) -> None:
        self.index = lookups.index
        self.names = lookups.names
        self.helpers = lookups.helpers

    def calls(self, module: Module, facts: f.SourceFacts) -> Iterator[Row]:
        """Text given to what may import it."""
        for call in facts.calls:
            if module.owner == FIRST_PARTY and not self.helpers.importing(module.owner, call.callee):
                continue
            for pattern in filter(literal, call.patterns):
                how = How.CHOICE if ANY in pattern else How.NAMED
                yield from ((target, call.line, how) for target in self._given(module, pattern))

    def _given(self, module: Module, text: str) -> Iterable[str]:
        """The modules that a text given to an import helper names: absolute, or inside the package at hand."""
        placed = self.names.placed(text, module)
        if ANY in placed:
            return self._matching(placed)
        if placed in self.index.modules:
            return (placed,)
        head = self.names.longest(placed) if "." in placed.lstrip(".") else ""
        if "." in head or (head and module.owner == FIRST_PARTY):
            return (head,)
        return () if "." in text else self._beside(module, text)

    def strings(self, module: Module, facts: f.SourceFacts) -> Iterator[Row]:
        """Text that names a module, wherever it stands: registries, settings, class paths."""
        imports_by_name = any(ANY in pattern for call in facts.dynamic for pattern in call.patterns)
        for line, text in facts.strings:
            if "." in text or ":" in text:
                yield from self._dotted(module, text, line)
            elif imports_by_name or (module.owner == FIRST_PARTY and text in self.names.tops):
                yield from ((target, line, How.TEXT) for target in self._word(module, text))

    def _dotted(self, module: Module, text: str, line: int) -> Iterator[Row]:
        """What a dotted text or a pattern names."""
        placed = self.names.placed(text, module).partition(":")[0]
        if ANY in placed:
            yield from ((target, line, How.CHOICE) for target in self._matching(placed))
            return
        target = self.names.longest(placed)
        if not target and module.owner == FIRST_PARTY:
            target = self.names.elsewhere(placed, module)
        target = target or self._inside(module, placed)
        if target and self._meant(module, target, placed):
            yield target, line, How.TEXT

    def _matching(self, pattern: str) -> Iterable[str]:
        """The modules of a pattern that says at least the package."""
        return self.names.matching(pattern) if "." in pattern.partition(ANY)[0] else ()

    def _word(self, module: Module, text: str) -> Iterator[str]:
        """A single word in a file that imports by computed name: a sibling, or a module of that name."""
        yield from self._beside(module, text)
        if text in self.index.modules and (module.owner == FIRST_PARTY or len(text) > _SHORT):
            yield text

    def _beside(self, module: Module, word: str) -> tuple[str, ...]:
        """The module of a name in the package at hand."""
        name = f"{self.names.package(module)}.{word}"
        return (name,) if name in self.index.modules else ()

    def _inside(self, module: Module, text: str) -> str:
        """The module that a text names inside the package at hand, as in `add_a_reader("xlsxr.XLSXBook")`."""
        package = self.names.package(module)
        name = self.names.longest(f"{package}.{text}") if package else ""
        return name if len(name) > len(package) else ""

    def _meant(self, module: Module, target: str, text: str) -> bool:
        """Whether a text means the module at its head. The bare name of another library is too common."""
        if module.owner == FIRST_PARTY or self.index.modules[target].owner == module.owner:
            return True
        return "." in target or target == text
