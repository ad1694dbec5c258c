"""Reads one source file."""

import ast

from lambda_slim.imports.scan.facts import SourceFacts
from lambda_slim.imports.scan.loose import scan_loosely, soften
from lambda_slim.imports.scan.scanner import Scanner
from lambda_slim.imports.scan.syntax import parse_source


def scan_source(source: bytes, version: tuple[int, int], *, own: bool = False) -> SourceFacts:
    """The facts of one file. A file that cannot be parsed is read line by line; that is no error.

    Conditions are folded for the target's version of Python. In code of our `own` (first-party) every call with a text
    argument is noted.
    """
    for attempt in (bytes, soften):
        try:
            tree = parse_source(attempt(source))
            return _scanned(Scanner(version, source, own=own), tree)
        except SyntaxError:
            continue
        except (ValueError, RecursionError, MemoryError, OverflowError):
            break
    return scan_loosely(source)


def _scanned(scanner: Scanner, tree: ast.Module) -> SourceFacts:
    """What a scanner says of a tree; both are gone then, although the scanner's parts lead back to it."""
    try:
        return scanner.scan(tree)
    finally:
        vars(scanner).clear()
