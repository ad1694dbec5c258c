"""What a dependency would add to a function, resolved together with its present dependencies."""

import re
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

from lambda_slim.base.errors import ResolveError, SlimError, UsageError
from lambda_slim.base.files import read_loosely
from lambda_slim.base.graph import reachable
from lambda_slim.base.progress import Progress, silent
from lambda_slim.base.rows import by_name, values_by_key
from lambda_slim.base.text import clause
from lambda_slim.bundle.archive import compress
from lambda_slim.bundle.layout import laid_out, lay_members
from lambda_slim.formats.deflation import deflate_level
from lambda_slim.formats.names import normalise
from lambda_slim.model.distribution import Distribution
from lambda_slim.model.file import FIRST_PARTY, FileKind, Inventory
from lambda_slim.model.function import Function, Requirements, RequirementsKind
from lambda_slim.model.import_report import ImportNode
from lambda_slim.model.member import Member
from lambda_slim.model.price import Price, Priced
from lambda_slim.model.report import Sizes
from lambda_slim.model.run import Rounds
from lambda_slim.model.settings import Bytecode, Level, Settings
from lambda_slim.run.interpreter import find_interpreter
from lambda_slim.tasks.measure import measure
from lambda_slim.tasks.prepare import Planned, plan_function, with_level
from lambda_slim.tasks.shape_function import shape_function

_INDEX = re.compile(r"--(?:index-url|extra-index-url|find-links|no-index|pre|trusted-host)\b|-[if]\s")
_SHIM = "_lambda_slim_priced"
_HEADERS = 30 + 46  # bytes of a zip's headers for a member, its name twice apart


def price(
    function: Function, settings: Settings, requirement: str, *, runs: int = 5, progress: Progress = silent
) -> Price:
    """The price of one requirement in one function.

    Everything of the new distributions that level `safe` keeps is counted: reachability cannot judge what no code
    imports yet.

    Args:
        function: As found.
        settings: Of the project.
        requirement: As in a requirements file: `httpx`, `httpx[http2]>=0.27`.
        runs: How often imports are timed; 0 for never.
        progress: Told what is being done.

    Raises:
        UsageError: not a requirement.
        ResolveError: it does not exist, has no wheel for the target, or conflicts with itself.
        SlimError: as the stages say, for the function as it is.
    """
    name = requirement_name(requirement)
    tables = tuple(replace(table, level=None) for table in settings.functions)
    bytecode = settings.bytecode
    if bytecode is Bytecode.AUTO and with_level(settings, function).level is not Level.SAFE:
        bytecode = Bytecode.ONLY  # as a build has it: in place of source
    settings = replace(settings, level=Level.SAFE, functions=tables, bytecode=bytecode)
    now = plan_function(function, settings, progress)
    if function.artifact is not None:
        raise UsageError(
            "a package that another tool built has no requirements",
            cause="what it holds is installed already",
            hint="run `lambda-slim cost` in the project itself",
        )
    with tempfile.TemporaryDirectory(prefix="lambda-slim-") as folder:
        progress(f"{function.name}: resolving with {requirement}")
        then, unpinned = _with(now, requirement, Path(folder), progress)
        shipped = _shipped(then, import_name(then.inventory, name))
        priced = replace(_priced(now, then, name, requirement, shipped), unpinned=unpinned)
        return _timed(priced, shipped, _Timer(then, runs, progress))


def requirement_name(requirement: str) -> str:
    """The normalised name in a requirement.

    Raises:
        UsageError: there is none.
    """
    from packaging.requirements import InvalidRequirement, Requirement

    try:
        return normalise(Requirement(requirement).name)
    except InvalidRequirement as error:
        raise UsageError(
            f"`{requirement}` is not a requirement",
            cause=str(error).splitlines()[0] if str(error) else "it begins with no name of a distribution",
            hint="e.g. httpx, or 'httpx[http2]>=0.27'; several are arguments of their own",
        ) from None


