"""What would a dependency add to this function? Resolved beside what is there already, before anybody adds it."""

import re
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from lambda_slim.base.errors import ResolveError, SlimError, UsageError
from lambda_slim.base.files import read_loosely
from lambda_slim.base.graph import reachable
from lambda_slim.base.progress import Progress, silent
from lambda_slim.bundle.archive import compress
from lambda_slim.bundle.layout import laid_out, lay_members
from lambda_slim.formats.names import normalise
from lambda_slim.model.distribution import Distribution
from lambda_slim.model.file import FIRST_PARTY, FileKind, Inventory
from lambda_slim.model.function import Function, Requirements, RequirementsKind
from lambda_slim.model.member import Member
from lambda_slim.model.report import ImportNode, Price, Priced, Sizes
from lambda_slim.model.settings import Level, Settings
from lambda_slim.run.interpreter import find_interpreter
from lambda_slim.tasks.build import shape_function
from lambda_slim.tasks.measure import measure
from lambda_slim.tasks.prepare import Planned, plan_function

_NAME = re.compile(r"\s*([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)\s*(?:\[|[<>=!~;@(]|$|\s)")
_INDEX = re.compile(r"--(?:index-url|extra-index-url|find-links|no-index|pre|trusted-host)\b|-[if]\s")
_SHIM = "_lambda_slim_priced"
_HEADERS = 30 + 46  # bytes of a zip's headers for a member, its name twice apart


def price(
    function: Function, settings: Settings, requirement: str, *, runs: int = 5, progress: Progress = silent
) -> Price:
    """The price of one requirement in one function.

    Everything of the new distributions that level `safe` keeps is counted: what no code imports yet cannot be judged
    by reachability.

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
    settings = replace(settings, level=Level.SAFE, functions=tuple(replace(t, level=None) for t in settings.functions))
    now = plan_function(function, settings, progress)
    if function.artifact is not None:
        raise UsageError("a package that another tool built has no requirements", hint="price it in the project itself")
    with tempfile.TemporaryDirectory(prefix="lambda-slim-") as folder:
        progress(f"{function.name}: resolving with {requirement}")
        then, moved = _with(now, requirement, Path(folder), progress)
        return _priced(now, then, requirement, name, moved, runs, progress)


def requirement_name(requirement: str) -> str:
    """The normalised name in a requirement.

    Raises:
        UsageError: there is none.
    """
    found = _NAME.match(requirement)
    if not found:
        raise UsageError(f"`{requirement}` is not a requirement", hint="e.g. httpx, or 'httpx[http2]>=0.27'")
    return normalise(found[1])


def _with(now: Planned, requirement: str, folder: Path, progress: Progress) -> tuple[Planned, bool]:
    """The function with one requirement more, at the versions it has now; else at others, which is said."""
    known = now.resolution.distributions
    local = _local(now)
    pins = [f"{one.name}=={one.version}" for one in known if one.name not in local]
    loose = [one.name for one in known if one.direct and one.name not in local]
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


def _priced(
    now: Planned, then: Planned, requirement: str, name: str, moved: bool, runs: int, progress: Progress
) -> Price:
    before = {one.name: one for one in now.resolution.distributions}
    after = {one.name: one for one in then.resolution.distributions}
    if name not in after:
        raise ResolveError(
            f"`{requirement}` brings nothing on {then.function.target.label}",
            cause="its environment marker does not hold there",
        )
    new = sorted(set(after) - set(before))
    closure = reachable({one.name: one.requires for one in after.values()}, [name]) | set(new)
    changed = {one for one in after if one in before and before[one].version != after[one].version}
    shipped = _shipped(then)
    packed, old = _weighed(shipped, closure | changed), _weighed(_shipped(now), changed)
    here = _sum(packed, {*new, *changed}, old)
    alone = _sum(packed, closure, {})
    module, times, note = _times(then, shipped, name, runs, progress)
    return Price(
        requirement=requirement,
        function=now.function.name,
        version=after[name].version,
        target=now.function.target.label,
        here=Priced(here, times.get("here"), tuple(_label(after[one]) for one in new)),
        alone=Priced(alone, times.get("alone"), tuple(_label(after[one]) for one in sorted(closure))),
        shared=tuple(_label(after[one]) for one in sorted(closure & set(before))),
        changed=tuple(f"{one} {before[one].version} → {after[one].version}" for one in sorted(changed)),
        unpinned=moved,
        module=module,
        note=note,
    )


def _label(one: Distribution) -> str:
    return f"{one.name} {one.version}"


def _shipped(planned: Planned) -> dict[str, list[Member]]:
    """What ships of every distribution, compiled as a build would."""
    owners = {file.path: file.owner for file in planned.inventory.files}
    found: dict[str, list[Member]] = {}
    for member in shape_function(planned).members:
        found.setdefault(owners.get(member.origin, FIRST_PARTY), []).append(member)
    return found


def _weighed(shipped: Mapping[str, Sequence[Member]], names: set[str] | frozenset[str]) -> dict[str, Sizes]:
    weights = {}
    for name in names:
        members = shipped.get(name, ())
        packed = compress([member.data for member in members])
        zipped = sum(
            _HEADERS + 2 * len(member.name.encode()) + (len(member.data) if small is None else len(small))
            for member, small in zip(members, packed, strict=True)
        )
        weights[name] = Sizes(sum(len(member.data) for member in members), zipped, len(members))
    return weights


def _sum(weights: Mapping[str, Sizes], names: set[str] | frozenset[str], less: Mapping[str, Sizes]) -> Sizes:
    plus = [weights[name] for name in names]
    return Sizes(
        sum(one.unzipped_bytes for one in plus) - sum(one.unzipped_bytes for one in less.values()),
        sum(one.zipped_bytes for one in plus) - sum(one.zipped_bytes for one in less.values()),
        sum(one.files for one in plus) - sum(one.files for one in less.values()),
    )


def _times(
    then: Planned, shipped: Mapping[str, list[Member]], name: str, runs: int, progress: Progress
) -> tuple[str, dict[str, int], str]:
    """The module, microseconds of importing it after the handler's and by itself, and a note where that cannot be."""
    module = import_name(then.inventory, name)
    if not runs or not module:
        return module, {}, "" if module else "it has no module to import"
    if find_interpreter(then.function.target, then.settings.interpreter) is None:
        return module, {}, f"no Python {then.function.target.runtime.python} on this machine: imports were not timed"
    found: dict[str, int] = {}
    note = ""
    with ExitStack() as stack:
        place = stack.enter_context(laid_out()) / "task"
        lay_members([one for members in shipped.values() for one in members], place)
        for kind, first in (("alone", ""), ("here", f"import {then.function.module}\n")):
            try:
                found[kind] = _time(then, place, f"{_SHIM}_{kind}", first, module, runs, progress)
            except SlimError as error:
                note = (
                    f"importing it {'after your code' if first else 'by itself'} failed: {error.cause or error.message}"
                )
    return module, found, note


