"""The verdict: does it start, and what is wrong if it does not."""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from lambda_slim.base.files import read_regular
from lambda_slim.base.remember import of_same_objects
from lambda_slim.base.text import shown_place
from lambda_slim.formats.names import normalise
from lambda_slim.imports.scan.facts import ScannedImport, SourceFacts
from lambda_slim.knowledge.aliases import aliases
from lambda_slim.knowledge.modules import runtime_modules
from lambda_slim.model.decision import Plan
from lambda_slim.model.evidence import Evidence
from lambda_slim.model.file import File
from lambda_slim.model.function import Function
from lambda_slim.model.imports import Imports
from lambda_slim.model.report import Finding
from lambda_slim.model.startup_report import StartReport
from lambda_slim.plan.starts.foreign import foreign_modules
from lambda_slim.plan.starts.handler import handler_findings
from lambda_slim.plan.starts.layer_wrapper import absent_wrapper
from lambda_slim.plan.starts.layer_wrapper import moves_path as moves_path_by_layer
from lambda_slim.plan.starts.made import PATCHED, made_modules
from lambda_slim.plan.starts.nearest import Nearest
from lambda_slim.plan.starts.places import Places
from lambda_slim.plan.starts.providers import KnownLayers, ManagedRuntime, Provider, StandardLibrary, UnknownLayers
from lambda_slim.plan.starts.syntax import syntax_fault
from lambda_slim.plan.starts.telling import Teller
from lambda_slim.plan.starts.variables import unset_variables
from lambda_slim.plan.starts.walk import SearchPath, Walk

# Folders that no package fills: what a path into them has is not known.
_ELSEWHERE = re.compile(rb"/(?:opt|mnt|tmp|efs)\b|\bpip3? install|\bactivate\b")  # where a script may have modules from
_SERVERS = {  # console scripts that people start, with the module that each has
    "uvicorn": "uvicorn",
    "gunicorn": "gunicorn",
    "hypercorn": "hypercorn",
    "granian": "granian",
    "waitress-serve": "waitress",
    "flask": "flask",
}
_OUTSIDE = re.compile(rb"""["'](?:/opt|/mnt|/tmp|/efs)\b|\bos\.(?:environ|getenv)\b""")


@dataclass(frozen=True, slots=True)
class Judged:
    """A verdict with its evidence, and the modules that INIT certainly imports, by name and by file.

    Variables of the environment that nothing sets are in `unset`, and in `findings` where the function's are known.
    """

    report: StartReport
    findings: tuple[Finding, ...]
    modules: frozenset[str]
    files: frozenset[str] = frozenset()
    unset: tuple[Finding, ...] = ()


def providers_for(function: Function) -> tuple[Provider, ...]:
    """The providers of modules beside a function's package."""
    version = function.target.runtime.version
    unknown = tuple(layer.name for layer in function.layers if not (layer.readable or layer.known))
    known = frozenset(name for layer in function.layers for name in layer.provides)
    managed = () if function.image and not function.image.managed else (ManagedRuntime(version),)
    return StandardLibrary(version), *managed, KnownLayers(known), UnknownLayers(unknown)


def judge_start(
    evidence: Evidence,
    plan: Plan,
    *,
    providers: Sequence[Provider] | None = None,
    ignored: Callable[[Finding], bool] | None = None,
    path_known: bool = True,
) -> Judged:
    """Whether what ships of a function can be imported on Lambda, as far as that can be told without running it.

    Args:
        evidence: The function with its modules, and what of them is reached.
        plan: What ships.
        providers: What gives modules beside the package; by default the target's standard library and runtime, and the
            function's layers.
        ignored: Findings that the user does not want to hear of.
        path_known: Whether the function's PYTHONPATH is known; a zip alone does not tell it.
    """
    walked = _walk(evidence, plan, providers, path_known)
    unset = _told(walked.unset, ignored)
    told = _told((*walked.findings, *(unset if evidence.function.environment_known else ())), ignored)
    doubts = [finding for finding in walked.at_init if finding in told]
    places, seen = walked.places, walked.walk.seen
    files = frozenset(places.modules[name].path for name in seen)
    report = _report(evidence.function, places, walked.walk, told, doubts)
    return Judged(report, told, frozenset(seen), files, unset)


def _told(findings: Iterable[Finding], ignored: Callable[[Finding], bool] | None) -> tuple[Finding, ...]:
    """The findings that are not silenced, each once."""
    return tuple(dict.fromkeys(finding for finding in findings if not (ignored and ignored(finding))))


