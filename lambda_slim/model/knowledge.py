"""What is known of distributions and of kinds of files, as the TOML tables say it."""

from dataclasses import dataclass
from enum import StrEnum

from lambda_slim.base.patterns import is_matched, matcher


class Risk(StrEnum):
    """How sure we are that leaving something out changes nothing."""

    SAFE = "safe"  # inert: nothing at run time can tell
    LIKELY = "likely"  # something unusual could


class JunkScope(StrEnum):
    """Whose files an entry speaks of."""

    DISTRIBUTION = "distribution"  # files of installed distributions
    PROJECT = "project"  # first-party files
    ANY = "any"


class Check(StrEnum):
    """The condition on which a match may be left out."""

    ALWAYS = "always"  # the match is enough
    UNIMPORTED = "unimported"  # nothing live imports a module in or at it
    UNREAD = "unread"  # nor does live code of its owner name the file, or its folder, in a string


@dataclass(frozen=True, slots=True)
class Junk:
    """One kind of junk.

    Attributes:
        slug: Its stable name, `test-suites`.
        patterns: gitignore patterns; for `Scope.PROJECT` relative to the function's folder, else to the package root.
        why: One clause for people.
        source: Where the fact is from: a URL or what was run.
        unless: gitignore patterns of files that look so and are needed all the same.
        readers: Endings of names in first-party code that read such files wherever they lie.
        beside: The ending of what must lie beside a match under the same name: `.mo` beside a `.po`.
        folders: The patterns name folders, to be judged as a whole: `Check` asks about everything beneath.
    """

    slug: str
    scope: JunkScope
    patterns: tuple[str, ...]
    why: str
    risk: Risk
    check: Check
    source: str
    unless: tuple[str, ...] = ()
    readers: tuple[str, ...] = ()
    folders: bool = False
    beside: str = ""

    def matches(self, path: str) -> bool:
        """Whether a package path is of this kind; what `check` asks for is up to the caller."""
        return is_matched(path, self.patterns, self.unless)


class AppliesAt(StrEnum):
    """From which level on a drop applies."""

    SAFE = "safe"
    REACH = "reach"


@dataclass(frozen=True, slots=True)
class Keep:
    """Files that stay although nothing visible asks for them."""

    match: tuple[str, ...]
    why: str
    source: str

    def matches(self, path: str) -> bool:
        """Whether a package path is meant."""
        return matcher(self.match)(path)


@dataclass(frozen=True, slots=True)
class Drop:
    """Files that can be left out.

    Attributes:
        match: gitignore patterns relative to the package root.
        unless: Modules or packages (with all beneath) any of which, when reached, keeps the files.
        unless_loaded: Packages, as `example.plugins.*`: each keeps its own files when anything of it is reached.
        level: From which level on.
    """

    match: tuple[str, ...]
    why: str
    risk: Risk
    source: str
    level: AppliesAt = AppliesAt.REACH
    unless: tuple[str, ...] = ()
    unless_loaded: str = ""

    def matches(self, path: str) -> bool:
        """Whether a package path is meant."""
        return matcher(self.match)(path)

    def package_of(self, path: str) -> str:
        """The package that keeps a file when it is reached; "" where none does."""
        depth = self.unless_loaded.count(".") + 1
        return ".".join(path.split("/")[:depth]) if self.unless_loaded else ""

    def blocked(self, reached: frozenset[str]) -> str:
        """The first of `unless` that was reached (a package counts when it or anything in it was), or ""."""
        for name in self.unless:
            if name in reached or any(module.startswith(f"{name}.") for module in reached):
                return name
        return ""


@dataclass(frozen=True, slots=True)
class Hidden:
    """Imports that the source does not show: `module`, once reached, also needs `imports`.

    `package.*` in `imports` means everything in the package; names that are not installed are passed over.
    """

    module: str
    imports: tuple[str, ...]
    why: str
    source: str


@dataclass(frozen=True, slots=True)
class Named:
    """Modules of a framework that import what settings name: no computed import in them means anything else.

    Attributes:
        modules: Modules, or `package.*` for all in a package.
    """

    modules: tuple[str, ...]
    why: str
    source: str

    def speaks_of(self, module: str) -> bool:
        """Whether a module is meant."""
        return any(module == name or (name.endswith(".*") and module.startswith(name[:-1])) for name in self.modules)


@dataclass(frozen=True, slots=True)
class Sought:
    """A submodule that a framework looks for in each application that settings list, where one of them asks for it.

    Attributes:
        submodule: Its name in an application: `admin`.
        by: The applications that look for it.
    """

    submodule: str
    by: tuple[str, ...]
    why: str
    source: str


@dataclass(frozen=True, slots=True)
class Recipe:
    """All we know of one distribution.

    Attributes:
        distribution: Normalised name (PEP 503).
        named: Modules whose computed imports load only what strings of the project, or the framework's defaults, name.
        sought: Submodules that only some applications look for.
        reads_source: Modules whose `.py` is opened at run time, so it must travel beside its bytecode.
    """

    distribution: str
    keep: tuple[Keep, ...] = ()
    drop: tuple[Drop, ...] = ()
    hidden: tuple[Hidden, ...] = ()
    named: tuple[Named, ...] = ()
    sought: tuple[Sought, ...] = ()
    reads_source: tuple[str, ...] = ()
