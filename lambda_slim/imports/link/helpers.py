"""Functions that import what their callers name: who calls them, and with what?"""

import re
from collections.abc import Iterator

from lambda_slim.imports.index import Index, is_test
from lambda_slim.imports.scan import facts as f
from lambda_slim.imports.scan.values import ANY, COMPUTED, PARAMETER
from lambda_slim.imports.store import Store
from lambda_slim.model.file import FIRST_PARTY

_HELPER = re.compile(r"import|load|lazy|modul|plugin|resolv|requir|backend|driver", re.IGNORECASE)


class Helpers:
    """The calls inside each distribution, by the name of what is called."""

    def __init__(self, index: Index, store: Store) -> None:
        self.index = index
        self.store = store
        self._calls: dict[str, dict[str, list[f.Call]]] = {}
        self._functions: dict[str, set[str]] = {}

    def told(self, owner: str, function: str) -> bool:
        """Whether every name that a function may be given was followed.

        A library's function may have callers anywhere: no caller in its distribution or in first-party code may give it
        a name that nothing tells. Lambda calls first-party code: there at least one caller must be known.
        """
        self.collect(FIRST_PARTY)
        own = self._calls[FIRST_PARTY].get(function, [])
        if owner == FIRST_PARTY:
            return bool(own) and all(call.origin == "" for call in own)
        self.collect(owner)
        inside = self._calls[owner].get(function, [])
        return all(call.origin != COMPUTED for call in inside) and all(call.origin == "" for call in own)

    def arguments(self, owner: str, function: str) -> tuple[set[str], bool]:
        """The texts given to a function inside its own distribution, and whether that is all it is ever given."""
        self.collect(owner)
        calls = self._calls[owner].get(function, [])
        given = {pattern for call in calls for pattern in call.patterns if ANY not in pattern}
        return given, bool(calls) and all(call.origin == "" for call in calls)

    def importing(self, owner: str, callee: str) -> bool:
        """Whether a call may import: its name says so, or a function of that name imports its parameter."""
        self.collect(owner)
        return bool(_HELPER.search(callee)) or callee in self._functions[owner]

    def collect(self, owner: str) -> None:
        """Gathers the calls and importing functions of a distribution, once; its tests call with anything."""
        if owner in self._calls:
            return
        calls: dict[str, list[f.Call]] = {}
        functions: set[str] = set()
        for path in self._sources(owner):
            facts = self.store.facts(path)
            for call in facts.calls:
                calls.setdefault(call.callee, []).append(call)
            functions |= {call.function for call in facts.dynamic if _imports_parameter(call)}
        self._calls[owner], self._functions[owner] = calls, functions

    def _sources(self, owner: str) -> Iterator[str]:
        """The sources of a distribution outside its tests."""
        for name in self.index.owned.get(owner, ()):
            module = self.index.modules[name]
            if module.path.endswith(".py") and not module.namespace and not is_test(module.path):
                yield module.path


def _imports_parameter(call: f.Dynamic) -> bool:
    """Whether an import takes its name from the callers of its function."""
    return call.origin == PARAMETER and any(ANY in pattern for pattern in call.patterns)
