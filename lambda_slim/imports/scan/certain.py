"""Does a statement run whenever its module is imported, and does its failure end the import?"""

import ast
from collections.abc import Iterator
from contextlib import contextmanager

from lambda_slim.formats.python_syntax import literal_text
from lambda_slim.imports.scan import facts as f
from lambda_slim.imports.scan.fold import dotted
from lambda_slim.imports.scan.syntax import catches_import_error

# Contexts that let every exception through; of others that is not known.
_HARMLESS = frozenset({"catch_warnings", "open", "Lock", "RLock", "TemporaryDirectory", "chdir", "nullcontext", "lock"})
_ENDING = frozenset({"sys.exit", "exit", "quit", "os._exit"})
_VERSION_CALLS = frozenset({"version", "metadata", "distribution", "requires", "get_distribution"})
_VERSION_HOMES = ("importlib.metadata", "importlib_metadata", "pkg_resources")


class Certainty:
    """What surrounds the statement at hand; kept by `Scanner` as it walks.

    Attributes:
        instead: See `facts.ScannedImport`.
    """

    def __init__(self) -> None:
        self.instead: tuple[tuple[int, ...], ...] = ()
        self._perhaps = 0
        self._guarded = 0

    def when(self, *, deferred: bool) -> str:
        """The code of when a statement here runs; one in a function may never."""
        if self._guarded:
            return f.GUARDED
        return f.MAYBE if deferred or self._perhaps else f.SURE

    @contextmanager
    def perhaps(self, *, on: bool = True) -> Iterator[None]:
        """Statements inside run on some paths only."""
        self._perhaps += on
        try:
            yield
        finally:
            self._perhaps -= on

    @contextmanager
    def guarded(self, *, on: bool) -> Iterator[None]:
        """Failures of statements inside are caught."""
        self._guarded += on
        try:
            yield
        finally:
            self._guarded -= on

    @contextmanager
    def fallback(self, tried: tuple[int, ...]) -> Iterator[None]:
        """Statements inside run where one of some imports failed; without any, where something else did."""
        before = self.instead
        self.instead = (*before, tried) if tried else before
        with self.perhaps(on=not tried):
            yield
        self.instead = before


def catches_missing(node: ast.expr | None) -> bool:
    """Whether an `except` clause catches the failure of an import, or of a look for a distribution's metadata."""
    nodes = node.elts if isinstance(node, ast.Tuple) else [node] if node is not None else []
    names = {dotted(name).rpartition(".")[2] for name in nodes}
    return catches_import_error(node) or not names.isdisjoint({"PackageNotFoundError", "DistributionNotFound"})


def raises(handler: ast.ExceptHandler) -> bool:
    """Whether an `except` clause always ends in an exception or the end of the process."""
    return any(map(ends, handler.body))


def ends(node: ast.stmt) -> bool:
    """Whether a statement always ends in an exception or the end of the process."""
    if isinstance(node, ast.Raise):
        return True
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Call) and dotted(node.value.func) in _ENDING


def is_harmless(item: ast.withitem) -> bool:
    """Whether a context manager is known to let exceptions through."""
    call = item.context_expr
    name = dotted(call.func) if isinstance(call, ast.Call) else dotted(call)
    return name.rpartition(".")[2] in _HARMLESS


def asks_version(node: ast.Call, meaning: str) -> str:
    """The distribution whose metadata a call asks for by a literal name; "" for any other call.

    Args:
        node: The call.
        meaning: What is called, by what its first name was imported as: `importlib.metadata.version`.
    """
    home, _, name = meaning.rpartition(".")
    if name not in _VERSION_CALLS or not home.startswith(_VERSION_HOMES) or len(node.args) != 1:
        return ""
    return literal_text(node.args[0]) or ""
