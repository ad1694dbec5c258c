"""What names are in a package: asked of it once, and kept by all that the answer depends on."""

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from lambda_slim.base.cache import digest
from lambda_slim.base.shelf import Shelf
from lambda_slim.run.child import clean_environment
from lambda_slim.startup.parse import parse_reading
from lambda_slim.startup.records import NameOf, Reading, Snapshot, SourceModule, Table
from lambda_slim.startup.table import names_of
from lambda_slim.tasks.startup.bench import StartupBench
from lambda_slim.tasks.startup.work import StartupWork, at_init, key_of, wants_of

_LABEL, _MOST = b"lazy readings 1", 1 << 28  # bytes that are kept


def read_lazy(work: StartupWork, groups: Mapping[str, Sequence[NameOf]]) -> bool:
    """Reads names in the lazy package, each group in a process of its own; whether it lived to say.

    A group that was read before, and loads nothing that has changed since, is read again only together with the others
    of its kind, in one process: each was read by itself.
    """
    assert work.life is not None
    start = work.life.snapshots[0]
    kept = {key: work.readings[key] for key in sorted(groups) if _still_holds(work, key, groups[key])}
    order = sorted(groups.keys() - kept)
    work.progress(f"{work.bench.function.name}: startup, reading {sum(len(groups[key]) for key in order)} lazy names")
    together = [name for key in kept for name in groups[key]]
    readings = read_kept(work.bench, [*(groups[key] for key in order), together], start, work.table)
    if readings is None:
        return False
    *apart, work.together = readings
    work.readings = kept | dict(zip(order, apart, strict=True))
    work.read_with = at_init(work), work.table
    return True


def _still_holds(work: StartupWork, key: str, names: Sequence[NameOf]) -> bool:
    """Whether a group has been read, and nothing that it loads has changed since."""
    reading, (loaded, table) = work.readings.get(key), work.read_with
    if reading is None or reading.ended or set(reading.values) != set(names):
        return False
    changed = {name for name in {*table, *work.table} if table.get(name) != work.table.get(name)}
    return reading.brought.isdisjoint((loaded ^ at_init(work)) | changed)


def read_eager(work: StartupWork, groups: Iterable[Sequence[NameOf]]) -> bool:
    """Reads names in the eager package that were not read in it before; whether it lived to say."""
    asked = [[name] for names in groups for name in names if name[1] and name not in work.eager_values]
    readings = read_kept(work.bench, asked, work.eager_lives[0][0], None) if asked else []
    for reading in readings or ():
        work.eager_values |= reading.values
    return readings is not None


def name_groups(work: StartupWork, holders: Iterable[str]) -> dict[str, list[NameOf]]:
    """What is read in one process: names that bring the same modules, and each module that holds things of others."""
    groups: dict[str, list[NameOf]] = {}
    for module, name in names_of(work.table):
        groups.setdefault(key_of(wants_of(work, module, name)), []).append((module, name))
    for holder in holders:
        if holder in work.evidence.modules:
            groups.setdefault(holder, []).append((holder, ""))
    return groups


def read_kept(
    bench: StartupBench, groups: Sequence[Sequence[NameOf]], snapshot: Snapshot, table: Table | None
) -> list[Reading] | None:
    """As `StartupBench.read`; groups that were read before under the same conditions come from the cache.

    The conditions are the state after INIT, the files of all distributions, the imports that wait, and those modules of
    the function's own code that change other modules. What loads its own code while names are read is never kept.

    Args:
        bench: Where the packages lie.
        groups: Names that are read in one process, for each process.
        snapshot: The package after INIT.
        table: What waits in it; None for the eager package.
    """
    shelf, ground = Shelf("lazyread", _MOST), _ground(bench, snapshot, table)
    keys = [Shelf.key(ground, json.dumps(list(names)).encode()) for names in groups]
    readings = {place: _kept(shelf.find(key)) if groups[place] else Reading({}) for place, key in enumerate(keys)}
    missing = {place: groups[place] for place, reading in readings.items() if reading is None}
    made = _made(bench, missing, lazy=table is not None)
    if made is None:
        return None
    _keep(bench, shelf, {keys[place]: reading for place, reading in made.items()})
    return [known or made[place] for place, known in readings.items()]


def _made(bench: StartupBench, missing: Mapping[int, Sequence[NameOf]], *, lazy: bool) -> dict[int, Reading] | None:
    """Readings of these groups, from a process; None where it did not live to say."""
    if not missing:
        return {}
    made = bench.read(bench.lazy if lazy else bench.eager, list(missing.values()), fork=lazy)
    return None if made is None or len(made) != len(missing) else dict(zip(missing, made, strict=True))


def _keep(bench: StartupBench, shelf: Shelf, readings: Mapping[bytes, Reading]) -> None:
    """Puts readings into the cache, without those that ended early, or that load code of the function's own."""
    own = {name for name, module in bench.modules.items() if module.first_party}
    for key, reading in readings.items():
        if not reading.ended and own.isdisjoint(reading.brought):
            shelf.put(key, _text(reading))
    shelf.close()


def _ground(bench: StartupBench, snapshot: Snapshot, table: Table | None) -> bytes:
    """A digest of what the values of names depend on."""
    function, interpreter = bench.function, bench.interpreter.resolve()
    stat = interpreter.stat()
    environment = clean_environment(function, Path("/var/task"))
    seen = [snapshot.order, snapshot.state, snapshot.held, snapshot.aliases, sorted(snapshot.odd)]
    return digest(
        _LABEL,
        f"{interpreter} {stat.st_mtime_ns} {stat.st_size} {function.module} {bench.settings.offline}".encode(),
        json.dumps([environment, bool(bench.base and bench.base.session.sdk)], sort_keys=True).encode(),
        json.dumps(seen, sort_keys=True).encode(),
        json.dumps(_rows(table or {}), sort_keys=True).encode(),
        bench.files,
    ).encode()


def _rows(table: Table) -> list[object]:
    return [
        [module, name, [[target.module, target.attribute, target.level] for target in targets]]
        for module, rows in sorted(table.items())
        for name, targets in sorted(rows.items())
    ]


def files_of(bench: StartupBench) -> str:
    """A digest of what ships, without own modules that only make names of their own."""
    own = (module for module in bench.modules.values() if module.first_party)
    plain = {module.path for module in own if _is_plain(module)}
    members = (member for member in bench.shaped.members if member.origin not in plain)
    return digest(*(part for member in members for part in (member.name, member.data)))


def _is_plain(module: SourceModule) -> bool:
    """Whether a module's top-level code changes no other module, as far as it can be read."""
    return not module.scan.touches and not module.scan.guarded and not module.alone


def _text(reading: Reading) -> bytes:
    values = [[module, name, value] for (module, name), value in reading.values.items()]
    return json.dumps({"values": values, "brought": sorted(reading.brought), "cpu_us": reading.cpu_us}).encode()


def _kept(data: bytes | None) -> Reading | None:
    return parse_reading(data.decode("utf-8", "replace")) if data else None
