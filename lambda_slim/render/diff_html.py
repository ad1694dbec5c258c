"""Two packages side by side as one page: the same page as of a report, with a second side."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from lambda_slim import __version__
from lambda_slim.base.rows import by_name
from lambda_slim.base.text import shown_all
from lambda_slim.base.units import plural, show_added, show_count, show_size, show_time
from lambda_slim.budgets.difference import FileChange, PackageDifference
from lambda_slim.model.report import NO_SIZES, FunctionReport
from lambda_slim.render.html import page_of
from lambda_slim.render.moves import Move, moved
from lambda_slim.render.pack import filled, pack_function
from lambda_slim.render.page import changed_rows
from lambda_slim.render.sizes import UNZIPPED_LIMIT

_FILES = 300  # that changed most
_EMPTY = FunctionReport("", "", "", "", 0, NO_SIZES)
_COLUMNS = (
    ("name", "distribution", ""),
    ("was", "before", "size"),
    ("own", "after", "size"),
    ("delta", "difference", "delta"),
    ("us", "import", "time"),
)


_LEVELS = {"added": "!warning", "removed": "!good", "changed": "!info"}


def difference_html(
    differences: Sequence[PackageDifference],
    sides: tuple[str, str],
    before: Sequence[FunctionReport],
    after: Sequence[FunctionReport],
) -> str:
    """The page.

    Args:
        differences: As `compare` gave them.
        sides: What both sides are called.
        before: The functions of the first side.
        after: Those of the second.
    """
    alone = len(before) == len(after) == 1
    old = by_name(before)
    functions = []
    for row in differences:
        new = next((function for function in after if alone or function.name == row.name), None)
        functions.append(_function(shown_all(row), before[0] if alone else old.get(row.name), new))
    document = {
        "tool_version": __version__,
        "functions": functions,
        "tables": {},
        "columns": filled(_COLUMNS, functions),
        "sort": "delta",
        "sides": sides,
    }
    return page_of(document)


def _function(row: PackageDifference, before: FunctionReport | None, after: FunctionReport | None) -> dict[str, Any]:
    new, old = (pack_function(_shipped(side) if side else _EMPTY) for side in (after, before))
    return {
        **new,
        "name": row.name,
        "sub": "is new" if before is None else "is gone" if after is None else new["sub"],
        "moves": _moves(row),
        "cards": [],
        "steps": [],
        "cold": None,
        "tables": {"changed": changed_rows(row.changed), "changes": _changes(row.files)},
        "rows": _rows(new["rows"], old["rows"]),
        "old": old,
    }


def _shipped(function: FunctionReport) -> FunctionReport:
    """The function with only what is in its package, where one was built."""
    if function.package is None:
        return shown_all(function)
    return shown_all(replace(function, files=function.shipped))


def _moves(row: PackageDifference) -> list[Move]:
    before, after = row.before or NO_SIZES, row.after or NO_SIZES
    files = f"{show_count(before.files)} → {plural(after.files, 'file')}"
    rows = [moved("unzipped", before.unzipped_bytes, after.unzipped_bytes, show_size, files, UNZIPPED_LIMIT)]
    if before.zipped_bytes and after.zipped_bytes:
        rows.append(moved("zipped", before.zipped_bytes, after.zipped_bytes, show_size))
    if row.import_us:
        rows.append(moved("INIT", *row.import_us, show_time, "as each side measured it"))
    return rows


def _changes(files: Sequence[FileChange]) -> list[tuple[tuple[str, str, str], ...]]:
    return [(_change(file), (file.path, "path", ""), (show_added(file.delta), "num", "")) for file in files[:_FILES]]


def _change(file: FileChange) -> tuple[str, str, str]:
    return file.kind, _LEVELS[file.kind], ""


def _rows(new: Sequence[dict[str, Any]], old: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Every distribution of either side: bytes before and after."""
    was = {row["name"]: row for row in old}
    now = {row["name"]: row for row in new}
    return [_both_sides(was.get(name), now.get(name)) for name in dict.fromkeys((*now, *was))]


def _both_sides(was: dict[str, Any] | None, now: dict[str, Any] | None) -> dict[str, Any]:
    known = now or was or {}
    own, had = (row["own"] if row else 0 for row in (now, was))
    versions = list(dict.fromkeys(row["version"] for row in (was, now) if row))
    return {
        **known,
        "own": own,
        "was": had,
        "delta": abs(own - had),
        "less": own < had,
        "version": " → ".join(versions),
    }
