"""Which left-out files make a difference? First those that an error names, then those that a search finds."""

import posixpath
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

_MISSING = re.compile(r"No module named '([\w.]+)'|cannot import name '(\w+)' from '([\w.]+)'")
_NO_FILE = re.compile(r"No such file or directory: '([^']+)'|DataNotFoundError: Unable to load data for: ([\w./-]+)")
_QUOTED = re.compile(r"""['"`]([\w@+ ./-]*\.\w+)['"`]""")
_FEW = 8  # more files of one name than this are no hint

_NO_LIBRARY = re.compile(r"([\w.+-]+\.so[\w.]*): cannot open shared object file")


def suspects(messages: Iterable[str], dropped: Sequence[str], package: Path) -> tuple[str, ...]:
    """Left-out files that error messages name: a missing module's, a library, a missing file, or its path's end."""
    named: dict[str, None] = {}
    for message in messages:
        for look in (_of_modules, _of_libraries, _of_files, _of_quotes):
            named.update(dict.fromkeys(look(message, dropped, package)))
    return tuple(named)


def _of_modules(message: str, dropped: Sequence[str], _package: Path) -> Iterator[str]:
    """Files of missing modules, and of names that could not be imported."""
    for module, name, parent in _MISSING.findall(message):
        stem = (module or f"{parent}.{name}").replace(".", "/")
        yield from (path for path in dropped if path.startswith((f"{stem}.", f"{stem}/__init__.")))


def _of_libraries(message: str, dropped: Sequence[str], _package: Path) -> Iterator[str]:
    """Shared libraries that could not be opened."""
    for library in _NO_LIBRARY.findall(message):
        yield from (path for path in dropped if posixpath.basename(path) == library)


def _of_files(message: str, dropped: Sequence[str], package: Path) -> Iterator[str]:
    """Files that were not there, by their path or by the service whose data botocore misses."""
    for place, data in _NO_FILE.findall(message):
        path = posixpath.normpath(place.replace(str(package), "/var/task")).removeprefix("/var/task/")
        if path in dropped:
            yield path
        if data:
            yield from (path for path in dropped if f"/data/{data}" in path)


def _of_quotes(message: str, dropped: Sequence[str], _package: Path) -> Iterator[str]:
    """Files whose path ends in a quoted text; many of one name are no hint."""
    for text in _QUOTED.findall(message):
        ending = f"/{text.lstrip('/')}"
        hits = [path for path in dropped if f"/{path}".endswith(ending)]
        yield from hits if len(hits) <= _FEW else ()


Passes = Callable[[Sequence[frozenset[str]]], Sequence[bool]]


def culprits(dropped: Sequence[str], passes: Passes, *, most: int = 8) -> tuple[str, ...]:
    """The left-out files whose absence makes the difference.

    A set of restored files passes when it holds every culprit, so the shortest prefix that passes ends with one of
    them. A round tries two prefixes, which leaves a third: 8 rounds for one culprit among 5,000 files, and one to see
    that it is the only one; then the same with that one restored.

    Args:
        dropped: Candidates, most suspicious first; files of one distribution together.
        passes: For each of some sets of files, whether the package is right with these brought back.
        most: Culprits to look for before everything is given back.

    Returns:
        The culprits; all of `dropped` where there are more than `most`; nothing where even all do not help.
    """
    if not dropped or not passes([frozenset(dropped)])[0]:
        return ()
    culprits_so_far: list[str] = []
    while len(culprits_so_far) < most:
        culprits_so_far.append(_next_culprit(culprits_so_far, dropped, passes))
        if passes([frozenset(culprits_so_far)])[0]:
            return tuple(culprits_so_far)
    return tuple(dropped)


def _next_culprit(known: Sequence[str], dropped: Sequence[str], passes: Passes) -> str:
    """The last file of the shortest prefix that passes with the known culprits restored."""
    candidates = [path for path in dropped if path not in known]
    low, high = 0, len(candidates)
    while high - low > 1:
        third = max(1, (high - low) // 3)
        cuts = sorted({low + third, high - third})
        verdicts = passes([frozenset((*known, *candidates[:cut])) for cut in cuts])
        for cut, right in zip(cuts, verdicts, strict=True):
            if right:
                high = cut
                break
            low = cut
    return candidates[high - 1]
