"""Paths in a package, as text: the folders above a file."""

from collections.abc import Collection, Iterable


def folders(path: str) -> list[str]:
    """The folders above a path, outermost first.

    >>> folders("a/b/c.py")
    ['a', 'a/b']
    """
    parts = path.split("/")
    return ["/".join(parts[:end]) for end in range(1, len(parts))]


def folders_of(paths: Iterable[str]) -> set[str]:
    """All folders above some paths."""
    return {folder for path in paths for folder in folders(path)}


def nearest(path: str, among: Collection[str]) -> str:
    """The innermost folder above a path that is one of some folders; "" where none is.

    >>> nearest("a/b/c/d.py", {"a", "a/b"})
    'a/b'
    """
    return next((folder for folder in reversed(folders(path)) if folder in among), "")
