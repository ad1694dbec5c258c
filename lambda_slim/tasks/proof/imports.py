"""Which modules, entry points and libraries load in a slim package as they do in the full one."""

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from lambda_slim.model.behaviour import Difference
from lambda_slim.tasks.proof.bench import Candidate, ProofBench, import_request
from lambda_slim.tasks.proof.grounds import ProvedImports, import_environment, third_party
from lambda_slim.tasks.verify import compare_imports, part_of

_KINDS = ("modules", "entry_points", "libraries")


def unproved_faults(candidate: Candidate, bench: ProofBench) -> tuple[Difference, ...]:
    """Failing imports among those that no run of this function, or of one with the same distributions, has proved."""
    owners = {decision.file.path: decision.file.owner for decision in candidate.plan.decisions}
    members = third_party(candidate.shaped.members, owners)
    environment = (*import_environment(bench.function), bench.sdk)
    request = import_request(candidate)
    if (known := bench.grounds.proved(bench.ground, members, environment)) is not None:
        return _faults_of_rest(bench, known.rest(request))
    if (tried := _tried(bench, request)) is not None:
        # What failed in a process that answered events decides nothing, but tells what to ask a fresh one first.
        faults = import_faults(bench, bench.slim, part_of(request, tried)) if tried else ()
        if faults or not tried:
            return faults
    comparison = compare_imports(bench.ask, bench.slim, bench.full, request)
    if not comparison.failed and comparison.whole and not comparison.touched:
        proved = _proved_of_others(request, owners)
        bench.grounds.note(ProvedImports(bench.ground, members, environment, *proved))
    return _as_differences(comparison.failed)


def _faults_of_rest(bench: ProofBench, rest: dict[str, Any]) -> tuple[Difference, ...]:
    """Failing imports among what no other function has proved, and this one's run has not loaded."""
    rest["modules"] = [name for name in rest["modules"] if name not in bench.loaded]
    return import_faults(bench, bench.slim, rest) if any(rest[kind] for kind in _KINDS) else ()


def _tried(bench: ProofBench, request: dict[str, Any]) -> Collection[str] | None:
    """What failed in the lives of the packages and not in the full one's; None where they have not tried everything."""
    if bench.tried is None:
        return None
    return compare_imports(bench.tried_or_ask, bench.slim, bench.full, request).failed


def _proved_of_others(
    request: Mapping[str, Any], owners: Mapping[str, str]
) -> tuple[frozenset[str], frozenset[tuple[str, ...]], frozenset[str]]:
    """The modules, entry points and libraries of a request that are third-party."""
    own = frozenset(request["own"])
    rows = (tuple(map(str, row)) for row in request["entry_points"] if _module_of(row[2]) not in own)
    libraries = frozenset(path for path in request["libraries"] if owners.get(path))
    return frozenset(request["modules"]) - own, frozenset(rows), libraries


def _module_of(value: str) -> str:
    """The module that an entry point names."""
    return value.partition("[")[0].partition(":")[0].strip()


def import_faults(bench: ProofBench, package: Path, request: dict[str, Any]) -> tuple[Difference, ...]:
    """The part of a request that fails in a package and not in the full one."""
    return _as_differences(compare_imports(bench.ask, package, bench.full, request).failed)


def _as_differences(failed: Mapping[str, str]) -> tuple[Difference, ...]:
    return tuple(Difference(f"import {what}", "well", error) for what, error in sorted(failed.items()))
