"""Finds an earlier proof of this slim package against the same full one, apart from files that neither package opens.

A change in one function's module changes the full package of all that share its folder. What they ship is as it was,
and where no run of the full package has opened that module, it did what it did.
"""

import json
from dataclasses import asdict, dataclass
from hashlib import blake2b
from typing import Any

from lambda_slim.base.cache import digest, load, store
from lambda_slim.inputs.traces import read_events
from lambda_slim.model.file import FIRST_PARTY, File
from lambda_slim.model.function import Function
from lambda_slim.model.package_report import Proof
from lambda_slim.model.run import LoadedModules
from lambda_slim.model.settings import Settings
from lambda_slim.tasks.build_cache import asked_of
from lambda_slim.tasks.own_content import content_digest, own_code, uninstalled
from lambda_slim.tasks.proof.bench import Candidate, full_files

_SHELF = "proofs"


@dataclass(frozen=True, slots=True)
class ProofQuestion:
    """What a proof depends on, but for the contents of the full package's first-party files.

    Attributes:
        key: A digest of all else.
        own: Those files, with the distributions that lie in the project.
        names: Package paths of what the slim package was made from.
    """

    key: str
    own: tuple[File, ...]
    names: frozenset[str]


@dataclass(frozen=True, slots=True)
class KnownProof:
    """What is kept of a proof.

    Attributes:
        proof: What was found.
        loaded: What the full package loaded, which decides what is compiled.
        apart: Package paths of first-party files whose contents it does not depend on.
    """

    proof: Proof
    loaded: LoadedModules
    apart: frozenset[str] = frozenset()


def question_of(candidate: Candidate, function: Function, settings: Settings) -> ProofQuestion:
    """The question that a proof of a candidate answers."""
    files = full_files(candidate)
    members = blake2b(digest_size=20)
    for member in candidate.shaped.members:
        members.update(f"{member.name}\0{member.executable}\0{len(member.data)}\0".encode())
        members.update(member.data)
    events = [part for name, data in read_events(function.events) for part in (name, data)]
    said = repr((settings.ignore_fields, settings.stub_aws, settings.offline, settings.interpreter))
    request = repr((sorted(candidate.reached), sorted(candidate.own), sorted(candidate.entry_points)))
    paths = repr([file.path for file in files])
    parts = (own_code(), asked_of(function), said, candidate.tree, members.digest(), request, paths, *events)
    own = uninstalled(files, candidate.installed)
    return ProofQuestion(digest("proof-2", *parts), own, frozenset(m.origin for m in candidate.shaped.members))


def known_proof(question: ProofQuestion) -> KnownProof | None:
    """The proof that still holds; None where there is none."""
    data = load(_SHELF, question.key)
    if data is None:
        return None
    table = json.loads(data)
    apart = frozenset(table["apart"])
    if content_digest([file for file in question.own if file.path not in apart]).hex() != table["content"]:
        return None
    proof = Proof(**{name: _frozen(value) for name, value in table["proof"].items()})
    return KnownProof(proof, LoadedModules(*map(frozenset, table["loaded"])), apart)


def keep_proof(question: ProofQuestion, known: KnownProof, opened: frozenset[str] | None) -> frozenset[str]:
    """Keeps a proof that brought nothing back.

    Args:
        question: What it answers.
        known: What was found.
        opened: Package paths of files that a run of the full package opened; None where that is not known.

    Returns:
        First-party files whose contents the proof does not depend on.
    """
    proof = known.proof
    if proof.rolled_back or proof.result not in ("same", "imports-only"):
        return frozenset()
    apart = frozenset[str]() if opened is None else _apart(question, opened)
    rest = [file for file in question.own if file.path not in apart]
    loaded = [sorted(known.loaded.at_init), sorted(known.loaded.ever)]
    content = content_digest(rest).hex()
    table = {"apart": sorted(apart), "content": content, "proof": asdict(proof), "loaded": loaded}
    store(_SHELF, question.key, json.dumps(table).encode())
    return apart


def _apart(question: ProofQuestion, opened: frozenset[str]) -> frozenset[str]:
    looked_at = (file for file in question.own if file.owner == FIRST_PARTY)  # of others it is not known who opens them
    return frozenset(file.path for file in looked_at if file.path not in opened and file.path not in question.names)


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
