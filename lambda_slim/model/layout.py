"""Which files go where in a package."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath


@dataclass(frozen=True, slots=True)
class Placement:
    """A folder or a file that goes into a package.

    Attributes:
        source: The folder or file.
        prefix: Where it goes, POSIX: the folder that its files lie in, "" for the root; of a file its whole path.
        rules: (whether it ships, regular expression), in their order: of those that match a file's path below
            `source` as a whole, the last decides. What none matches ships.
    """

    source: Path
    prefix: str = ""
    rules: tuple[tuple[bool, str], ...] = ()

    def ships(self, path: str) -> bool:
        """Whether a file ships, by its POSIX path below `source`."""
        verdicts = [keep for keep, pattern in self.rules if re.fullmatch(pattern, path)]
        return verdicts[-1] if verdicts else True

    def placed(self, path: str) -> str:
        """Where a file goes, by its POSIX path below `source`."""
        return f"{self.prefix}/{path}" if self.prefix else path


def locate(parts: tuple[Placement, ...], path: str) -> Path | None:
    """The file that lies at a path of the package; None where there is none."""
    for part in reversed(parts):
        for place in _places(part, path):
            if place.is_file():
                return place
    return None


def _places(part: Placement, path: str) -> Iterator[Path]:
    if part.source.is_file():
        if path == part.prefix:
            yield part.source
    elif not part.prefix:
        yield from [part.source / path] if part.ships(path) else []
    elif PurePosixPath(path).is_relative_to(part.prefix):
        below = PurePosixPath(path).relative_to(part.prefix).as_posix()
        yield from [part.source / below] if part.ships(below) else []
