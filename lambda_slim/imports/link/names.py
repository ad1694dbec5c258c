"""Turns names and patterns into modules of the index."""

import re
import sys
from collections.abc import Callable, Iterable

from lambda_slim.base.dotted import absolute_name
from lambda_slim.imports.index import Index
from lambda_slim.imports.scan.values import ANY, HERE, OWN
from lambda_slim.model.file import FIRST_PARTY
from lambda_slim.model.imports import Module

_VENDOR = frozenset(
    {"_vendor", "vendor", "vendored", "_vendored", "extern", "externals", "external", "thirdparty", "third_party",
     "packages", "_external", "lib", "libs", "site-packages"}
)  # fmt: skip


class ModuleNames:
    """Lookups in an index, as seen from modules of it."""

    def __init__(self, index: Index) -> None:
        self.index = index
        self.modules = index.modules
        self.tops = frozenset(index.children.get("", ()))
        self._suffixes: dict[tuple[str, str], list[str]] | None = None
        self._matches: dict[str, tuple[str, ...]] = {}

    def package(self, module: Module) -> str:
        """What relative names in a module are relative to."""
        return module.name if module.package else module.name.rpartition(".")[0]

    def top(self, module: Module) -> str:
        """The smallest package that holds everything a loader of this module's library would load."""
        parts = module.name.split(".")
        for end in range(1, len(parts)):
            name = ".".join(parts[:end])
            if not self.modules[name].namespace or self.modules[name].owner == FIRST_PARTY:
                return name
        return module.name

    def relative(self, module: Module, level: int, name: str) -> str:
        """The absolute form of `from ..name import …`; "" when it leaves the top level."""
        base = absolute_name(module.name, level, name, package=module.package)
        return name if level == 1 and not base else base

    def longest(self, name: str) -> str:
        """The longest leading part of a dotted name that is a module; "" for none."""
        name = self.below_site(name.partition(":")[0])
        while name and name not in self.modules:
            name = name.rpartition(".")[0]
        return name

    def below_site(self, name: str) -> str:
        """A name without the folder that it starts with, where an import of the rest starts in that folder.

        `from vendored import requests` and `import requests` mean one module, where `vendored` is on the path too.
        """
        for site in self.index.sites:
            rest = name.removeprefix(f"{site}.")
            if rest != name and name not in self.modules and rest.partition(".")[0] in self.tops:
                return rest
        return name

    def imported(self, name: str, module: Module) -> str:
        """The module that `import name` in a module leads to; also one that only a changed `sys.path` explains."""
        name = self.below_site(name)
        top = name.partition(".")[0]
        if top in self.tops:
            return self.longest(name)
        if not name or top in sys.stdlib_module_names:
            return ""
        return self.elsewhere(name, module)

    def elsewhere(self, name: str, module: Module) -> str:
        """A module of the same owner whose name ends like this: its folder was put on the path, or it is vendored."""
        return next(iter(self.elsewheres(name, module)), "")

    def elsewheres(self, name: str, module: Module) -> tuple[str, ...]:
        """All that `elsewhere` could mean, the nearest first.

        Of first-party code that is the module beside the importer, or else each of them: only a run shows which folder
        is on the path.
        """
        suffixes = self.suffixes()
        while name:
            others = suffixes.get((module.owner, name))
            if others:
                near = sorted(others, key=lambda other: (-common(other, module.name), len(other), other))
                beside = near[0] == f"{module.name.rpartition('.')[0]}.{name}"
                return tuple(near[:1] if beside or module.owner != FIRST_PARTY else near)
            name = name.rpartition(".")[0]
        return ()

    def suffixes(self) -> dict[tuple[str, str], list[str]]:
        """Modules by owner and each name that they would have if a folder above them were on the path."""
        if self._suffixes is None:
            self._suffixes = {}
            for module in self.modules.values():
                parts = module.name.split(".")
                for start in range(1, len(parts)):
                    if module.owner == FIRST_PARTY or parts[start - 1] in _VENDOR:
                        suffix = ".".join(parts[start:])
                        self._suffixes.setdefault((module.owner, suffix), []).append(module.name)
        return self._suffixes

    def placed(self, pattern: str, module: Module, package: str = "") -> str:
        """A pattern with the symbols for its place filled in, made absolute against a package (also a pattern)."""
        here = self.package(module)
        pattern = pattern.replace(OWN, module.name).replace(HERE, here)
        if not pattern.startswith("."):
            return pattern
        base = package.replace(OWN, module.name).replace(HERE, here) or here
        name = pattern.lstrip(".")
        up = len(pattern) - len(name) - 1
        parts = base.split(".")
        if ANY in base:
            return base + "." + name
        return ".".join([*parts[: len(parts) - up], name]) if up < len(parts) else name

    def matching(self, pattern: str) -> tuple[str, ...]:
        """The modules that a pattern could name: tests are no plugins, so `pkg.*` does not mean them."""
        names = self._matches.get(pattern)
        if names is None:
            names = self._matches[pattern] = tuple(self._find(pattern))
        return names

    def _find(self, pattern: str) -> Iterable[str]:
        if ANY not in pattern:
            return filter(None, (self.longest(pattern),))
        head = pattern.partition(ANY)[0]
        fits = fitting(pattern)
        if "." in head and head.partition(".")[0] not in self.tops:
            return self._moved(head, fits)
        named = [name for name in self.pool(head) if name.startswith(head) and fits(name)]
        return named if "test" in head else [name for name in named if not self.index.in_tests(name)]

    def _moved(self, head: str, fits: Callable[[str], object]) -> Iterable[str]:
        """First-party modules that a pattern means once one of their folders is on `sys.path`."""
        names: list[str] = []
        for (owner, name), modules in self.suffixes().items():
            if owner == FIRST_PARTY and name.startswith(head) and fits(name):
                names += (module for module in modules if not self.index.in_tests(module))
        return names

    def pool(self, head: str) -> Iterable[str]:
        """The modules that can start with some text."""
        package = head.rpartition(".")[0]
        return self.index.below(package) if package in self.modules else self.modules

    def plugins(self, module: Module) -> tuple[str, ...]:
        """Everything that an import of unknown name in a module may mean, without the tests.

        A library means its own modules; first-party code may mean anything that is installed. A test may mean tests.
        """
        from_test = self.index.in_tests(module.name)
        if module.owner == FIRST_PARTY:
            tests = filter(self.index.in_tests, self.index.owned[FIRST_PARTY] if from_test else ())
            return (*tests, *self.everything())
        top = self.top(module)
        inside = [name for name in (top, *self.index.below(top)) if self.modules[name].owner == module.owner]
        return tuple(name for name in inside if from_test or not self.index.in_tests(name))

    def everything(self) -> tuple[str, ...]:
        """All modules but test suites."""
        return tuple(name for name in self.index.modules if not self.index.in_tests(name))


def fitting(pattern: str) -> Callable[[str], object]:
    """Whether a name is one that a pattern could mean."""
    parts = re.split(r"\*+", pattern.partition(":")[0])
    return re.compile(".*".join(re.escape(part) for part in parts) + r"\Z").match


def common(left: str, right: str) -> int:
    """How many leading characters two names share."""
    count = 0
    for a, b in zip(left, right, strict=False):
        if a != b:
            break
        count += 1
    return count


def literal(pattern: str) -> bool:
    """Whether a pattern says anything at all about the name."""
    return bool(pattern.strip("*.:"))
