"""What is known of distributions and of kinds of files, as the TOML tables say it."""

import re
from dataclasses import dataclass
from enum import StrEnum

from lambda_slim.base.patterns import matcher


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
    """What must hold before a match may be left out."""

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
        readers: Endings of names in own code of what reads such files all the same, wherever they lie.
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

    def matches(self, path: str) -> bool:
        """Whether a package path is of this kind; what `check` asks for is up to the caller."""
        return matcher(self.patterns)(path) and not (self.unless and matcher(self.unless)(path))


class AppliesAt(StrEnum):
    """From which level on a drop applies."""

    SAFE = "safe"
    REACH = "reach"


class Selector(StrEnum):
    """Recipes that need code to say which files are needed; the list is closed."""

    AWS_SERVICES = "aws-services"  # knowledge/aws.py: the data of the services that the code names


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
        level: From which level on.
    """

    match: tuple[str, ...]
    why: str
    risk: Risk
    source: str
    level: AppliesAt = AppliesAt.REACH
    unless: tuple[str, ...] = ()

    def matches(self, path: str) -> bool:
        """Whether a package path is meant."""
        return matcher(self.match)(path)

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
class RecipeProof:
    """A use of the distribution that must still work after slimming.

    Attributes:
        requirements: What to install for it.
        run: Python that asserts on results; its top-level imports are what a handler would import.
        python: The minor version to run it with.
    """

    requirements: tuple[str, ...]
    run: str
    python: str = "3.12"


@dataclass(frozen=True, slots=True)
class Recipe:
    """All we know of one distribution.

    Attributes:
        distribution: Normalised name (PEP 503).
        versions: Versions it was written for, as comma-separated comparisons; empty for all.
        reads_source: Modules whose `.py` is opened at run time, so it must travel beside its bytecode.
        metadata: Distributions whose metadata it looks up at run time.
        select: Code that picks its data files, for the few that need it.
    """

    distribution: str
    versions: str = ""
    keep: tuple[Keep, ...] = ()
    drop: tuple[Drop, ...] = ()
    hidden: tuple[Hidden, ...] = ()
    reads_source: tuple[str, ...] = ()
    metadata: tuple[str, ...] = ()
    select: Selector | None = None
    proof: RecipeProof | None = None

    def applies_to(self, version: str) -> bool:
        """Whether this recipe was written for a version."""
        return all(_holds(part.strip(), version) for part in self.versions.split(",") if part.strip())


_COMPARISON = re.compile(r"(>=|<=|==|!=|>|<)\s*([0-9][0-9.]*)\Z")


def _holds(comparison: str, version: str) -> bool:
    match = _COMPARISON.match(comparison)
    if not match:
        msg = f"`{comparison}` is not a comparison such as `>=1.34`"
        raise ValueError(msg)
    ours, theirs = _numbers(version), _numbers(match[2])
    width = max(len(ours), len(theirs))
    left, right = (part + (0,) * (width - len(part)) for part in (ours, theirs))
    return {
        ">=": left >= right,
        "<=": left <= right,
        "==": left == right,
        "!=": left != right,
        ">": left > right,
        "<": left < right,
    }[match[1]]


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", re.match(r"[0-9.]*", version)[0]))  # type: ignore[index]
