"""Which left-out files make a difference? Those that an error names, else those that a search finds."""

import posixpath
import re
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

_MISSING = re.compile(r"No module named '([\w.]+)'|cannot import name '(\w+)' from '([\w.]+)'")
_NO_FILE = re.compile(r"No such file or directory: '([^']+)'|DataNotFoundError: Unable to load data for: ([\w./-]+)")
_QUOTED = re.compile(r"""['"`]([\w@+ ./-]*\.\w+)['"`]""")
_FEW = 8  # more files of one name than this are no hint

_NO_LIBRARY = re.compile(r"([\w.+-]+\.so[\w.]*): cannot open shared object file")


def suspects(messages: Iterable[str], dropped: Sequence[str], package: Path) -> tuple[str, ...]:
    """Left-out files that error messages name: a missing module's, a library, a missing file, or its path's end."""
    known = set(dropped)
    found: dict[str, None] = {}
    for message in messages:
        for module, name, parent in _MISSING.findall(message):
            dotted = module or f"{parent}.{name}"
            stem = dotted.replace(".", "/")
            hits = [path for path in dropped if path.startswith((f"{stem}.", f"{stem}/__init__."))]
            found.update(dict.fromkeys(hits))
        for library in _NO_LIBRARY.findall(message):
            found.update(dict.fromkeys(one for one in dropped if posixpath.basename(one) == library))
        for path, data in _NO_FILE.findall(message):
            short = posixpath.normpath(path.replace(str(package), "/var/task")).removeprefix("/var/task/")
            found.update(dict.fromkeys([short] if short in known else []))
            found.update(dict.fromkeys(one for one in dropped if data and f"/data/{data}" in one))
        for text in _QUOTED.findall(message):
            hits = [path for path in dropped if f"/{path}".endswith(f"/{text.lstrip('/')}")]
            found.update(dict.fromkeys(hits if len(hits) <= _FEW else []))
    return tuple(found)


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
    found: list[str] = []
    while len(found) < most:
        rest = [path for path in dropped if path not in found]
        low, high = 0, len(rest)
        while high - low > 1:
            third = max(1, (high - low) // 3)
            cuts = sorted({low + third, high - third})
            for cut, right in zip(cuts, passes([frozenset((*found, *rest[:cut])) for cut in cuts]), strict=True):
                if right:
                    high = cut
                    break
                low = cut
        found.append(rest[high - 1])
        if passes([frozenset(found)])[0]:
            return tuple(found)
    return tuple(dropped)
