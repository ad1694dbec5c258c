"""The package of a function again, when only sources changed on which it does not depend.

Functions of one folder share its files. An edit in the module of one of them changes the key of all their builds, and
nothing of most of their packages. What is kept of a build names the sources that it does not depend on (`apart`): it
neither ships nor reaches them, no run opened them, and its report does not name them. It holds again where everything
else is as it was: the contents of all other first-party files, what `facts_digest` says of all sources, names and kinds
of all files, dependencies, settings, events, and lambda-slim itself. Only sizes in the report are put right then.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from lambda_slim.base.cache import digest, load, store
from lambda_slim.base.files import Signature, file_signature
from lambda_slim.base.remember import of_same_objects
from lambda_slim.model.file import File, Inventory
from lambda_slim.model.member import Archive
from lambda_slim.model.report import FunctionReport
from lambda_slim.tasks.build_cache import load_build, read_build
from lambda_slim.tasks.own_content import contents_by_path, own_code, uninstalled
from lambda_slim.tasks.prepare import Prepared

_SHELF = "answers"


@dataclass(frozen=True, slots=True)
class AnswerKey:
    """What a kept answer is looked up by.

    Attributes:
        key: A digest of all that an answer depends on, but for the contents of first-party files.
        contents: Digests of these contents, by package path.
    """

    key: str
    contents: dict[str, bytes]


def answer_key(prepared: Prepared, asked: str) -> AnswerKey | None:
    """The key of a function that shares its folder with others; None for a function alone, whose files are its own.

    Args:
        prepared: The function.
        asked: The key of its build, were all first-party files empty.
    """
    function, inventory = prepared.function, prepared.inventory
    if function.artifact is not None or not prepared.shared.is_shared(function):
        return None
    state = _state(inventory, prepared.resolution.tree)
    facts = state.facts(function.target.runtime.version)
    return AnswerKey(digest("answer-1", asked, _names(inventory), facts), state.contents)


def load_answer(key: AnswerKey, prepared: Prepared, out: Path) -> tuple[Archive, FunctionReport] | None:
    """Puts a kept zip at `out` where it is what would be built now, with its report; None where none is known."""
    build = _known(key)
    known = load_build(build, out) if build else None
    return (known[0], with_sizes(known[1], prepared)) if known else None


def read_answer(key: AnswerKey, prepared: Prepared) -> FunctionReport | None:
    """What is known of a kept zip that is what would be built now."""
    build = _known(key)
    report = read_build(build) if build else None
    return with_sizes(report, prepared) if report else None


def keep_answer(key: AnswerKey, build: str, apart: Iterable[str]) -> None:
    """Keeps that a build holds whatever some sources contain, as long as their facts are the same."""
    paths = sorted(apart)
    if paths:
        table = {"build": build, "apart": paths, "content": _content(key, frozenset(paths))}
        store(_SHELF, key.key, json.dumps(table).encode())


def _known(key: AnswerKey) -> str:
    """The key of the build that holds; "" where none does."""
    kept = load(_SHELF, key.key)
    if kept is None:
        return ""
    table = json.loads(kept)
    same = _content(key, frozenset(table["apart"])) == table["content"]
    return str(table["build"]) if same else ""


def _content(key: AnswerKey, apart: frozenset[str]) -> str:
    """A digest of all first-party files but some."""
    state = hashlib.sha256()
    for path, content in key.contents.items():
        if path not in apart:
            state.update(path.encode("utf-8", "surrogateescape") + b"\0" + content)
    return state.hexdigest()


def with_sizes(report: FunctionReport, prepared: Prepared) -> FunctionReport:
    """The report with the sizes that files have now; what ships has the sizes that it had."""
    from lambda_slim.tasks.assemble import rule_rows
    from lambda_slim.tasks.ledger import full_package

    files = prepared.inventory.files
    sizes = {file.path: file.size for file in files}
    rows = tuple(row if row.bytes == sizes[row.path] else replace(row, bytes=sizes[row.path]) for row in report.files)
    dropped = ((row.rule, row.why, row.bytes) for row in rows if row.decision == "dropped")
    before = full_package(files, prepared.resolution, prepared.function).sizes
    return replace(report, before=before, files=rows, rules=rule_rows(dropped))


@of_same_objects()
def _names(inventory: Inventory) -> str:
    """A digest of all files but for their bytes: what there is, whose it is, and what was said of it."""
    rows = [(file.path, file.owner, file.kind.value, file.site) for file in inventory.files]
    beside = [file.path for file in inventory.beside]
    return digest(repr(rows), repr(beside), repr(inventory.warnings))


class _OwnState:
    """A project's files as they are: what functions of a run ask for one after the other."""

    def __init__(self, inventory: Inventory, own: tuple[File, ...], states: list[Signature]) -> None:
        self.inventory = inventory
        self.own = own
        self.states = states
        self.contents = contents_by_path(own, states)
        self._facts: dict[tuple[int, int], str] = {}

    def facts(self, version: tuple[int, int]) -> str:
        """See `facts_digest`."""
        if version not in self._facts:
            from lambda_slim.plan.evidence.source_facts import facts_digest

            self._facts[version] = facts_digest(self.own, version, own_code())
        return self._facts[version]


_last: list[_OwnState] = []  # of the inventory that was asked for last


def _state(inventory: Inventory, tree: Path | None) -> _OwnState:
    """The state of the project's files now; what is known of it is good until one of them changes."""
    last = _last[0] if _last and _last[0].inventory is inventory else None
    own = last.own if last else uninstalled(inventory.files, tree)
    states = [file_signature(file.source) for file in own]
    if last is None or last.states != states:
        last = _OwnState(inventory, own, states)
        _last[:] = [last]
    return last
