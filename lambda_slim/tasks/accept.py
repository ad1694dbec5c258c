"""The lock after a check: which functions are accepted in their present state."""

from collections.abc import Iterable, Mapping

from lambda_slim.budgets.lock import LockEntry
from lambda_slim.tasks.check import Checked


def lowered(checked: Iterable[Checked], before: Mapping[str, LockEntry]) -> dict[str, LockEntry]:
    """The lock with the present figures of every function that shrank or is new; no figure rises (`--ratchet`)."""
    entries = dict(before)
    for row in checked:
        old = before.get(row.report.name)
        if row.facts is not None and (old is None or _no_larger(row.facts, old)):
            entries[row.report.name] = row.facts
    return entries


def _no_larger(now: LockEntry, old: LockEntry) -> bool:
    return now.unzipped <= old.unzipped and now.zipped <= old.zipped and now.modules <= old.modules


def updated(checked: Iterable[Checked], before: Mapping[str, LockEntry], *, whole: bool) -> dict[str, LockEntry]:
    """The lock with the present figures (`--update`); functions that were not checked stay unless `whole`."""
    entries = {row.report.name: row.facts for row in checked if row.facts is not None}
    unknown = {row.report.name for row in checked if row.facts is None}
    kept = {name: entry for name, entry in before.items() if not whole or name in unknown}
    return {**kept, **entries}
