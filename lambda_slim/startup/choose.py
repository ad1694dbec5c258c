"""Which imports may wait? Those that the rules allow, that were never read, and that bring something."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase

from lambda_slim.base.text import clause
from lambda_slim.startup.records import ImportTarget, NameOf, Snapshot, SourceModule
from lambda_slim.startup.table import absolute, wanted

# Loaded in any process, or looked up in a module's own dictionary: dataclasses finds ClassVar there.
AT_ONCE = frozenset(
    [
        "abc",
        "builtins",
        "collections",
        "collections.abc",
        "contextlib",
        "dataclasses",
        "enum",
        "functools",
        "io",
        "itertools",
        "operator",
        "os",
        "re",
        "sys",
        "types",
        "typing",
        "typing_extensions",
        "warnings",
        "weakref",
        "__future__",
    ]
)
_SPECIAL = frozenset({"ClassVar", "InitVar", "KW_ONLY", "Final", "Annotated", "TYPE_CHECKING"})


@dataclass(frozen=True, slots=True)
class StartupEvidence:
    """What the eager package showed.

    Attributes:
        modules: Modules of the package whose bytecode could be rewritten, by name.
        loaded: Names in sys.modules after INIT and all events.
        init: Those after INIT.
        odd: Those behind which there is no plain module.
        stdlib: Names of the standard library's top-level modules.
        eager: The user's patterns of modules that are imported at once.
    """

    modules: Mapping[str, SourceModule]
    loaded: frozenset[str]
    init: frozenset[str]
    odd: frozenset[str]
    stdlib: frozenset[str]
    eager: tuple[str, ...] = ()


def answered_by_others(modules: Mapping[str, SourceModule], seen: Snapshot) -> dict[str, SourceModule]:
    """The modules; those are marked to which another module gave a `__getattr__`."""
    return {
        name: replace(module, answered=f"{name}:__getattr__" in seen.held and "__getattr__" not in module.scan.bound)
        for name, module in modules.items()
    }


def star_targets(modules: Mapping[str, SourceModule]) -> frozenset[str]:
    """Modules without `__all__` that a star import copies: all of their names must be there."""
    targets = {
        absolute(module, ImportTarget(name, attribute, level))
        for module in modules.values()
        for name, attribute, level in module.scan.imports
        if attribute == "*"
    }
    return frozenset(name for name in targets if name in modules and "__all__" not in modules[name].scan.bound)


def left_alone(evidence: StartupEvidence) -> dict[str, str]:
    """Modules none of whose imports may wait, to the reason."""
    stars = star_targets(evidence.modules)
    reasons = {}
    for name, module in evidence.modules.items():
        if name not in evidence.loaded:
            reasons[name] = "it was not seen running, so an import in it may be meant to fail"
        elif name in evidence.odd:
            reasons[name] = "it puts something else in its place in sys.modules"
        elif module.alone:
            reasons[name] = module.alone
        elif name in stars:
            reasons[name] = "a star import copies its names, and it has no __all__"
    return reasons


def candidates(evidence: StartupEvidence) -> tuple[dict[str, dict[str, tuple[ImportTarget, ...]]], dict[NameOf, str]]:
    """The imports that the rules allow to wait, and for all others the reason.

    Submodules that the eager package has as attributes of their packages are among the first: whoever relied on another
    module's import of them still finds them.
    """
    limits = _Limits(left_alone(evidence), _reached(evidence), _closed(evidence))
    alone = limits.alone
    table: dict[str, dict[str, tuple[ImportTarget, ...]]] = {}
    reasons: dict[NameOf, str] = {}
    for name, module in sorted(evidence.modules.items()):
        names = {}
        for bound, targets in module.scan.names.items():
            why = alone.get(name) or module.scan.refused.get(bound) or _refusal(evidence, module, bound, limits)
            if why:
                reasons[name, bound] = why
            else:
                names[bound] = _plain(module, bound, targets)
        for leaf, targets in _attributes(evidence, module, limits).items():
            names.setdefault(leaf, targets)
        if names:
            table[name] = names
    return table, reasons


@dataclass(frozen=True, slots=True)
class _Limits:
    """What keeps imports from waiting, for any imported module.

    Attributes:
        alone: See `left_alone`.
        reached: Submodules of Python's own packages that some module uses without importing them itself.
        closed: Packages whose submodules have to be there when the package is.
    """

    alone: Mapping[str, str]
    reached: frozenset[str]
    closed: frozenset[str]

    def attaches(self, package: SourceModule, leaf: str) -> bool:
        """Whether a submodule that is not loaded yet can still be an attribute of its package."""
        if package.name not in self.alone or leaf in package.scan.bound:
            return True
        return package.name not in self.closed and leaf not in package.scan.free


def _closed(evidence: StartupEvidence) -> frozenset[str]:
    """Packages whose submodules have to be there when the package is: others copy its names, or replace it."""
    return star_targets(evidence.modules) | evidence.odd | (frozenset(evidence.modules) - evidence.loaded)


def _reached(evidence: StartupEvidence) -> frozenset[str]:
    """Submodules of Python's own packages that some module uses without importing them itself."""
    rows: set[str] = set()
    for module in evidence.modules.values():
        own = {name for name, _, _ in module.scan.imports}
        own |= {f"{name}.{attribute}" for name, attribute, _ in module.scan.imports if attribute}
        rows |= {part for chain in module.scan.uses for part in _prefixes(chain) if part not in own}
    return frozenset(rows)


