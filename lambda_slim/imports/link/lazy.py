"""What does taking an attribute of a module lead to? Submodules, lazy exports, and names passed on."""

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
        found: dict[str, list[str]] = {}
        for one in self.facts(module).imports:
            if one.names is None:
                target = one.module if one.alias else one.module.partition(".")[0]
                found.setdefault(one.alias or target, []).append(target)
                continue
            base = self.names.relative(module, one.level, one.module)
            for name in one.names:
                plain, _, alias = name.partition(":")
                found.setdefault(alias or plain, []).append(f"{base}.{plain}" if base else plain)
        known = self._bindings[module.name] = {name: tuple(dict.fromkeys(v)) for name, v in found.items()}
        return known

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
            if target != dotted and (found := self.resolve(target, depth + 1)):
                return found
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
        names = {name for pair in facts.lazy.pairs for name in pair}.union(facts.exports)
        for gate in (*(one.gate for one in facts.imports), *(one.gate for one in facts.dynamic)):
            names.update(gate or ())
        if facts.lazy.stub:
            names.update(name for row in self.stub_imports(module) for name in f.bound_by(row))
        for name in sorted(names):
            yield from self.told(module, facts, name)[0]
        yield from self.submodules(package)

    def find_asked(self, module: Module, name: str) -> Iterator[str]:
        """What `__getattr__(name)` of a module imports."""
        facts = self.facts(module)
        if facts.lazy is None or name in facts.lazy.bound:
            return
        found, tabled = self.told(module, facts, name)
        yield from found if found or tabled else self.untold(module, facts, name)

    def told(self, module: Module, facts: f.SourceFacts, name: str) -> tuple[list[str], bool]:
        """What is known to be imported for an attribute, and whether the tables have it."""
        found = [*self.gated(module, facts, name)]
        related = [text for attribute, text in facts.lazy.pairs if attribute == name] if facts.lazy else []
        if facts.lazy and facts.lazy.stub:
            related += self.stub(module, name)
        for text in related:
            found += self.related(module, text)
        for one in asking(facts, name):
            for pattern in one.patterns:
                found += self.pattern(module, one, pattern.replace(ASKED, name), related)
        return found, bool(related)

    def untold(self, module: Module, facts: f.SourceFacts, name: str) -> Iterator[str]:
        """All that the imports by computed name could mean, for an attribute that no table has."""
        for one in asking(facts, name):
            for pattern in one.patterns:
                placed = self.names.placed(pattern.replace(ASKED, name), module, one.package)
                if ANY in placed:
                    yield from self.names.matching(placed) if placed.strip("*.") else self.names.plugins(module)

    def gated(self, module: Module, facts: f.SourceFacts, name: str) -> Iterator[str]:
        """Import statements inside `__getattr__`."""
        for one in facts.imports:
            if one.gate is None or not answers(one.gate, name):
                continue
            base = self.names.relative(module, one.level, one.module)
            target = self.names.imported(base, module) if not one.level else self.names.longest(base)
            if target:
                yield target
                for inner in one.names or ():
                    yield from self.attribute(target, inner.partition(":")[0])

    def related(self, module: Module, text: str) -> list[str]:
        """A text from the tables of a lazy package, as modules: inside it, or absolute."""
        plain = text.partition(":")[0]
        inside = f"{self.names.package(module)}.{plain.lstrip('.')}"
        if inside in self.modules:
            return [inside]
        found = self.names.longest(self.names.placed(plain, module))
        return [found] if found and (found == plain or "." in found) else []

    def pattern(self, module: Module, one: f.Dynamic, pattern: str, related: Iterable[str]) -> list[str]:
        """A dynamic import of `__getattr__`, exactly or with what the tables say in place of the unknown."""
        texts = [pattern.replace(ANY, text.lstrip(".")) for text in related] if ANY in pattern else [pattern]
        placed = [self.names.placed(text, module, one.package if ANY not in one.package else "") for text in texts]
        return [name for name in placed if name in self.modules]

    def stub(self, module: Module, name: str) -> list[str]:
        """Where a package's `.pyi` file says that an attribute comes from."""
        return [
            "." * one.level + one.module if one.module else "." * one.level + name
            for one in self.stub_imports(module)
            if name in {n.rpartition(":")[2] for n in one.names or ()}
        ]

    def stub_imports(self, module: Module) -> tuple[f.ScannedImport, ...]:
        """The imports in a package's `.pyi` file."""
        return self.store.facts(module.path.removesuffix(".py") + ".pyi").imports


def asking(facts: f.SourceFacts, name: str) -> list[f.Dynamic]:
    """The imports by computed name that run for an attribute."""
    return [one for one in facts.dynamic if one.gate is not None and answers(one.gate, name)]


def answers(gate: Sequence[str], name: str) -> bool:
    """Whether an import behind a gate runs for an attribute."""
    return name in gate or "*" in gate
