"""From the facts of files to edges between modules: what does one module lead to?"""

from collections.abc import Callable, Iterable, Iterator, Mapping

from lambda_slim.imports.index import Index
from lambda_slim.imports.link.constants import Constants
from lambda_slim.imports.link.helpers import Helpers
from lambda_slim.imports.link.lazy import Exports
from lambda_slim.imports.link.names import ModuleNames, literal
from lambda_slim.imports.link.settings_names import SettingsNames
from lambda_slim.imports.scan import facts as f
from lambda_slim.imports.scan.values import ANY, ASKED, COMPUTED, PARAMETER
from lambda_slim.imports.store import Store
from lambda_slim.model.file import FIRST_PARTY
from lambda_slim.model.imports import Clients, Edge, How, Module, Unresolved

HOW = {f.TOP: How.TOP, f.DEFERRED: How.DEFERRED, f.OPTIONAL: How.OPTIONAL, f.LAZY: How.LAZY}

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

_GUESSES = {How.TEXT: 1, How.CHOICE: 1, How.UNKNOWN: 2}

Row = tuple[str, int, How]  # target, line, how
Binary = Callable[[Module], Iterable[str]]


class Linker:
    """Links modules one at a time, on request."""

    def __init__(
        self,
        index: Index,
        store: Store,
        groups: Mapping[str, tuple[str, ...]],
        hints: Mapping[str, tuple[str, ...]],
        binary: Binary,
        *,
        named: Callable[[str], bool] = lambda _: False,
        explained: bool = False,
    ) -> None:
        self.index = index
        self.store = store
        self.groups = groups
        self.hints = hints
        self.binary = binary
        self.explained = explained  # the data that own code unpickles is beside it, and was searched
        self.names = ModuleNames(index)
        self.settings = SettingsNames(self.names, store, named)
        self.exports = Exports(self.names, store)
        self.helpers = Helpers(index, store)
        self.constants = Constants(self.names, self.exports, store)

    def link(self, name: str) -> tuple[tuple[Edge, ...], tuple[Unresolved, ...]]:
        """The edges that leave a module, first line first, and its gaps."""
        module = self.index.modules[name]
        rows: dict[str, Row] = {}
        gaps: list[Unresolved] = []
        for path in () if module.namespace else (module.path, *module.twins):
            if path.endswith(".py"):
                self.link_source(module, path, rows, gaps)
        if not module.namespace and not module.path.endswith(".py"):
            add(rows, ((target, 0, How.BINARY) for target in self.binary(module)))
        add(rows, ((target, 0, how) for target, how in self.hinted(name)))
        rows.pop(name, None)
        edges = tuple(Edge(name, *row) for row in rows.values())
        return edges, tuple(gaps)

    def link_source(self, module: Module, path: str, rows: dict[str, Row], gaps: list[Unresolved]) -> None:
        """Adds what one source file says."""
        facts = self.store.facts(path)
        for one in facts.imports:
            if one.gate is None:
                add(rows, self.statement(module, one))
        add(rows, self.chains(module, facts))
        self.dynamic(module, path, facts, rows, gaps)
        add(rows, self.calls(module, facts))
        add(rows, self.strings(module, facts))
        add(rows, self.entry_points(facts))
        if module.owner == FIRST_PARTY:
            add(rows, self.listed(facts))
            self.unpickled(path, facts, rows, gaps)
            self.run(path, facts, rows, gaps)

    def statement(self, module: Module, one: f.ScannedImport) -> Iterator[Row]:
        """The targets of an import statement, or what hints say of a standard module."""
        how = HOW[one.how]
        base = self.names.relative(module, one.level, one.module)
        target = self.names.longest(base) if one.level else self.names.imported(base, module)
        if not target and not one.level:
            yield from ((hint, one.line, how) for hint, how in self.hinted(base.partition(".")[0]))
        others = self.names.elsewheres(base, module)[1:] if target and self.names.longest(base) != target else ()
        for place in filter(None, (target, *others)):
            yield place, one.line, how
            if place == base or place.endswith("." + base):
                yield from ((name, one.line, how) for name in self.from_names(place, one.names or ()))
        if target and not (target == base or target.endswith("." + base)):
            if copy := self.names.elsewhere(base.removeprefix(target + "."), module):
                yield copy, one.line, how  # `pkg_resources.extern.packaging` stands for a vendored copy
        elif not target and one.level:
            yield from ((name, one.line, how) for name in one.names or () if not base and name in self.index.modules)

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

    def dynamic(
        self, module: Module, path: str, facts: f.SourceFacts, rows: dict[str, Row], gaps: list[Unresolved]
    ) -> None:
        """Imports by name at run time."""
        for one in facts.dynamic:
            unknown = False
            for pattern in one.patterns:
                if one.gate is not None and (ANY in pattern or "\x03" in pattern):
                    continue  # followed from whoever asks for an attribute
                placed = self.names.placed(pattern, module, one.package)
                if placed.startswith(ANY) and self.settings.decide(module):
                    add(rows, ((name, one.line, How.CHOICE) for name in self.settings.matching(module, placed)))
                    continue
                if not literal(placed):
                    unknown |= one.kind == f.NAME
                    continue
                how = self.how(one, placed)
                add(rows, ((target, one.line, how) for target in self.targets(module, one, placed)))
            if unknown:
                kept = self.unknown(module, one)
                gaps.append(Unresolved(path, one.line, one.expression, self.label(module) if kept else ""))
                add(rows, ((target, one.line, How.UNKNOWN) for target in kept))

    def how(self, one: f.Dynamic, placed: str) -> How:
        """How a dynamic import is told."""
        if ANY in placed or one.kind in {f.CHILDREN, f.TREE, f.GIVEN}:
            return How.CHOICE
        return How.OPTIONAL if one.how == f.OPTIONAL else How.NAMED

    def targets(self, module: Module, one: f.Dynamic, placed: str) -> Iterable[str]:
        """What one placed pattern of a dynamic import means."""
        if one.kind in {f.CHILDREN, f.TREE}:
            return self.below(module, placed, deep=one.kind == f.TREE)
        if one.kind == f.GIVEN:
            return self.given(module, placed)
        if ANY not in placed:
            found = self.names.imported(placed, module)
            return (found,) if found else ()
        return self.names.matching(placed)

    def listed(self, facts: f.SourceFacts) -> Iterator[Row]:
        """Packages that own code lists for a framework to load: all they have, as it looks for models, tasks …"""
        for text in facts.listed:
            package = text
            if text not in self.index.modules:  # an application by its class: `shop.apps.ShopConfig`
                package, _, leaf = self.names.longest(text).rpartition(".")
                package = package if leaf == "apps" else ""
            module = self.index.modules.get(package)
            if module and module.package:
                for name in (package, *self.index.below(package)):
                    if not self.index.in_tests(name):
                        yield name, 0, How.NAMED

    def unpickled(self, path: str, facts: f.SourceFacts, rows: dict[str, Row], gaps: list[Unresolved]) -> None:
        """Objects loaded from data that is not here, so that any class may be among them."""
        if self.explained:
            return
        for line, text in facts.unpickles:
            gaps.append(Unresolved(path, line, text, "*"))
            add(rows, ((name, line, How.UNKNOWN) for name in self.names.everything()))

    def run(self, path: str, facts: f.SourceFacts, rows: dict[str, Row], gaps: list[Unresolved]) -> None:
        """Code that is only known at run time may import anything."""
        for line, text in facts.runs:
            gaps.append(Unresolved(path, line, text, "*"))
            add(rows, ((name, line, How.UNKNOWN) for name in self.names.everything()))

    def below(self, module: Module, placed: str, *, deep: bool) -> Iterable[str]:
        """The modules that `pkgutil` would list; `=alias` stands for a package by its name in the file."""
        package = placed
        if placed.startswith("="):
            root, _, rest = placed[1:].partition(".")
            starts = self.exports.bindings(module).get(root, ())
            package = next((p for s in starts if (p := f"{s}.{rest}" if rest else s) in self.index.modules), "")
            package = package or self.names.package(module)
        pool = self.index.below(package) if deep else self.index.children.get(package, ()) if package else ()
        return [name for name in pool if not self.index.in_tests(name)]

    def given(self, module: Module, placed: str) -> Iterable[str]:
        """All of an own package that a call is given: `create_container(modules=[services])` looks for all it has."""
        root, _, rest = placed[1:].partition(".")
        names = (f"{start}.{rest}" if rest else start for start in self.exports.bindings(module).get(root, ()))
        own = [name for name in names if name in self.index.modules and self.index.modules[name].owner == FIRST_PARTY]
        return [name for package in own for name in self.index.below(package) if not self.index.in_tests(name)]

    def unknown(self, module: Module, one: f.Dynamic) -> tuple[str, ...]:
        """What is kept for an import of unknown name: nothing when callers give it, and they were looked at."""
        if self.settings.decide(module) or (one.origin == PARAMETER and self.helpers.told(module.owner, one.function)):
            return ()
        return self.names.plugins(module)

    def label(self, module: Module) -> str:
        """The package that was kept, as a pattern."""
        return "*" if module.owner == FIRST_PARTY else f"{self.names.top(module)}.*"

    def calls(self, module: Module, facts: f.SourceFacts) -> Iterator[Row]:
        """Text given to what may import it."""
        for call in facts.calls:
            if module.owner == FIRST_PARTY and not self.helpers.importing(module.owner, call.callee):
                continue
            for pattern in call.patterns:
                if literal(pattern):
                    for target in self.named(module, pattern):
                        yield target, call.line, How.CHOICE if ANY in pattern else How.NAMED

    def named(self, module: Module, text: str) -> Iterable[str]:
        """The modules that a text given to an import helper names: absolute, or inside the package at hand."""
        placed = self.names.placed(text, module)
        if ANY in placed:
            head = placed.partition(ANY)[0]
            return self.names.matching(placed) if "." in head else ()
        found = [placed] if placed in self.index.modules else []
        if not found and "." in placed.lstrip("."):
            longest = self.names.longest(placed)
            found = [longest] if "." in longest or (longest and module.owner == FIRST_PARTY) else []
        if not found and "." not in text and ":" not in text:
            inside = f"{self.names.package(module)}.{text}"
            found = [inside] if inside in self.index.modules else []
        return found

    def strings(self, module: Module, facts: f.SourceFacts) -> Iterator[Row]:
        """Text that names a module, wherever it stands: registries, settings, class paths."""
        importing = any(ANY in pattern for one in facts.dynamic for pattern in one.patterns)
        for line, text in facts.strings:
            placed = self.names.placed(text, module).partition(":")[0]
            if "." not in text and ":" not in text:
                if importing or (module.owner == FIRST_PARTY and text in self.names.tops):
                    for target in self.bare(module, text):
                        yield target, line, How.TEXT
                continue
            if ANY in placed:
                for target in self.names.matching(placed) if "." in placed.partition(ANY)[0] else ():
                    yield target, line, How.CHOICE
                continue
            found = self.names.longest(placed)
            if not found and module.owner == FIRST_PARTY:
                found = self.names.elsewhere(placed, module)
            if not found:
                found = self.inside(module, placed)
            if found and self.meant(module, found, placed):
                yield found, line, How.TEXT

    def bare(self, module: Module, text: str) -> Iterable[str]:
        """A single word in a file that imports by computed name: a sibling, or a module of that name."""
        inside = f"{self.names.package(module)}.{text}"
        if inside in self.index.modules:
            yield inside
        if text in self.index.modules and (module.owner == FIRST_PARTY or len(text) > 3):
            yield text

    def inside(self, module: Module, text: str) -> str:
        """The module that a text names inside the package at hand, as in `add_a_reader("xlsxr.XLSXBook")`."""
        package = self.names.package(module)
        found = self.names.longest(f"{package}.{text}") if package else ""
        return found if len(found) > len(package) else ""

    def meant(self, module: Module, found: str, text: str) -> bool:
        """Whether a text means the module at its head: another library's top level alone is said too easily."""
        if module.owner == FIRST_PARTY or self.index.modules[found].owner == module.owner:
            return True
        return "." in found or found == text

    def entry_points(self, facts: f.SourceFacts) -> Iterator[Row]:
        """Entry points of the groups that a file names."""
        if not self.groups:
            return
        asked = [(line, pattern.replace(ASKED, ANY)) for line, patterns in facts.groups for pattern in patterns]
        asked += [(line, text) for line, text in facts.strings if text in self.groups]
        for line, pattern in asked:
            for group in self.matching_groups(pattern):
                for target in self.groups[group]:
                    if found := self.names.longest(target):
                        yield found, line, How.ENTRY_POINT

    def matching_groups(self, pattern: str) -> Iterable[str]:
        """The groups that a pattern could mean; an unknown one any that a running program would ask for."""
        if pattern in self.groups:
            return (pattern,)
        if ANY not in pattern:
            return ()
        head = pattern.partition(ANY)[0]
        return [group for group in self.groups if group.startswith(head) and not group.startswith(_BUILD_GROUPS)]

    def clients(self, name: str) -> Clients:
        """The AWS services that a module's source names."""
        module = self.index.modules[name]
        facts = self.exports.facts(module)
        names: set[str] = set()
        dynamic: list[Unresolved] = []
        for call in facts.services:
            given = set(call.patterns)
            told = True
            if call.origin == PARAMETER:
                more, told = self.helpers.arguments(module.owner, call.function)
                given |= more
            if call.origin == COMPUTED and (text := self.constants.first_argument(module, call)):
                names.add(text)
                continue
            names |= {pattern for pattern in given if ANY not in pattern}
            if call.origin and not (call.origin == PARAMETER and told) and makes_clients(facts, call):
                dynamic.append(Unresolved(module.path, call.line, call.expression, "botocore/data"))
        return Clients(frozenset(names), tuple(dynamic))

    def hinted(self, name: str) -> Iterator[tuple[str, How]]:
        """Known hidden imports of a module; `pkg.*` means everything inside."""
        for hint in self.hints.get(name, ()):
            if hint.endswith(".*"):
                yield from ((found, How.CHOICE) for found in self.index.below(hint[:-2]))
            elif found := self.names.longest(hint.removeprefix("?")):
                yield found, How.CHOICE if hint.startswith("?") else How.HINT


def makes_clients(facts: f.SourceFacts, call: f.Service) -> bool:
    """Whether a call of `client`, `resource` … on something is one of botocore's."""
    if any(word in call.method.lower() for word in ("boto", "session", "aws")):
        return True
    return any("boto" in one.module.partition(".")[0] for one in facts.imports)


def add(rows: dict[str, Row], more: Iterable[Row]) -> None:
    """Adds rows whose target is new; a stronger way of leading there replaces a guess."""
    for row in more:
        known = rows.get(row[0])
        if known is None or _GUESSES.get(row[2], 0) < _GUESSES.get(known[2], 0):
            rows[row[0]] = row