def _with(now: Planned, requirement: str, folder: Path, progress: Progress) -> tuple[Planned, bool]:
    """The function with one more requirement, at its present versions if that resolves, else at others, with a note."""
    known = now.resolution.distributions
    local = _local(now)
    pins = [f"{row.name}=={row.version}" for row in known if row.name not in local]
    loose = [row.name for row in known if row.direct and row.name not in local]
    try:
        return _planned(now, [*pins, requirement], folder / "pinned.txt", progress), False
    except ResolveError as first:
        if not pins:
            raise
        try:
            return _planned(now, [*loose, requirement], folder / "loose.txt", progress), True
        except ResolveError:
            raise first from None


def _local(now: Planned) -> frozenset[str]:
    """Distributions that came from a folder or an address: no index has them."""
    owners = (file.owner for file in now.inventory.files if file.path.endswith(".dist-info/direct_url.json"))
    return frozenset(owners)


def _planned(now: Planned, lines: Sequence[str], file: Path, progress: Progress) -> Planned:
    given = now.function.requirements
    kept: list[str] = []
    if given and given.kind is RequirementsKind.REQUIREMENTS:
        kept = [line for line in read_loosely(given.path).splitlines() if _INDEX.match(line)]
    file.write_text("\n".join([*kept, *lines]) + "\n", "utf-8")
    where = given.path.parent if given else now.function.source
    requirements = Requirements(RequirementsKind.REQUIREMENTS, file, where)
    return plan_function(replace(now.function, requirements=requirements), now.settings, progress)


def _priced(now: Planned, then: Planned, name: str, requirement: str, shipped: Mapping[str, Sequence[Member]]) -> Price:
    """The price in bytes."""
    before = by_name(now.resolution.distributions)
    after = by_name(then.resolution.distributions)
    if name not in after:
        raise ResolveError(
            f"`{requirement}` installs nothing on {then.function.target.label}",
            cause="its environment marker is false there",
            hint="change the marker, or --python and --arch",
        )
    new = sorted(set(after) - set(before))
    closure = reachable({row.name: row.requires for row in after.values()}, [name]) | set(new)
    changed = sorted(row for row in set(after) & set(before) if before[row].version != after[row].version)
    packed, old = _weighed(shipped, closure | set(changed)), _weighed(_shipped(now), changed)
    here = _less(_sum(packed[row] for row in {*new, *changed}), _sum(old.values()))
    return Price(
        requirement=requirement,
        function=now.function.name,
        version=after[name].version,
        target=now.function.target.label,
        here=Priced(here, None, _labels(after, new)),
        alone=Priced(_sum(packed[row] for row in closure), None, _labels(after, closure)),
        shared=_labels(after, closure & set(before)),
        changed=tuple(f"{row} {before[row].version} → {after[row].version}" for row in changed),
        unpinned=False,
        module=import_name(then.inventory, name),
        note="",
    )


def _labels(distributions: Mapping[str, Distribution], names: Iterable[str]) -> tuple[str, ...]:
    return tuple(f"{name} {distributions[name].version}" for name in sorted(names))


def _shipped(planned: Planned, module: str = "") -> dict[str, list[Member]]:
    """What ships of every distribution, compiled as a build would if INIT imported the module as well."""
    owners = {file.path: file.owner for file in planned.inventory.files}
    members = shape_function(planned, [module] if module else []).members
    return values_by_key((owners.get(member.origin, FIRST_PARTY), member) for member in members)


def _weighed(shipped: Mapping[str, Sequence[Member]], names: Iterable[str]) -> dict[str, Sizes]:
    return {name: _weight(shipped.get(name, ())) for name in names}


def _weight(members: Sequence[Member]) -> Sizes:
    unzipped, zipped = 0, 0
    packed = compress([member.data for member in members], deflate_level(release=False))
    for member, small in zip(members, packed, strict=True):
        unzipped += len(member.data)
        zipped += _HEADERS + 2 * len(member.name.encode()) + (len(member.data) if small is None else len(small))
    return Sizes(unzipped, zipped, len(members))


