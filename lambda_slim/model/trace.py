"""What the function touched when it ran."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace


@dataclass(frozen=True, slots=True)
class Trace:
    """Evidence from runs of the handler; all paths are package paths.

    Attributes:
        modules: Every module seen, to its file in the package ("" for none), INIT and events alike.
        init_modules: Those loaded before the first event, in order.
        files: Files opened, mapped or stat'ed for reading.
        read_sources: Files of modules whose source was opened as text although bytecode was there.
        folders: Folders that were listed.
        distributions: Names looked up through importlib.metadata.
        groups: Entry-point groups looked up.
        calls: Own functions that were entered, `src/app.py:12`, by the first line; Python tells from 3.12 on.
        events: Names of the events driven.
        code: Digest of the package that was traced.
    """

    modules: Mapping[str, str] = field(default_factory=dict)
    init_modules: tuple[str, ...] = ()
    files: frozenset[str] = frozenset()
    folders: frozenset[str] = frozenset()
    read_sources: frozenset[str] = frozenset()
    distributions: frozenset[str] = frozenset()
    groups: frozenset[str] = frozenset()
    calls: frozenset[str] = frozenset()
    events: tuple[str, ...] = ()
    code: str = ""


def merge(traces: Iterable[Trace]) -> Trace:
    """Everything that any of the traces saw; the order of INIT modules is that of the first."""
    merged = Trace()
    for number, trace in enumerate(traces):
        merged = _with(merged, trace) if number else trace
    return replace(merged, modules=dict(sorted(merged.modules.items())))


def _with(trace: Trace, other: Trace) -> Trace:
    """What one trace or the other saw; where both know a module, the first that knows its file counts."""
    names = {**trace.modules, **other.modules}
    return Trace(
        modules={name: trace.modules.get(name) or other.modules.get(name, "") for name in names},
        init_modules=tuple(dict.fromkeys((*trace.init_modules, *other.init_modules))),
        files=trace.files | other.files,
        folders=trace.folders | other.folders,
        read_sources=trace.read_sources | other.read_sources,
        distributions=trace.distributions | other.distributions,
        groups=trace.groups | other.groups,
        calls=trace.calls | other.calls,
        events=tuple(dict.fromkeys((*trace.events, *other.events))),
        code=trace.code if trace.code == other.code else "",
    )
