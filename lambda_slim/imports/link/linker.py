"""Turns the facts of a file into the edges that leave its module."""

from collections.abc import Callable, Iterable, Iterator, Mapping

from lambda_slim.imports.link.clients import clients_of
from lambda_slim.imports.link.dynamic import DynamicImports
from lambda_slim.imports.link.lookups import Lookups
from lambda_slim.imports.link.rows import HOW, Row, add_rows
from lambda_slim.imports.link.texts import Texts
from lambda_slim.imports.scan import facts as f
from lambda_slim.imports.scan.values import ANY, ASKED
from lambda_slim.model.file import FIRST_PARTY
from lambda_slim.model.imports import Clients, Edge, How, Module, Unresolved

_BUILD_GROUPS = (
    "distutils.",
    "setuptools.",
    "egg_info.",
    "pytest11",
    "hypothesis",
    "mypy.",
    "sphinx.",
    "babel.extractors",
)

Binary = Callable[[Module], Iterable[str]]


class Linker:
    """Links modules one at a time, on request."""

    def __init__(
        self,
        lookups: Lookups,
        groups: Mapping[str, tuple[str, ...]],
        hints: Mapping[str, tuple[str, ...]],
        binary: Binary,
        *,
        explained: bool = False,
    ) -> None:
        """What one package is linked with.

        Args:
            lookups: Its names and facts.
            groups: The modules behind the entry points of each group.
            hints: Hidden imports, by module.
            binary: The modules that a compiled module names.
            explained: Whether the data that first-party code unpickles is beside it, and was searched.
        """
        self.lookups = lookups
        self.index = lookups.index
        self.names = lookups.names
        self.exports = lookups.exports
        self.texts = Texts(lookups)
        self.dynamic = DynamicImports(lookups)
        self.groups = groups
        self.hints = hints
        self.binary = binary
        self.explained = explained

    def link(self, name: str) -> tuple[tuple[Edge, ...], tuple[Unresolved, ...]]:
        """The edges that leave a module, first line first, and its gaps."""
        module = self.index.modules[name]
        rows: dict[str, Row] = {}
        gaps: list[Unresolved] = []
        for path in () if module.namespace else (module.path, *module.twins):
            if path.endswith(".py"):
                self.link_source(module, path, rows, gaps)
        if not module.namespace and not module.path.endswith(".py"):
            add_rows(rows, ((target, 0, How.BINARY) for target in self.binary(module)))
        add_rows(rows, ((target, 0, how) for target, how in self.hinted(name)))
        rows.pop(name, None)
        edges = tuple(Edge(name, *row) for row in rows.values())
        return edges, tuple(gaps)

    def link_source(self, module: Module, path: str, rows: dict[str, Row], gaps: list[Unresolved]) -> None:
        """Adds what one source file says."""
        facts = self.lookups.store.facts(path)
        for statement in facts.imports:
            if statement.gate is None:
                add_rows(rows, self.statement(module, statement))
        add_rows(rows, self.chains(module, facts))
        for call in facts.dynamic:
            self.link_dynamic(module, path, call, rows, gaps)
        add_rows(rows, self.texts.calls(module, facts))
        add_rows(rows, self.texts.strings(module, facts))
        add_rows(rows, self.entry_points(facts))
        if module.owner == FIRST_PARTY:
            add_rows(rows, self.listed(facts))
            # Unpickled objects may be of any class, and code that is made at run time may import anything.
            for line, expression in (*(() if self.explained else facts.unpickles), *facts.runs):
                gaps.append(Unresolved(path, line, expression, "*"))
                add_rows(rows, ((name, line, How.UNKNOWN) for name in self.names.everything()))

    def statement(self, module: Module, statement: f.ScannedImport) -> Iterator[Row]:
        """The targets of an import statement, or what hints say of a standard module."""
        line, how = statement.line, HOW[statement.how]
        base = self.names.relative(module, statement.level, statement.module)
        target = self.names.longest(base) if statement.level else self.names.imported(base, module)
        if target:
            yield from ((name, line, how) for name in self._imported(module, base, target, statement.taken))
        elif not statement.level:
            yield from ((name, line, hint) for name, hint in self.hinted(base.partition(".")[0]))
        elif not base:  # `from . import name` at the top level
            yield from ((name, line, how) for name in filter(self.index.modules.get, statement.taken))

    def _imported(self, module: Module, base: str, target: str, names: Iterable[str]) -> Iterator[str]:
        """The modules of a statement whose module is there, or the package that it should be in."""
        others = self.names.elsewheres(base, module)[1:] if self.names.longest(base) != target else ()
        for place in (target, *others):
            yield place
            if _is_at(base, place):
                yield from self.from_names(place, names)
        if not _is_at(base, target):
            copy = self.names.elsewhere(base.removeprefix(target + "."), module)
            if copy:
                yield copy  # `pkg_resources.extern.packaging` stands for a vendored copy

    def from_names(self, target: str, names: Iterable[str]) -> Iterator[str]:
        """The modules that `from target import names` loads beyond the target."""
        for name in names:
            plain = name.partition(":")[0]
            yield from self.exports.star(target) if plain == "*" else self.exports.attribute(target, plain)

    def chains(self, module: Module, facts: f.SourceFacts) -> Iterator[Row]:
        """Submodules used as attributes of what was imported."""
        if not facts.chains:
            return
        bindings = self.exports.bindings(module)
        for chain in facts.chains:
            for start in bindings.get(chain.root, ()):
                if start.partition(".")[0] in self.names.tops:
                    for target in self.exports.follow(start, chain.attributes.split(".")):
                        yield target, chain.line, HOW[chain.how]

    def link_dynamic(
        self, module: Module, path: str, call: f.Dynamic, rows: dict[str, Row], gaps: list[Unresolved]
    ) -> None:
        """Adds what one import by name at run time could mean."""
        targets, open_ended = self.dynamic.rows(module, call)
        add_rows(rows, targets)
        if open_ended:
            kept = self.dynamic.kept_for(module, call)
            label = self.dynamic.label(module) if kept else ""
            gaps.append(Unresolved(path, call.line, call.expression, label))
            add_rows(rows, ((target, call.line, How.UNKNOWN) for target in kept))

    def listed(self, facts: f.SourceFacts) -> Iterator[Row]:
        """Packages that first-party code lists for a framework, with all they have: it looks for models, tasks …"""
        for text in facts.listed:
            package = text
            if text not in self.index.modules:  # an application by its class: `shop.apps.ShopConfig`
                package, _, leaf = self.names.longest(text).rpartition(".")
                package = package if leaf == "apps" else ""
            module = self.index.modules.get(package)
            if module and module.package:
                for name in (package, *self.index.below(package)):
                    if not self.index.in_tests(name) and self.lookups.settings.is_sought(package, name):
                        yield name, 0, How.NAMED

    def entry_points(self, facts: f.SourceFacts) -> Iterator[Row]:
        """Entry points of the groups that a file names."""
        if not self.groups:
            return
        asked = [(line, pattern.replace(ASKED, ANY)) for line, patterns in facts.groups for pattern in patterns]
        asked += [(line, text) for line, text in facts.strings if text in self.groups]
        for line, pattern in asked:
            for group in self.matching_groups(pattern):
                targets = map(self.names.longest, self.groups[group])
                yield from ((target, line, How.ENTRY_POINT) for target in targets if target)

    def matching_groups(self, pattern: str) -> Iterable[str]:
        """The groups that a pattern could mean; an unknown one any that a running program would ask for."""
        if pattern in self.groups:
            return (pattern,)
        if ANY not in pattern:
            return ()
        head = pattern.partition(ANY)[0]
        return [group for group in self.groups if group.startswith(head) and not group.startswith(_BUILD_GROUPS)]

    def hinted(self, name: str) -> Iterator[tuple[str, How]]:
        """Known hidden imports of a module; `pkg.*` means everything inside."""
        for hint in self.hints.get(name, ()):
            if hint.endswith(".*"):
                yield from ((target, How.CHOICE) for target in self.index.below(hint[:-2]))
            elif target := self.names.longest(hint.removeprefix("?")):
                yield target, How.CHOICE if hint.startswith("?") else How.HINT

    def clients(self, name: str) -> Clients:
        """The AWS services that a module's source names."""
        return clients_of(self.index.modules[name], self.lookups)


def _is_at(base: str, place: str) -> bool:
    """Whether a module is the one that a statement names, as it is or below a folder on the path."""
    return place == base or place.endswith("." + base)
