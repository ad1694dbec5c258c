"""What plans look at in a first-party source that they do not reach: all there is, in one record.

A function's plan reads every source of its folder, because strings in any of them may name a file, and imports in any
of them may need one. Of a source that the handler does not lead to, it looks at nothing but what stands here. A new
question to such sources belongs here too; `tests/unit/tasks/test_kept_answers.py` notices what reads them elsewhere.
"""

import hashlib
import json
import sys
from collections.abc import Collection, Iterable, Mapping
from dataclasses import astuple, dataclass
from pathlib import PurePosixPath
from typing import Any

from lambda_slim.base.cache import digest, load, store
from lambda_slim.base.files import read_regular
from lambda_slim.imports.data import defined_names
from lambda_slim.imports.link.constants import set_texts
from lambda_slim.imports.scan.facts import parse_facts
from lambda_slim.imports.scan.order import by_order
from lambda_slim.imports.store import own_rows
from lambda_slim.knowledge.junk import load_junk
from lambda_slim.model.file import FIRST_PARTY, File
from lambda_slim.plan.evidence.dynamic_paths import unknown_path_line
from lambda_slim.plan.evidence.junk_candidates import lists_files, secret_in
from lambda_slim.plan.evidence.path_folders import folders_in
from lambda_slim.plan.evidence.source_readers import looked_at
from lambda_slim.plan.evidence.source_syntax import first_party_sources, read_syntax
from lambda_slim.plan.evidence.started import starts_in
from lambda_slim.plan.evidence.string_literals import words_of

_SHELF = "facts"
# Django's settings, and comments that silence findings: rare, and asked for in many ways. Such a source counts whole.
_WHOLE = (b"LANG", b"USE_I18N", b"INSTALLED_APPS", b"translation", b"lambda-slim:")


@dataclass(frozen=True, slots=True)
class OwnFacts:
    """What one source says to plans.

    Attributes:
        told: A digest of all that counts wherever the file lies.
        words: Words of its string literals; only those that a path of the project has in it count.
        folders: Last parts of paths that it joins; as `words`.
    """

    told: str
    words: tuple[str, ...]
    folders: tuple[str, ...]


def facts_digest(files: Iterable[File], version: tuple[int, int], code: str) -> str:
    """A digest of what all first-party sources among some files say to plans.

    Args:
        files: Every file that could ship.
        version: Of the target's Python.
        code: A digest of lambda-slim's own code.
    """
    own = [file for file in files if file.owner == FIRST_PARTY]
    sources = first_party_sources(own)
    rows = own_rows([file for file in sources if file.path.endswith(".py")], version)
    spoken = _Spoken(own)
    parts: list[str] = []
    for file in sources:
        facts = _facts(file, rows.get(file.path, ()), (code, sys.version, repr(version)))
        parts += (file.path, facts.told, secret_in(file), *spoken.among(facts.words), "", *spoken.among(facts.folders))
    return digest("facts-1", repr(parts))


class _Spoken:
    """The words that rules ask for: names in the project's paths, and endings of what reads junk."""

    def __init__(self, own: Iterable[File]) -> None:
        paths = [PurePosixPath(file.path) for file in own]
        names = {name for path in paths for name in (path.name, path.stem, *path.parts[:-1])}
        self._names = names | {f"*{path.suffix}" for path in paths}
        self._endings = tuple(ending for kind in load_junk() for ending in kind.readers)

    def among(self, words: Collection[str]) -> list[str]:
        """Those that count, sorted."""
        return sorted(word for word in words if word in self._names or word.endswith(self._endings))


def _facts(file: File, row: Any, versions: tuple[str, ...]) -> OwnFacts:
    """The facts of one source; known by its content, whatever its path is."""
    source = _source(file)
    content = hashlib.sha256(source).hexdigest()
    key = digest("facts-1", *versions, repr(row), content)
    known = load(_SHELF, key)
    if known is None:
        facts = _read(file, source, content, row)
        if _source(file) == source:  # nobody has changed it meanwhile
            store(_SHELF, key, json.dumps(astuple(facts)).encode())
        return facts
    told, words, folders = json.loads(known)
    return OwnFacts(told, tuple(words), tuple(folders))


def _source(file: File) -> bytes:
    try:
        return read_regular(file.source)
    except OSError:
        return b""


def _read(file: File, source: bytes, content: str, row: Any) -> OwnFacts:
    whole = read_syntax(file).tree is None or any(word in source for word in _WHOLE)
    parts: Mapping[str, object] = {
        "whole": content if whole else "",
        "imports": by_order(parse_facts(row)) if row else (),
        "texts": sorted(set_texts(source).items()),
        "defined": sorted(defined_names(source)),
        "lists files": lists_files(file),
        "sources": astuple(looked_at(file)),
        "starts": starts_in(file),
        "unknown path": unknown_path_line(file) > 0,
    }
    return OwnFacts(digest(repr(parts)), tuple(sorted(words_of(file))), tuple(sorted(folders_in(file))))
