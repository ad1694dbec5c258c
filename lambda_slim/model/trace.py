"""What the function touched when it ran."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field


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
    found = list(traces)
    modules: dict[str, str] = {}
    for trace in found:
        for name, path in trace.modules.items():
            modules[name] = modules.get(name) or path
    return Trace(
        modules=dict(sorted(modules.items())),
        init_modules=tuple(dict.fromkeys(name for trace in found for name in trace.init_modules)),
        files=_union(trace.files for trace in found),
        folders=_union(trace.folders for trace in found),
        read_sources=_union(trace.read_sources for trace in found),
        distributions=_union(trace.distributions for trace in found),
        groups=_union(trace.groups for trace in found),
        calls=_union(trace.calls for trace in found),
        events=tuple(dict.fromkeys(name for trace in found for name in trace.events)),
        code=found[0].code if len({trace.code for trace in found}) == 1 else "",
    )


def _union(sets: Iterable[frozenset[str]]) -> frozenset[str]:
    return frozenset().union(*sets)