def _sum(weights: Iterable[Sizes]) -> Sizes:
    total = Sizes(0, 0, 0)
    for weight in weights:
        total = Sizes(
            total.unzipped_bytes + weight.unzipped_bytes,
            total.zipped_bytes + weight.zipped_bytes,
            total.files + weight.files,
        )
    return total


def _less(sizes: Sizes, other: Sizes) -> Sizes:
    return Sizes(
        sizes.unzipped_bytes - other.unzipped_bytes,
        sizes.zipped_bytes - other.zipped_bytes,
        sizes.files - other.files,
    )


@dataclass(frozen=True, slots=True)
class _Timer:
    """How imports are timed, and in what."""

    then: Planned
    runs: int
    progress: Progress

    def time(self, place: Path, kind: str, first: str, module: str) -> int:
        """Microseconds of importing a module after another, in the package at a place."""
        shim = f"{_SHIM}_{kind}"
        before = clause("import {}\n", first)
        code = f"{before}import {module}\n\n\ndef handler(event, context):\n    pass\n"
        (place / f"{shim}.py").write_text(code, "utf-8")
        owners = {file.path: file.owner for file in self.then.inventory.files}
        function = replace(self.then.function, handler=f"{shim}.handler")
        settings = self.then.settings
        report = measure(place, function, settings, owners, rounds=Rounds(self.runs), progress=self.progress)
        return import_time(report.nodes, module)


def _timed(priced: Price, shipped: Mapping[str, list[Member]], timer: _Timer) -> Price:
    """The price with microseconds of the import, after the handler's and alone; a note if it cannot be timed."""
    function, settings = timer.then.function, timer.then.settings
    if not priced.module:
        return replace(priced, note="it has no module to import")
    if not timer.runs:
        return priced
    if find_interpreter(function.target, settings.interpreter) is None:
        note = f"no Python {function.target.runtime.python} on this machine: imports were not timed"
        return replace(priced, note=note)
    with ExitStack() as stack:
        place = stack.enter_context(laid_out()) / "task"
        lay_members([member for members in shipped.values() for member in members], place)
        try:
            alone = timer.time(place, "alone", "", priced.module)
            priced = replace(priced, alone=replace(priced.alone, import_us=alone))
        except SlimError as error:
            priced = replace(priced, note=f"importing it alone failed: {error.cause or error.message}")
        try:
            here = timer.time(place, "here", function.module, priced.module)
            priced = replace(priced, here=replace(priced.here, import_us=here))
        except SlimError as error:
            priced = replace(priced, note=f"importing it after your code failed: {error.cause or error.message}")
    return priced


def import_time(nodes: Sequence[ImportNode], module: str) -> int:
    """Microseconds of importing a module and what it loads, in any place: a framework may import it on its own."""
    counted: set[int] = set()
    us = 0
    for node in nodes:
        if node.parent in counted:
            counted.add(node.id)
        elif _is(node.module, module):
            counted.add(node.id)
            us += node.total_us
    return us


def _is(loaded: str, wanted: str) -> bool:
    return loaded == wanted or wanted.startswith(f"{loaded}.") or loaded.startswith(f"{wanted}.")


def import_name(inventory: Inventory, name: str) -> str:
    """The module to import of a distribution: the one called like it, else its largest; "" where it has none."""
    sizes = _module_sizes(inventory, name)
    plain = name.replace("-", "_")
    for candidate in (plain, plain.removeprefix("python_"), plain.replace("_", "")):
        for top in sizes:
            if top.lower() == candidate:
                return top
    public = {top: size for top, size in sizes.items() if not top.startswith("_")} or sizes
    return max(public, key=lambda top: (public[top], top), default="")


def _module_sizes(inventory: Inventory, name: str) -> dict[str, int]:
    """Bytes of a distribution's code by top-level module."""
    sizes: dict[str, int] = {}
    for file in inventory.files:
        if file.owner != name or file.kind not in (FileKind.SOURCE, FileKind.LIBRARY):
            continue
        folder, slash, _ = file.path.partition("/")
        top = folder if slash else folder.partition(".")[0]
        if top.isidentifier():
            sizes[top] = sizes.get(top, 0) + file.size
    return sizes