def _time(then: Planned, place: Path, shim: str, first: str, module: str, runs: int, progress: Progress) -> int:
    code = f"{first}import {module}\n\n\ndef handler(event, context):\n    pass\n"
    (place / f"{shim}.py").write_text(code, "utf-8")
    owners = {file.path: file.owner for file in then.inventory.files}
    function = replace(then.function, handler=f"{shim}.handler")
    report = measure(place, function, then.settings, owners, runs=runs, progress=progress)
    return import_time(report.nodes, module)


def import_time(nodes: Sequence[ImportNode], module: str) -> int:
    """Microseconds of importing a module and what it brings, wherever that was: a framework may take it by itself."""
    found: set[int] = set()
    us = 0
    for node in nodes:
        if node.parent in found:
            found.add(node.id)
        elif _is(node.module, module):
            found.add(node.id)
            us += node.total_us
    return us


def _is(loaded: str, wanted: str) -> bool:
    return loaded == wanted or wanted.startswith(f"{loaded}.") or loaded.startswith(f"{wanted}.")


def import_name(inventory: Inventory, name: str) -> str:
    """The module to import of a distribution: the one called like it, else its largest; "" where it has none."""
    sizes: dict[str, int] = {}
    for file in inventory.files:
        folder, slash, _ = file.path.partition("/")
        top = folder if slash else folder.partition(".")[0]
        if file.owner == name and file.kind in (FileKind.SOURCE, FileKind.LIBRARY) and top.isidentifier():
            sizes[top] = sizes.get(top, 0) + file.size
    plain = name.replace("-", "_")
    for candidate in (plain, plain.removeprefix("python_"), plain.replace("_", "")):
        match = next((top for top in sizes if top.lower() == candidate), "")
        if match:
            return match
    public = {top: size for top, size in sizes.items() if not top.startswith("_")} or sizes
    return max(public, key=lambda top: (public[top], top), default="")