@dataclass(frozen=True, slots=True)
class _Walked:
    """What INIT imports and all that is wrong with it; `at_init` is what may end INIT, `unset` are variables."""

    places: Places
    walk: Walk
    findings: tuple[Finding, ...]
    at_init: tuple[Finding, ...]
    unset: tuple[Finding, ...]


@of_same_objects(2)
def _walk(evidence: Evidence, plan: Plan, providers: Sequence[Provider] | None, path_known: bool) -> _Walked:
    """See `judge_start`; asked while the package is shaped, and again for the report."""
    function, imports = evidence.function, evidence.imports
    given = providers_for(function) if providers is None else providers
    made, unbuilt = aliases(imports.modules), evidence.resolution.unbuilt
    shipped = {file.path: file for file in (*evidence.inventory.beside, *plan.kept)}
    filled = _filled(evidence, shipped)
    own = KnownLayers(made | (filled or frozenset()), hidden=False)
    beside = (*given, own, UnknownLayers(unbuilt, hidden=False))
    places = Places(imports, shipped, beside, foreign_modules(evidence.inventory.files, function.target))
    places.hide({file.path for file in evidence.inventory.beside} - plan.kept_paths)
    path = _search_path(evidence, shipped, known=path_known)
    path = replace(path, outside=path.outside or filled is None or moves_path_by_layer(function))
    walk = Walk(places, _versions(function, _found(shipped, path), beside), path)
    for root in (function.module, *function.roots):
        walk.follow(root)
    teller = Teller(evidence, plan, Nearest(function, evidence.resolution, evidence.settings.root), places)
    at_init = tuple(map(teller.finding, walk.lacks))
    later = map(teller.finding, walk.later(evidence.reach.modules))
    findings = [*handler_findings(function, places), *_exec_wrapper(function, shipped), *absent_wrapper(function)]
    findings += _started(function, places, shipped)
    told = (*findings, *_syntax(walk, places, shipped, function), *at_init, *later)
    return _Walked(places, walk, told, at_init, unset_variables(function, walk, shipped))


def _search_path(evidence: Evidence, shipped: Mapping[str, File], *, known: bool) -> SearchPath:
    function, imports = evidence.function, evidence.imports
    own = (name for name in evidence.reach.modules if not imports.modules[name].owner)
    paths = (imports.modules[name].path for name in own if moves_path(imports, name))
    moving = [shipped[path] for path in paths if path in shipped]
    moved = bool(moving) or "PYTHONPATH" in function.environment or _has_path_file(shipped.values())
    return SearchPath(moved, outside=any(_OUTSIDE.search(_read(file)) for file in moving), known=known)


def _filled(evidence: Evidence, shipped: Mapping[str, File]) -> frozenset[str] | None:
    """The names under which first-party code puts modules into `sys.modules`; None where any may be there."""
    modules = (evidence.imports.modules[name] for name in evidence.reach.modules)
    own = (module for module in modules if not module.owner and module.path in shipped)
    names: set[str] = set()
    for module in own:
        if _speaks_of_modules(evidence.imports.sources.get(module.name)):
            made = made_modules(_read(shipped[module.path]), module.name)
            if made is None:
                return None
            names |= made
    return frozenset(names)


def _found(shipped: Collection[str], path: SearchPath) -> Collection[str]:
    """The files at the root of the package, where metadata is looked for; all where other folders are on `sys.path`."""
    return shipped if path.moved else [name for name in shipped if name.count("/") == 1]


def _speaks_of_modules(facts: SourceFacts | None) -> bool:
    """Whether a source may put modules into `sys.modules`; it is read only then."""
    if facts is None:
        return False
    return any(row.module == "sys" for row in facts.imports) or any(text == PATCHED for _, text in facts.strings)


def _exec_wrapper(function: Function, shipped: Collection[str]) -> Iterator[Finding]:
    if function.exec_wrapper and function.exec_wrapper not in shipped:
        message = f"the exec wrapper `{function.exec_wrapper}` is not in the package"
        yield Finding("LS130", "error", message, hint="add it, or take AWS_LAMBDA_EXEC_WRAPPER out of the environment")


def _started(function: Function, places: Places, shipped: Mapping[str, File]) -> Iterator[Finding]:
    """Modules that a script starts and nothing provides: `python -m uvicorn main:app` without uvicorn."""
    path = function.script or function.exec_wrapper
    if path not in shipped or _ELSEWHERE.search(_read(shipped[path])):
        return
    for root in (*function.roots, *filter(None, map(_SERVERS.get, function.programs))):
        absent = None if root.endswith(".__main__") else places.absent(root)
        if absent is not None and absent.certain:
            message = f"`{root}` is what `{path}` starts, and nothing provides it"
            yield Finding("LS130", "error", message, path, hint=f"add what has {root}, or a layer that has it")


