"""What the probes wrote, as records."""

from typing import Any

from lambda_slim.formats.json_text import load_table
from lambda_slim.startup.records import ImportTarget, ModuleScan, Reading, Snapshot


def parse_scan(data: bytes) -> ModuleScan | None:
    """What `probe/lazify.py scan` answered of a module; None where it does not parse."""
    table = load_table(data)
    if not table:
        return None
    return ModuleScan(
        alone=table["alone"],
        names={name: tuple(ImportTarget(*row) for row in rows) for name, rows in table["names"].items()},
        refused=table["refused"],
        unread=frozenset(table["unread"]),
        imports=frozenset((module, attribute, level) for module, attribute, level in table["imports"]),
        bound=frozenset(table["bound"]),
        touches=frozenset((module, attribute, level) for module, attribute, level in table["touches"]),
        guarded=frozenset(
            (module, attribute, level, tuple(names)) for module, attribute, level, names in table["guarded"]
        ),
        uses=frozenset(table["uses"]),
        used=tuple(table["used"]),
        free=frozenset(table["free"]),
    )


def parse_snapshots(record: str) -> tuple[Snapshot, ...]:
    """The snapshots in what a life recorded, in order; a line cut short is passed over."""
    snapshots = []
    for line in record.splitlines():
        if not line.startswith('{"kind": "startup"'):
            continue
        try:
            snapshots.append(_snapshot(load_table(line)["what"]))
        except (AttributeError, KeyError, TypeError, ValueError):
            continue  # cut short, or not ours
    return tuple(snapshots)


def _snapshot(row: dict[str, Any]) -> Snapshot:
    return Snapshot(
        turn=row["turn"],
        cpu_us=row["cpu_us"],
        read=frozenset((str(module), str(name)) for module, name in row["read"]),
        modules=frozenset(row["modules"]),
        odd=frozenset(row["odd"]),
        state=row["state"],
        aliases=row["aliases"],
        blamed={key: tuple(modules) for key, modules in row["blamed"].items()},
        became={key: tuple((module, value) for module, value in rows) for key, rows in row["became"].items()},
        grown=tuple(row["grown"]),
        order=tuple(row["modules"]),
        patterns=tuple((kind, text, flags) for kind, text, flags in row["patterns"]),
        texts=tuple((module, text, file, mode, flags) for module, text, file, mode, flags in row["texts"]),
        places=row["places"],
        values={(module, name): value for module, name, value in row["values"]},
        garbage=tuple((module, what) for module, what in row["garbage"]),
        held={key: (size, tuple(owners)) for key, (size, owners) in row["held"].items()},
    )


def parse_readings(text: str) -> tuple[Reading, ...] | None:
    """What `probe/names.py` answered, a reading for each group of names; None where it is anything else."""
    try:
        return tuple(_reading(row) for row in load_table(text)["groups"])
    except (AttributeError, KeyError, TypeError, ValueError):
        return None


def parse_reading(text: str) -> Reading | None:
    """One reading, as JSON; None where it is anything else."""
    try:
        return _reading(load_table(text))
    except (AttributeError, KeyError, TypeError, ValueError):
        return None


def _reading(row: dict[str, Any]) -> Reading:
    values = {(str(module), str(name)): str(value) for module, name, value in row["values"]}
    return Reading(values, frozenset(row["brought"]), int(row["cpu_us"]), bool(row.get("ended")))
