"""Modules that are loaded when an attribute is read: submodules, lazy exports, and names that are passed on."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from lambda_slim.imports.link.names import ModuleNames
from lambda_slim.imports.scan import facts as f
from lambda_slim.imports.scan.values import ANY, ASKED
from lambda_slim.imports.store import Store
from lambda_slim.model.imports import Module

_DEEPEST = 6  # hops of a name that modules pass on


class Exports:
    """Attributes of modules."""

    def __init__(self, names: ModuleNames, store: Store) -> None:
        self.names = names
        self.store = store
        self.modules = names.modules
        self._bindings: dict[str, Mapping[str, tuple[str, ...]]] = {}
        self._asked: dict[tuple[str, str], tuple[str, ...]] = {}

    def facts(self, module: Module) -> f.SourceFacts:
        """The facts of a module's source; empty when it has none."""
        for path in () if module.namespace else (module.path, *module.twins):
            if path.endswith(".py"):
                return self.store.facts(path)
        return f.SourceFacts()

    def bindings(self, module: Module) -> Mapping[str, tuple[str, ...]]:
        """What the imported names of a module stand for: dotted names, of modules or of things in them."""
        known = self._bindings.get(module.name)
        if known is not None:
            return known
        bindings: dict[str, dict[str, None]] = {}
        for statement in self.facts(module).imports:
            for name, target in self._bound_by(module, statement):
                bindings.setdefault(name, {})[target] = None
        known = self._bindings[module.name] = {name: tuple(targets) for name, targets in bindings.items()}
        return known

    def _bound_by(self, module: Module, statement: f.ScannedImport) -> Iterator[tuple[str, str]]:
        """The names that a statement binds, and the dotted name that each stands for."""
        if statement.names is None:
            target = statement.module if statement.alias else statement.module.partition(".")[0]
            yield statement.alias or target, target
            return
        base = self.names.relative(module, statement.level, statement.module)
        for name in statement.names:
            plain, _, alias = name.partition(":")
            yield alias or plain, f"{base}.{plain}" if base else plain

    def attribute(self, package: str, name: str) -> Iterable[str]:
        """The modules that `from package import name` loads beyond the package."""
        inside = f"{package}.{name}"
        if inside in self.modules:
            return (inside,)
        return self.asked(package, name)

    def star(self, package: str) -> Iterator[str]:
        """The modules that `from package import *` loads: what `__all__` lists, if it is lazy or a submodule."""
        module = self.modules.get(package)
        if module is None:
            return
        for name in self.facts(module).exports:
            yield from self.submodules(package) if name == ANY else self.attribute(package, name)

    def submodules(self, package: str) -> list[str]:
        """The direct submodules of a package, without test suites."""
        index = self.names.index
        return [child for child in index.children.get(package, ()) if not index.in_tests(child)]

    def follow(self, start: str, attributes: Sequence[str]) -> Iterator[str]:
        """The modules on the way along `start.a.b.c`."""
        place = self.resolve(start)
        for name in attributes:
            if not place:
                return
            if name == ANY:
                yield from self.anything(place)
                return
            yield from self.attribute(place, name)
            place = self.resolve(f"{place}.{name}")

    def resolve(self, dotted: str, depth: int = 0) -> str:
        """The module that a dotted name stands for, through modules that pass it on; "" when it is none."""
        if dotted in self.modules or depth > _DEEPEST:
            return dotted if dotted in self.modules else ""
        parent, _, name = dotted.rpartition(".")
        if not parent:
            return ""
        holder = self.resolve(parent, depth + 1)
        if not holder:
            return ""
        if f"{holder}.{name}" in self.modules:
            return f"{holder}.{name}"
        for target in self.bindings(self.modules[holder]).get(name, ()):
            module = self.resolve(target, depth + 1) if target != dotted else ""
            if module:
                return module
        return ""

    def asked(self, package: str, name: str) -> tuple[str, ...]:
        """The modules that a lazy package imports when asked for an attribute."""
        key = (package, name)
        known = self._asked.get(key)
        if known is None:
            self._asked[key] = ()  # for packages that ask themselves
            known = self._asked[key] = tuple(dict.fromkeys(self.find_asked(self.modules[package], name)))
        return known

    def anything(self, package: str) -> Iterator[str]:
        """All that a lazy package could be asked for: what its tables say, and its modules."""
        module = self.modules[package]
        facts = self.facts(module)
        if facts.lazy is None:
            return
        for name in sorted(self.askable(module, facts, facts.lazy)):
            yield from self.told(module, facts, name)[0]
        yield from self.submodules(package)

    def askable(self, module: Module, facts: f.SourceFacts, lazy: f.Lazy) -> set[str]:
        """The attributes that a lazy package is known to answer for."""
        names = set(facts.exports)
        for pair in lazy.pairs:
            names.update(pair)
        gates = [*(statement.gate for statement in facts.imports), *(call.gate for call in facts.dynamic)]
        for gate in filter(None, gates):
            names.update(gate)
        if lazy.stub:
            for statement in self.stub_imports(module):
                names.update(f.bound_by(statement))
        return names

    def find_asked(self, module: Module, name: str) -> Iterator[str]:
        """What `__getattr__(name)` of a module imports."""
        facts = self.facts(module)
        if facts.lazy is None or name in facts.lazy.bound:
            return
        modules, tabled = self.told(module, facts, name)
        yield from modules if modules or tabled else self.untold(module, facts, name)

    def told(self, module: Module, facts: f.SourceFacts, name: str) -> tuple[list[str], bool]:
        """The modules that are known to be imported for an attribute, and whether the tables have it."""
        modules = [*self.gated(module, facts, name)]
        texts = self.tabled(module, facts.lazy, name) if facts.lazy else []
        for text in texts:
            modules += self.related(module, text)
        for call in asking(facts, name):
            for pattern in call.patterns:
                modules += self.pattern(module, call, pattern.replace(ASKED, name), texts)
        return modules, bool(texts)

    def tabled(self, module: Module, lazy: f.Lazy, name: str) -> list[str]:
        """The texts for an attribute in the tables and the stub of a lazy package."""
        texts = [text for attribute, text in lazy.pairs if attribute == name]
        return [*texts, *self.stub(module, name)] if lazy.stub else texts

    def untold(self, module: Module, facts: f.SourceFacts, name: str) -> Iterator[str]:
        """All modules that the imports by computed name could mean, for an attribute that no table has."""
        for call in asking(facts, name):
            for pattern in call.patterns:
                placed = self.names.placed(pattern.replace(ASKED, name), module, call.package)
                if ANY in placed:
                    yield from self.names.matching(placed) if placed.strip("*.") else self.names.plugins(module)

    def gated(self, module: Module, facts: f.SourceFacts, name: str) -> Iterator[str]:
        """Import statements inside `__getattr__`."""
        for statement in facts.imports:
            if statement.gate is None or not answers(statement.gate, name):
                continue
            base = self.names.relative(module, statement.level, statement.module)
            target = self.names.longest(base) if statement.level else self.names.imported(base, module)
            if target:
                yield target
                for inner in statement.taken:
                    yield from self.attribute(target, inner.partition(":")[0])

    def related(self, module: Module, text: str) -> list[str]:
        """A text from the tables of a lazy package, as modules: inside it, or absolute."""
        plain = text.partition(":")[0]
        inside = f"{self.names.package(module)}.{plain.lstrip('.')}"
        if inside in self.modules:
            return [inside]
        name = self.names.longest(self.names.placed(plain, module))
        return [name] if name and (name == plain or "." in name) else []

    def pattern(self, module: Module, call: f.Dynamic, pattern: str, tabled: Iterable[str]) -> list[str]:
        """A dynamic import of `__getattr__`, exactly or with what the tables say in place of the unknown."""
        texts = [pattern.replace(ANY, text.lstrip(".")) for text in tabled] if ANY in pattern else [pattern]
        package = call.package if ANY not in call.package else ""
        placed = [self.names.placed(text, module, package) for text in texts]
        return [name for name in placed if name in self.modules]

    def stub(self, module: Module, name: str) -> list[str]:
        """Where a package's `.pyi` file says that an attribute comes from."""
        return [
            "." * statement.level + (statement.module or name)
            for statement in self.stub_imports(module)
            if statement.names and name in f.bound_by(statement)
        ]

    def stub_imports(self, module: Module) -> tuple[f.ScannedImport, ...]:
        """The imports in a package's `.pyi` file."""
        return self.store.facts(module.path.removesuffix(".py") + ".pyi").imports


def asking(facts: f.SourceFacts, name: str) -> list[f.Dynamic]:
    """The imports by computed name that run for an attribute."""
    return [call for call in facts.dynamic if call.gate is not None and answers(call.gate, name)]


def answers(gate: Sequence[str], name: str) -> bool:
    """Whether an import behind a gate runs for an attribute."""
    return name in gate or "*" in gate