def _report(
    function: Function, places: Places, walk: Walk, findings: Iterable[Finding], doubts: Sequence[Finding]
) -> StartReport:
    error = next((finding for finding in findings if finding.level == "error"), None)
    if error is not None:
        return StartReport("no", f"{shown_place(error.file, error.line, ': ')}{error.message}", len(walk.seen))
    if unread := _unread(function, places):
        return StartReport("unknown", unread, 0)
    blind = [name for name in sorted(walk.seen) if places.modules[name].path.endswith(".pyc")]
    if blind:
        return StartReport(
            "unknown", f"of `{blind[0]}` there is only bytecode, whose imports are not read", len(walk.seen)
        )
    if doubts:
        doubt = doubts[0]
        return StartReport("unknown", f"{shown_place(doubt.file, doubt.line, ': ')}{doubt.message}", len(walk.seen))
    return StartReport("yes", "", len(walk.seen))


def _unread(function: Function, places: Places) -> str:
    """Why the module that starts cannot be read; "" where it can."""
    module = places.modules.get(function.module)
    if module is None:
        missing = f"what `{function.script}` starts" if function.script else f"the module `{function.module}`"
        return f"{missing} is not in the package"
    return "" if places.has_source(module) else f"of `{function.module}` there is no source to read"


def moves_path(imports: Imports, name: str) -> bool:
    """Whether a module touches `sys.path`, or adds site folders."""
    return _takes(imports, name, ("sys.path", "site.addsitedir"))


def _takes(imports: Imports, name: str, starts: tuple[str, ...]) -> bool:
    """Whether a module takes an attribute of another one, whose dotted name begins with one of these."""
    facts = imports.sources.get(name)
    if facts is None:
        return False
    roots = {
        bound.rpartition(":")[2]: statement.module for statement in facts.imports for bound in _bound_by(statement)
    }
    touched = {f"{roots.get(chain.root, chain.root)}.{chain.attributes}" for chain in facts.chains}
    taken = {f"{statement.module}.{name.partition(':')[0]}" for statement in facts.imports for name in statement.taken}
    return any(dotted.startswith(starts) for dotted in touched | taken)


def _bound_by(statement: ScannedImport) -> Iterable[str]:
    """What an import binds, as `name` or `name:alias`."""
    return (statement.alias or statement.module,) if statement.names is None else statement.names


def _has_path_file(files: Iterable[File]) -> bool:
    """Whether a root `.pth` file names a folder."""
    for file in files:
        if "/" not in file.path and file.path.endswith(".pth"):
            lines = (line.strip() for line in _read(file).splitlines())
            if any(line and not line.startswith((b"#", b"import ", b"import\t")) for line in lines):
                return True
    return False


def _read(file: File) -> bytes:
    try:
        return read_regular(file.source)
    except OSError:
        return b""


def _versions(function: Function, shipped: Collection[str], providers: Sequence[Provider]) -> frozenset[str] | None:
    """Normalised names of distributions whose metadata is there; None where a layer may have any."""
    unread = any(not layer.readable for layer in function.layers)
    if unread or any(isinstance(provider, UnknownLayers) and provider.names for provider in providers):
        return None
    folders = {path.split("/")[-2] for path in shipped if "-info/" in path}
    names = {re.sub(r"\.(dist|egg)-info$", "", folder).partition("-")[0] for folder in folders}
    runtime = {"python-dateutil", *runtime_modules(function.target.runtime.version)}
    return frozenset(map(normalise, names | runtime))


def _syntax(walk: Walk, places: Places, shipped: dict[str, File], function: Function) -> Iterator[Finding]:
    """First-party modules of INIT that the target's Python cannot compile."""
    for name in walk.seen:
        module = places.modules[name]
        file = shipped.get(module.path)
        if module.owner or file is None or not module.path.endswith(".py"):
            continue
        if error := syntax_fault(_read(file), function.target.runtime.version):
            told = f"Python {function.target.runtime.python} cannot compile it: {error.msg}"
            # Python gives 0 and -1 where it cannot tell, as for an encoding that it does not know.
            line, column = max(error.lineno or 1, 1), max(error.offset or 1, 1)
            yield Finding("LS200", "error", told, file=module.path, line=line, column=column)
