"""What did the function touch when it ran?"""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Trace:
    """Evidence from runs of the handler; all paths are package paths.

    Attributes:
        modules: Every module seen, to its file in the package ("" for none), INIT and events alike.
        init_modules: Those loaded before the first event, in order.
        files: Files opened, mapped or stat'ed for reading.
        folders: Folders that were listed.
        distributions: Names looked up through importlib.metadata.
        groups: Entry-point groups looked up.
        events: Names of the events driven.
        code: Digest of the package that was traced.
    """

    modules: Mapping[str, str] = field(default_factory=dict)
    init_modules: tuple[str, ...] = ()
    files: frozenset[str] = frozenset()
    folders: frozenset[str] = frozenset()
    distributions: frozenset[str] = frozenset()
    groups: frozenset[str] = frozenset()
    events: tuple[str, ...] = ()
    code: str = ""
