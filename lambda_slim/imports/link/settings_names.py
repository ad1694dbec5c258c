"""Frameworks that import what settings name: which names do the settings of a project give them?"""

import functools
import re
from collections.abc import Callable, Iterator, Mapping

from lambda_slim.imports.link.names import ModuleNames
from lambda_slim.imports.scan.values import ANY
from lambda_slim.imports.store import Store
from lambda_slim.model.file import FIRST_PARTY
from lambda_slim.model.imports import Module

_ANY_NAME = r"[\w.]+"


class SettingsNames:
    """What strings of the project, and of a framework's own modules, name.

    Knowledge says of which modules it is known that their computed imports load only such names. It counts only where
    the project names something of the framework itself: settings that come from elsewhere say nothing here.
    """

    def __init__(
        self,
        names: ModuleNames,
        store: Store,
        known: Callable[[str], bool],
        sought: Mapping[str, tuple[str, ...]],
    ) -> None:
        """Takes what is known.

        Args:
            names: The modules.
            store: Their facts.
            known: Whether the computed imports of a module load only what strings name.
            sought: Submodules of applications to the applications that look for them.
        """
        self.sought = sought
        self.names = names
        self.store = store
        self.known = known

    def decide(self, module: Module) -> bool:
        """Whether the computed imports of a module load only what strings name."""
        return self.known(module.name) and module.owner in self._owners

    def matching(self, module: Module, pattern: str) -> Iterator[str]:
        """Modules that `*.models` means: of packages that the project, or the module itself, names."""
        heads = {name.removesuffix(".apps") for name in (*self._by_project, *self._named(module))}
        rest = "".join(_ANY_NAME if set(part) == {ANY} else re.escape(part) for part in re.split(r"(\*+)", pattern)[2:])
        fits = re.compile(rf"(.+){rest}").fullmatch
        for name in self.names.matching(pattern):
            match = fits(name)
            if match and match[1] in heads and self.is_sought(match[1], name):
                yield name

    def is_sought(self, application: str, name: str) -> bool:
        """Whether a framework may look for a module of an application: not where only others do that are not named."""
        inside = name.removeprefix(f"{application}.").split(".")
        seekers = [seeker for part in inside for seeker in self.sought.get(part, ())]
        return not seekers or application in seekers or any(map(self._is_named, seekers))

    def _is_named(self, application: str) -> bool:
        """Whether the project names an application, or something in it."""
        return any(name == application or name.startswith(f"{application}.") for name in self._by_project)

    @functools.cached_property
    def _by_project(self) -> frozenset[str]:
        modules = (self.names.modules[name] for name in self.names.index.owned[FIRST_PARTY])
        return frozenset(name for module in modules for name in self._named(module))

    @functools.cached_property
    def _owners(self) -> frozenset[str]:
        """Distributions of which the project names a module in a string."""
        return frozenset(self.names.modules[name].owner for name in self._by_project)

    def _named(self, module: Module) -> Iterator[str]:
        """The modules that strings of a module name, the longest part of each that is one."""
        if module.namespace or not module.path.endswith(".py"):
            return
        facts = self.store.facts(module.path)
        for text in (*(text for _, text in facts.strings), *facts.listed):
            name = self.names.longest(text)
            if name:
                yield name