def _prefixes(chain: str) -> Iterator[str]:
    parts = chain.split(".")
    for end in range(2, len(parts) + 1):
        yield ".".join(parts[:end])


def _refusal(evidence: StartupEvidence, module: SourceModule, name: str, limits: _Limits) -> str:
    targets = module.scan.names[name]
    if f"{module.name}.{name}" in evidence.loaded and module.package and not _is_own(module, name, targets):
        return "a submodule of the package has the same name"
    if module.first_party and name in module.scan.unread:
        return "nothing in the module reads it, so it may be imported for its effects"
    for target in targets:
        if why := _target_refusal(evidence, module, target, limits):
            return why
    return ""


def _target_refusal(evidence: StartupEvidence, module: SourceModule, target: ImportTarget, limits: _Limits) -> str:
    wants = wanted(module, target, evidence.loaded)
    if not wants <= evidence.loaded or wants & evidence.odd:
        return "what it imports was not loaded by the eager package"
    if wants & AT_ONCE or target.attribute in _SPECIAL:
        return "it is looked up in the module itself, or loaded in any process"
    if pattern := _eager_pattern(evidence, wants):
        return f'your settings say so: eager = ["{pattern}"]'
    if _is_first_party(evidence, wants):
        return "first-party modules are loaded at once: they may register something"
    if _takes_own_name(evidence, module, target):
        return "the package imports from itself"
    blocked = next(_unattached(evidence, wants, limits), "")
    return clause("`{}` would not be an attribute of its package", blocked)


def _eager_pattern(evidence: StartupEvidence, wants: Collection[str]) -> str:
    """The user's pattern by which modules are imported at once, or ""."""
    return next((pattern for pattern in evidence.eager if any(_matches(name, pattern) for name in wants)), "")


def _is_first_party(evidence: StartupEvidence, wants: Collection[str]) -> bool:
    return any(evidence.modules[name].first_party for name in wants if name in evidence.modules)


def _takes_own_name(evidence: StartupEvidence, module: SourceModule, target: ImportTarget) -> bool:
    """Whether a package imports a name from itself that is no submodule."""
    if not (module.package and target.attribute and absolute(module, target) == module.name):
        return False
    return f"{module.name}.{target.attribute}" not in evidence.loaded


def _matches(name: str, pattern: str) -> bool:
    """Whether a pattern names a module or a package above it."""
    return fnmatchcase(name, pattern) or fnmatchcase(name, f"{pattern}.*")


def _unattached(evidence: StartupEvidence, names: Iterable[str], limits: _Limits) -> Iterator[str]:
    """Those of modules and packages above them that nobody could reach as an attribute while they are not loaded."""
    for part in (part for name in sorted(names) for part in _prefixes(name)):
        parent, _, leaf = part.rpartition(".")
        if parent in evidence.modules:
            if not limits.attaches(evidence.modules[parent], leaf):
                yield part
        elif parent.partition(".")[0] not in evidence.stdlib or part in limits.reached:
            yield part


def _is_own(module: SourceModule, name: str, targets: tuple[ImportTarget, ...]) -> bool:
    """Whether a name is bound by `from . import name`, or by the absolute form of it."""
    return len(targets) == 1 and targets[0].attribute == name and absolute(module, targets[0]) == module.name


def _plain(module: SourceModule, name: str, targets: tuple[ImportTarget, ...]) -> tuple[ImportTarget, ...]:
    """The imports of a name; a package that asked itself for a submodule would come back to its own `__getattr__`."""
    if module.package and _is_own(module, name, targets):
        return (ImportTarget(f"{module.name}.{name}", "", 0, targets[0].line),)
    return targets


def _attributes(
    evidence: StartupEvidence, module: SourceModule, limits: _Limits
) -> dict[str, tuple[ImportTarget, ...]]:
    """Submodules that an eager INIT leaves as attributes of the package, and that its own code does not bind."""
    start = f"{module.name}."
    leaves = {name.removeprefix(start) for name in evidence.init if module.package and name.startswith(start)}
    return {
        leaf: (ImportTarget(f"{start}{leaf}", "", 0),)
        for leaf in sorted(leaves)
        if "." not in leaf
        and leaf not in module.scan.bound
        and f"{start}{leaf}" not in evidence.odd
        and limits.attaches(module, leaf)
    }
