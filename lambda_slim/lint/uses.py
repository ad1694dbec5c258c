"""Which names a piece of code takes: on every path, and on some."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Uses:
    """Dotted names that code takes on every path, and those that it takes on some."""

    always: frozenset[str] = frozenset()
    some: frozenset[str] = frozenset()

    def then(self, other: "Uses") -> "Uses":
        """Both, one after the other."""
        return Uses(self.always | other.always, self.some | other.some)

    def or_else(self, other: "Uses") -> "Uses":
        """One or the other."""
        return Uses(self.always & other.always, self.some | other.some)

    def maybe(self) -> "Uses":
        """The same on some paths only."""
        return Uses(frozenset(), self.some)

    @classmethod
    def of(cls, *names: str) -> "Uses":
        """Code that certainly uses some names."""
        return cls(frozenset(names), frozenset(names))
