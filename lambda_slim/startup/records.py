"""What is known of imports that could wait, and what was seen of a process. Module names are dotted."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class ImportTarget:
    """One import that binds a name.

    Attributes:
        module: As written, `a.b`; relative to the importer where `level` is above 0.
        attribute: Of `from module import attribute`; "" for `import a.b as c`; None for `import a.b`.
        level: Leading dots.
        line: Where it is written, from 1; 0 for a submodule that is an attribute of its package.
    """

    module: str
    attribute: str | None
    level: int
    line: int = 0


@dataclass(frozen=True, slots=True)
class ModuleScan:
    """What `probe/lazify.py` read in a module.

    Attributes:
        alone: Why none of its imports may wait; "" where some may.
        names: The names that its top-level imports bind, to the imports.
        refused: Those that may not wait, to the reason.
        unread: Those that none of its functions reads.
        imports: (module, attribute, level) of every import anywhere in it.
        bound: Names that its own code binds.
        touches: (module, attribute, level) of imports whose objects its top-level code changes, or calls for an effect.
        guarded: The same in a branch, with names that only its imports bind: where one is missing, it has not run.
        uses: Attribute chains on names that it imports, `importlib.util.find_spec`.
        used: Built-in names that it reads.
        free: Names that it reads, does not bind, and that are not built in.
    """

    alone: str
    names: Mapping[str, tuple[ImportTarget, ...]]
    refused: Mapping[str, str]
    unread: frozenset[str]
    imports: frozenset[tuple[str, str | None, int]]
    bound: frozenset[str]
    uses: frozenset[str]
    touches: frozenset[tuple[str, str | None, int]] = frozenset()
    guarded: frozenset[tuple[str, str | None, int, tuple[str, ...]]] = frozenset()
    used: tuple[str, ...] = ()
    free: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class SourceModule:
    """A module of the package whose bytecode could be rewritten."""

    name: str
    path: str
    package: bool  # an `__init__`
    first_party: bool
    scan: ModuleScan
    answered: bool = False  # another module binds its `__getattr__`

    @property
    def alone(self) -> str:
        """Why none of its imports may wait; "" where some may."""
        return self.scan.alone or ("another module binds its __getattr__" if self.answered else "")


Table = Mapping[str, Mapping[str, tuple[ImportTarget, ...]]]  # module -> its lazy names
NameOf = tuple[str, str]  # module, name


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A process as `probe/startup.py` saw it.

    Attributes:
        turn: 0 after INIT, then the number of events that were answered.
        cpu_us: CPU time since before the handler was imported, in microseconds.
        read: Lazy names that were read so far.
        modules: Names in sys.modules.
        odd: Those behind which there is no plain module of that name.
        state: What all modules share, by name.
        aliases: Further names of modules in sys.modules, to their own.
        blamed: What imports changed, of what was asked for, to the modules that did it.
        became: Parts of the state to what they became in turn, with the module whose import did it; "" where none did.
        grown: What of `held` has changed since its module's own code had run.
        order: Names in sys.modules as they were loaded.
        patterns: Regular expressions that INIT compiled: type, text, flags.
        texts: Texts that INIT compiled: module that did it, text, file name, mode, flags.
        places: Modules that Python's own finder found in the package at INIT, to what follows the module's name in the
            name of its file: `.pyc`, `/__init__.py`.
        garbage: (module, what): objects that INIT left as garbage, that were frozen, and that somebody can still see;
            of a class the module that made it, else "".
        values: What names are that were asked for, where they were there, each once.
        held: `module:name` to a length (-1 for a function or class) and the foreign modules it holds objects of.
    """

    turn: int
    cpu_us: int
    read: frozenset[NameOf]
    modules: frozenset[str]
    odd: frozenset[str]
    state: Mapping[str, Any]
    held: Mapping[str, tuple[int, tuple[str, ...]]] = field(default_factory=dict)
    aliases: Mapping[str, str] = field(default_factory=dict)
    blamed: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    became: Mapping[str, tuple[tuple[str, Any], ...]] = field(default_factory=dict)
    grown: tuple[str, ...] = ()
    order: tuple[str, ...] = ()
    patterns: tuple[tuple[str, str, int], ...] = ()
    texts: tuple[tuple[str, str, str, str, int], ...] = ()
    places: Mapping[str, str] = field(default_factory=dict)
    garbage: tuple[tuple[str, str], ...] = ()
    values: Mapping[NameOf, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reading:
    """The values of some lazy names, read in a process of their own.

    Attributes:
        values: What each name is: its origin, or the error.
        brought: Modules that reading them loaded.
        cpu_us: CPU time of that, in microseconds.
        ended: Whether the process ended before it could say, or was not tried.
    """

    values: Mapping[NameOf, str]
    brought: frozenset[str] = frozenset()
    cpu_us: int = 0
    ended: bool = False
