"""Looking names up: is a module there, and does it have a name?"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from lambda_slim.base.dotted import absolute_name
from lambda_slim.imports.scan.bound import ANY, ITSELF
from lambda_slim.imports.scan.facts import SourceFacts
from lambda_slim.model.imports import Imports, Module
from lambda_slim.plan.starts.foreign import ForeignModule
from lambda_slim.plan.starts.providers import Given, Provider, member_given, module_given

# What the import system gives every module.
_IMPLICIT = frozenset(
    {"__name__", "__doc__", "__package__", "__loader__", "__spec__", "__file__", "__cached__", "__builtins__"}
)


@dataclass(frozen=True, slots=True)
class Absent:
    """The first part of a dotted name that does not exist; `certain` where nothing else could provide it."""

    name: str
    certain: bool


_CARRIED = frozenset(
    {"vendor", "_vendor", "vendored", "_vendored", "vendors", "extern", "externals", "_external", "external"}
    | {"third_party", "thirdparty", "packages", "ext", "libs", "lib", "deps", "_deps", "bundled", "_bundled", "contrib"}
)  # folders in which distributions carry others
_PATHS = frozenset({"path", "meta_path", "path_hooks", "modules", "addsitedir"})  # of `sys` and `site`


class Places:
    """The modules that ship, and the providers beside the package.

    Attributes:
        foreign: Compiled modules, by name, that are there for another Python or system only.
        hidden: Modules of layers that no import finds; see `hide`.
    """

    def __init__(
        self,
        imports: Imports,
        shipped: Collection[str],
        providers: Iterable[Provider],
        foreign: Mapping[str, ForeignModule] | None = None,
    ) -> None:
        self.modules = imports.modules
        self.sources = imports.sources
        self.providers = tuple(providers)
        self.shipped = shipped
        self.present = present(imports.modules.values(), shipped)
        self.hidden: frozenset[str] = frozenset()
        self._facts: dict[str, SourceFacts] = {}
        self._given: dict[str, Given] = {}
        self._moved: dict[str, bool] = {}
        self._taken: dict[str, dict[str, set[str]]] = {}
        self.foreign = {name: file for name, file in (foreign or {}).items() if name not in self.present}

    def absent(self, name: str) -> Absent | None:
        """The missing part of `import name`; None where all of it exists, or may exist."""
        parts = name.split(".")
        dotted = (".".join(parts[: n + 1]) for n in range(len(parts)))
        missing = next((part for part in dotted if part not in self.present and not self._is_folder(part)), "")
        if not missing:
            return None
        given = self.given(name)
        if given is Given.YES:
            return None
        if self.given(missing) is Given.YES:
            return Absent(name, certain=given is Given.NO)
        parent = missing.rpartition(".")[0]
        return Absent(missing, given is Given.NO and (parent not in self.present or self._is_all_of(parent, missing)))

    def hide(self, later: Collection[str]) -> None:
        """Takes modules away that a package of the same name hides, in the zip or in a layer.

        The first folder of `sys.path` with an `__init__.py` has all of a package. A folder without one gives way to it.

        Args:
            later: Paths of the files of layers.
        """
        behind = {name for name in self.present if self.modules[name].path in later}
        apart = (name for name in self.present if (name in behind) != (name.partition(".")[0] in behind))
        self.hidden = frozenset(filter(self._hides, apart))
        self.present -= self.hidden

    def conceals(self, name: str) -> bool:
        """Whether a layer or the runtime has a module that a package of the same name hides."""
        behind = [provider for provider in self.providers if provider.hidden]
        return name in self.hidden or (self._hides(name) and module_given(behind, name) is Given.YES)

    def _is_folder(self, name: str) -> bool:
        return name.replace(".", "/") in self.folders

    def _is_all_of(self, package: str, name: str) -> bool:
        """Whether a package surely has no submodule of a name but what its folder has."""
        return name in self.foreign or self.is_closed(package)

    @cached_property
    def folders(self) -> frozenset[str]:
        """Every folder of the package: one without modules can be imported too, as its data is read that way."""
        folders: set[str] = set()
        for path in self.shipped:
            folder = path.rpartition("/")[0]
            while folder and folder not in folders:
                folders.add(folder)
                folder = folder.rpartition("/")[0]
        return frozenset(folders)

    def is_closed(self, package: str) -> bool:
        """Whether all submodules of a package lie in its folder."""
        module = self.modules[package]
        if module.namespace:
            return True
        return self.has_source(module) and {ANY, "__path__"}.isdisjoint(self.facts(package).bound)

    def has_source(self, module: Module) -> bool:
        """Whether what a module does can be read."""
        return not module.namespace and module.path.endswith(".py") and self.facts(module.name).readable

    def facts(self, name: str) -> SourceFacts:
        """What the source of a module says."""
        known = self._facts.get(name)
        if known is None:
            known = self._facts[name] = self.sources.get(name) or SourceFacts()
        return known

    def given(self, name: str) -> Given:
        """Whether a provider beside the package has a module."""
        known = self._given.get(name)
        if known is None:
            hides = self._hides(name)
            known = self._given[name] = module_given(
                [row for row in self.providers if not (hides and row.hidden)], name
            )
        return known

    def _hides(self, name: str) -> bool:
        """Whether only a package that ships can have a module: layers and the runtime come later on `sys.path`."""
        top, _, rest = name.partition(".")
        package = self.modules.get(top) if rest and top in self.present else None
        return package is not None and not package.namespace and self.is_closed(top)

    def was_module(self, name: str) -> bool:
        """Whether a missing name is a module that was left out, or that was made for another system."""
        return name in self.modules or name in self.foreign

    def lacks(self, module: str, name: str) -> bool:
        """Whether `from module import name` certainly fails, where the module exists."""
        if module not in self.present:
            return member_given(self.providers, module, name) is Given.NO
        if f"{module}.{name}" in self.present or self._is_folder(f"{module}.{name}"):
            return False
        return self.has(module, name) is Given.NO and self.given(f"{module}.{name}") is Given.NO

    def missing_attribute(self, module: Module, taken: str) -> str:
        """The attribute that a first-party module, or one of the standard library, does not have; "" where it may.

        Args:
            module: Where it is taken.
            taken: As of `facts.Straight.attributes`.
        """
        home, _, rest = taken.partition(":")
        level = len(home) - len(home.lstrip("."))
        base, names = absolute(module, level, home[level:]), rest.split(".")
        while names and self._is_submodule(base, names[0]):
            base = f"{base}.{names.pop(0)}"
        if not base or not names or self._is_foreign(base) or self._may_be_set(names[0]):
            return ""
        return f"{base}.{names[0]}" if self.lacks(base, names[0]) else ""

    def _is_submodule(self, package: str, name: str) -> bool:
        """Whether an attribute of a package is its module of that name, as the package binds nothing else to it."""
        bound = self.binds(package) if package in self.present and package in self.modules else frozenset[str]()
        return f"{package}.{name}" in self.present and name not in bound

    def _is_foreign(self, name: str) -> bool:
        owner = self.modules.get(name)
        return owner is not None and bool(owner.owner)

    def _may_be_set(self, name: str) -> bool:
        """Whether code may give a module an attribute of a name, or the import system does."""
        return name.startswith("__") or not self._assigned.isdisjoint((ANY, name))

    @cached_property
    def _assigned(self) -> frozenset[str]:
        """The attributes that first-party code gives to objects, which may be modules."""
        own = (name for name, module in self.modules.items() if not module.owner)
        return frozenset(attribute for name in own for attribute in self.facts(name).assigned)

    def has(self, module: str, name: str, asked: frozenset[str] = frozenset()) -> Given:
        """Whether a module of the package has a name of its own, submodules aside."""
        owner = self.modules[module]
        if owner.namespace:
            return Given.NO
        if not self.has_source(owner) or module in asked:
            return Given.MAYBE
        bound = self.facts(module).bound
        if self._is_bound(owner, name):
            return Given.YES
        if ANY in bound:
            return Given.MAYBE
        stars = self.starred(owner)
        if not self.present.issuperset(stars):
            return Given.MAYBE
        return max((self.has(star, name, asked | {module}) for star in stars), default=Given.NO)

    def _is_bound(self, module: Module, name: str) -> bool:
        bound = self.facts(module.name).bound
        if name in bound or name in _IMPLICIT:
            return True
        return f"{ITSELF}{name}" in bound and not self._is_of_itself(module, name)

    def _is_of_itself(self, module: Module, name: str) -> bool:
        """Whether all imports that bind a name take it from the module itself, which is where it would have to be."""
        return module.package and self._taken_from(module).get(name) == {module.name}

    def _taken_from(self, module: Module) -> dict[str, set[str]]:
        """The modules that `from` imports of a module take each of its names from."""
        known = self._taken.get(module.name)
        if known is None:
            known = self._taken[module.name] = {}
            for row in self.facts(module.name).imports:
                for name in map(_bound_as, row.taken):
                    known.setdefault(name, set()).add(absolute(module, row.level, row.module))
        return known

    def binds(self, module: str) -> frozenset[str]:
        """The names that a module's statements bind, submodules that it imports of itself aside."""
        bound, owner = self.facts(module).bound, self.modules[module]
        taken = (name.removeprefix(ITSELF) for name in bound)
        return frozenset(bound) | {name for name in taken if not self._is_of_itself(owner, name)}

    def starred(self, module: Module) -> list[str]:
        """The modules whose names a module takes by `from … import *`."""
        imports = self.facts(module.name).imports
        return [absolute(module, statement.level, statement.module) for statement in imports if ANY in statement.taken]

    def carries(self, owner: str, inside: Sequence[str]) -> bool:
        """Whether a distribution may carry a module for itself: in a folder for that, or as it changes `sys.path`."""
        return any(_CARRIED.intersection(name.split(".")[1:-1]) for name in inside) or self._moves_path(owner)

    def _moves_path(self, owner: str) -> bool:
        if owner not in self._moved:
            own = (
                m for m in self.modules.values() if m.owner == owner and self.has_source(m) and m.name in self.present
            )
            self._moved[owner] = any(map(_touches_path, (self.facts(module.name) for module in own)))
        return self._moved[owner]

    def inside(self, owner: str, name: str) -> list[str]:
        """Modules of an owner that would be called `name` if a folder above them were on `sys.path`; nearest first."""
        named = [m.name for m in self.modules.values() if m.owner == owner and m.name.endswith(f".{name}")]
        return sorted(
            (candidate for candidate in named if candidate in self.present),
            key=lambda candidate: (candidate.count("."), candidate),
        )


def _touches_path(facts: SourceFacts) -> bool:
    named = {bound.partition(":")[0] for row in facts.imports if row.module in ("sys", "site") for bound in row.taken}
    touched = {chain.attributes.partition(".")[0] for chain in facts.chains if chain.root.strip("_") in ("sys", "site")}
    return not _PATHS.isdisjoint(named | touched)


def _bound_as(taken: str) -> str:
    """The name that a `from` import binds, of `name` or `name:alias`."""
    return taken.rpartition(":")[2]


def present(modules: Iterable[Module], shipped: Collection[str]) -> frozenset[str]:
    """Names of the modules that ship; of a folder without `__init__.py`, where something in it does."""
    names: set[str] = set()
    for module in modules:
        if not module.namespace and not {module.path, *module.twins}.isdisjoint(shipped):
            name = module.name
            while name and name not in names:
                names.add(name)
                name = name.rpartition(".")[0]
    return frozenset(names)


def absolute(module: Module, level: int, name: str) -> str:
    """The absolute form of what an import statement in a module names; "" where it leads out of the top level."""
    return absolute_name(module.name, level, name, package=module.package)
