"""Which package paths does a list of gitignore patterns match? The usual shapes need no regular expression."""

import functools
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

_SPECIAL = frozenset("*?[]!\\")

Matcher = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class _Shapes:
    """Patterns sorted by how they can be answered."""

    folders: frozenset[str]  # `name/`: a folder of that name, anywhere
    names: frozenset[str]  # `name`: a file or folder of that name, anywhere
    suffixes: tuple[str, ...]  # `*.ext`: a file or folder so ending, anywhere
    rest: tuple[str, ...]  # anything else: through pathspec


def _sort(patterns: tuple[str, ...]) -> _Shapes:
    folders: set[str] = set()
    names: set[str] = set()
    suffixes: list[str] = []
    rest: list[str] = []
    for pattern in patterns:
        body = pattern.removesuffix("/")
        if "/" in body or body.startswith("#"):
            rest.append(pattern)
        elif not _SPECIAL.intersection(body):
            (folders if pattern != body else names).add(body)
        elif pattern == body and body.startswith("*") and not _SPECIAL.intersection(body[1:]) and body != "*":
            suffixes.append(body[1:])
        else:
            rest.append(pattern)
    return _Shapes(frozenset(folders), frozenset(names), tuple(suffixes), tuple(rest))


def fits_any(name: str, patterns: Iterable[str]) -> bool:
    """Whether a name fits one of some shell patterns: `Orders*`; case counts."""
    return any(fnmatchcase(name, pattern) for pattern in patterns)


def is_matched(path: str, patterns: tuple[str, ...], unless: tuple[str, ...]) -> bool:
    """Whether gitignore patterns match a package path, and those of the exceptions do not."""
    return matcher(patterns)(path) and not (unless and matcher(unless)(path))


@functools.cache
def matcher(patterns: tuple[str, ...]) -> Matcher:
    """A test for POSIX paths of files, relative to the package root, by gitignore patterns (compiled once).

    Negated patterns (`!keep.me`) are honoured, last match wins, as git does.
    """
    if any(pattern.startswith("!") for pattern in patterns):
        return _spec(patterns)
    shapes = _sort(patterns)
    slow: Matcher | None = _spec(shapes.rest) if shapes.rest else None
    either = shapes.folders | shapes.names

    def matches(path: str) -> bool:
        parts = path.split("/")
        name = parts.pop()
        if name in shapes.names or (shapes.suffixes and name.endswith(shapes.suffixes)):
            return True
        if parts and (
            not either.isdisjoint(parts) or (shapes.suffixes and any(part.endswith(shapes.suffixes) for part in parts))
        ):
            return True
        return slow is not None and slow(path)

    return matches


def _spec(patterns: Sequence[str]) -> Matcher:
    spec: list[Matcher] = []

    def matches(path: str) -> bool:
        if not spec:
            from pathspec import GitIgnoreSpec

            spec.append(GitIgnoreSpec.from_lines(patterns).match_file)
        return spec[0](path)

    return matches
