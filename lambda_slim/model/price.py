"""What a dependency would add to a function."""

from dataclasses import dataclass

from lambda_slim.model.report import Sizes


@dataclass(frozen=True, slots=True)
class Priced:
    """What a requirement costs: bytes of the package, and of importing it where that was timed."""

    sizes: Sizes
    import_us: int | None
    distributions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Price:
    """One requirement in one function, before it is added.

    Attributes:
        here: Beside what the function has: new distributions, and others whose version changes.
        alone: In an empty package.
        shared: Its distributions that the function has already.
        changed: Distributions whose version it would change.
        unpinned: It conflicts with the versions of now, so all were resolved anew.
        module: What was imported to time it.
        note: Why it was not timed.
    """

    requirement: str
    function: str
    version: str
    target: str
    here: Priced
    alone: Priced
    shared: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    unpinned: bool = False
    module: str = ""
    note: str = ""
