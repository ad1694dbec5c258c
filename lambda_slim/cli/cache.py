"""`lambda-slim cache`: what is kept between runs."""

import json as json_module
import sys
import time
from collections.abc import Iterable
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from lambda_slim.base.cache import cache_root, open_cache
from lambda_slim.base.errors import ExitCode, UsageError
from lambda_slim.base.files import write_text
from lambda_slim.base.rows import total_size
from lambda_slim.base.storage import AGE, CacheEntry, cache_limit, list_entries, prune, verify_cache
from lambda_slim.base.units import parse_size, plural, show_count, show_size
from lambda_slim.cli import _options as flags

_DAY = 86_400  # seconds


class Action(StrEnum):
    """What to do with the cache."""

    SHOW = "show"
    PRUNE = "prune"
    VERIFY = "verify"


What = Annotated[Action, typer.Argument(help="show what is kept; prune what is old; verify that all of it is whole")]
Limit = Annotated[str | None, typer.Option("--limit", help="prune: how much may stay, 2 GiB (default 10 GiB)")]
Days = Annotated[
    int | None,
    typer.Option("--days", metavar="N", min=0, help="prune: remove what was not used for N days (default 60)"),
]
Everything = Annotated[bool, typer.Option("--all", help="prune: everything that no other process uses now")]


def command(
    action: What = Action.SHOW,
    limit: Limit = None,
    days: Days = None,
    everything: Everything = False,
    json: flags.Json = None,
    quiet: flags.Quiet = False,
) -> ExitCode:
    """Shows, prunes or verifies the cache; `verify` removes what is damaged, and then exits with 1."""
    limited = bool(limit or days is not None or everything)
    if limited and action is not Action.PRUNE:
        raise UsageError(
            f"`cache {action}` does not take limits",
            cause="--limit, --days and --all say what `prune` may keep",
            hint="lambda-slim cache prune",
        )
    open_cache()
    rows = _rows(action, limit, days, everything=everything)
    if json is not None:
        _write(json, action, rows)
    if not quiet and str(json) != "-":
        sys.stdout.write(_told(action, rows))
    return ExitCode.FINDINGS if action is Action.VERIFY and rows else ExitCode.OK


def _rows(action: Action, limit: str | None, days: int | None, *, everything: bool) -> tuple[CacheEntry, ...]:
    """The entries that an action is about: all of them, those that were removed, or those that were damaged."""
    if action is Action.PRUNE:
        return _prune(limit, days, everything=everything)
    return list_entries() if action is Action.SHOW else verify_cache()


def _prune(limit: str | None, days: int | None, *, everything: bool) -> tuple[CacheEntry, ...]:
    if everything:
        return prune(0, 0, spare=0)
    try:
        room = parse_size(limit) if limit else cache_limit()
    except ValueError as error:
        raise UsageError("--limit must be a size", cause=f"it is {limit!r}", hint="write it as 2 GiB") from error
    return prune(room, AGE if days is None else days * _DAY)


def _table(rows: Iterable[CacheEntry]) -> dict[str, tuple[int, int, float]]:
    """Shelves to their entries, bytes and last use, by name."""
    table: dict[str, tuple[int, int, float]] = {}
    for row in rows:
        count, size, used = table.get(row.shelf, (0, 0, 0.0))
        table[row.shelf] = count + 1, size + row.size, max(used, row.used)
    return dict(sorted(table.items()))


def _told(action: Action, rows: tuple[CacheEntry, ...]) -> str:
    total = show_size(total_size(rows))
    if action is Action.VERIFY:
        lines = [f"damaged and removed: {row.path}" for row in rows]
        return "\n".join([*lines, f"{show_count(len(rows))} damaged" if rows else "all entries are whole"]) + "\n"
    lines = [
        f"  {shelf:<14}{show_count(count):>7}  {show_size(size):>10}  used {_ago(used)}"
        for shelf, (count, size, used) in _table(rows).items()
    ]
    if action is Action.PRUNE:
        return "\n".join([*lines, f"{show_count(len(rows))} removed, {total}"]) + "\n"
    return "\n".join([str(cache_root()), *lines, f"  {total} of {show_size(cache_limit())}"]) + "\n"


def _ago(used: float) -> str:
    days = int((time.time() - used) // _DAY)
    return "today" if days < 1 else f"{plural(days, 'day')} ago"


def _write(place: Path, action: Action, rows: tuple[CacheEntry, ...]) -> None:
    shelves = {
        shelf: {"entries": count, "bytes": size, "used": int(used)}
        for shelf, (count, size, used) in _table(rows).items()
    }
    document: dict[str, Any] = {
        "cache": str(cache_root()),
        "action": str(action),
        "bytes": total_size(rows),
        "limit_bytes": cache_limit(),
        "shelves": shelves,
        "entries": [
            {"shelf": row.shelf, "path": str(row.path), "bytes": row.size, "used": int(row.used), "busy": row.busy}
            for row in rows
        ],
    }
    text = json_module.dumps(document, indent=1, ensure_ascii=False) + "\n"
    if str(place) == "-":
        sys.stdout.write(text)
    else:
        write_text(place, text)
