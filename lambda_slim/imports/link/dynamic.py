"""Imports by name at run time: which modules could the name mean?"""

from collections.abc import Iterable, Iterator

from lambda_slim.imports.link.lookups import Lookups
from lambda_slim.imports.link.names import literal
from lambda_slim.imports.link.rows import Row
from lambda_slim.imports.scan import facts as f
from lambda_slim.imports.scan.values import ANY, ASKED, PARAMETER
from lambda_slim.model.file import FIRST_PARTY
from lambda_slim.model.imports import How, Module

_LISTINGS = frozenset({f.CHILDREN, f.TREE})


class DynamicImports:
    """The targets of imports whose name is computed, listed, or given by callers."""

    def __init__(self, lookups: Lookups) -> None:
        self.index = lookups.index
        self.names = lookups.names
        self.exports = lookups.exports
        self.helpers = lookups.helpers
        self.settings = lookups.settings

    def rows(self, module: Module, call: f.Dynamic) -> tuple[list[Row], bool]:
        """The modules that one import could mean, and whether it could also mean others."""
        rows: list[Row] = []
        open_ended = False
        for pattern in call.patterns:
            if call.gate is not None and (ANY in pattern or ASKED in pattern):
                continue  # followed from whoever asks for an attribute
            placed = self.names.placed(pattern, module, call.package)
            if placed.startswith(ANY) and self.settings.decide(module):
                rows += [(name, call.line, How.CHOICE) for name in self.settings.matching(module, placed)]
            elif literal(placed):
                how = _how(call, placed)
                rows += [(target, call.line, how) for target in self._targets(module, call, placed)]
            else:
                open_ended |= call.kind == f.NAME
        return rows, open_ended

    def kept_for(self, module: Module, call: f.Dynamic) -> tuple[str, ...]:
        """What is kept for an import of unknown name; nothing where all callers that give the name were followed."""
        if self.settings.decide(module):
            return ()
        if call.origin == PARAMETER and self.helpers.told(module.owner, call.function):
            return ()
        return self.names.plugins(module)

    def label(self, module: Module) -> str:
        """The package that is kept for an import of unknown name, as a pattern."""
        return "*" if module.owner == FIRST_PARTY else f"{self.names.top(module)}.*"

    def _targets(self, module: Module, call: f.Dynamic, placed: str) -> Iterable[str]:
        """What one placed pattern of a dynamic import means."""
        if call.kind in _LISTINGS:
            return self._below(module, placed, deep=call.kind == f.TREE)
        if call.kind == f.GIVEN:
            return self._given(module, placed)
        if ANY in placed:
            return self.names.matching(placed)
        return filter(None, (self.names.imported(placed, module),))

    def _below(self, module: Module, placed: str, *, deep: bool) -> Iterable[str]:
        """The modules that `pkgutil` would list; `=alias` stands for a package by its name in the file."""
        package = placed
        if placed.startswith("="):
            packages = (name for name in self._bound(module, placed) if name in self.index.modules)
            package = next(packages, "") or self.names.package(module)
        if deep:
            return self._without_tests(self.index.below(package))
        return self._without_tests(self.index.children.get(package, ()) if package else ())

    def _given(self, module: Module, placed: str) -> Iterable[str]:
        """All of a first-party package that a call is given.

        `create_container(modules=[services])` looks for all that `services` has.
        """
        for name in self._bound(module, placed):
            if name in self.index.modules and self.index.modules[name].owner == FIRST_PARTY:
                yield from self._without_tests(self.index.below(name))

    def _bound(self, module: Module, placed: str) -> Iterator[str]:
        """What `=alias.attributes` stands for in a module."""
        root, _, attributes = placed[1:].partition(".")
        for start in self.exports.bindings(module).get(root, ()):
            yield f"{start}.{attributes}" if attributes else start

    def _without_tests(self, names: Iterable[str]) -> list[str]:
        return [name for name in names if not self.index.in_tests(name)]


def _how(call: f.Dynamic, placed: str) -> How:
    """In what way a dynamic import leads to its targets."""
    if ANY in placed or call.kind in _LISTINGS or call.kind == f.GIVEN:
        return How.CHOICE
    return How.OPTIONAL if call.how == f.OPTIONAL else How.NAMED
