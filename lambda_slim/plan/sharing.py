"""What do the functions of one project have in common, and what do only some of them use? Pure arithmetic."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from lambda_slim.model.sharing import LayerProposal, PartlyUsed, Sharing, Split

WORTH_BYTES = 1024**2  # zipped; less is not worth another thing to deploy
WORTH_SHARE = 0.1  # of what the functions weigh together
GROWTH = 0.2  # of a function's zip: what a layer may bring it that it has no use for
LIMIT_BYTES = 262_144_000  # unzipped, layers included
Key = tuple[str, str]  # (distribution, version); of own code ("", path)


@dataclass(frozen=True, slots=True)
class SharedItem:
    """One file that a function could ship.

    Attributes:
        owner: Its distribution; "" for the project's own.
        version: Of the distribution.
        code: Whether it is a module: only of those it is known who uses them.
        kept: Whether the plan ships it.
        used: Whether an import path from the handler leads to it.
    """

    path: str
    owner: str
    version: str
    bytes: int
    zipped_bytes: int
    code: bool
    kept: bool
    used: bool


@dataclass(frozen=True, slots=True)
class Side:
    """One function; `target` is what a layer must fit: `python3.12 x86_64`."""

    name: str
    target: str
    items: tuple[SharedItem, ...]


def compare(sides: Sequence[Side]) -> Sharing:
    """What only some of the functions use; nothing where no two of them carry the same."""
    carried: dict[Key, dict[str, list[SharedItem]]] = defaultdict(lambda: defaultdict(list))
    for side in sides:
        for item in side.items:
            if item.owner or item.code:
                carried[_key(item)][side.name].append(item)
    partly: dict[Key, frozenset[str]] = {}  # to the functions that use it
    for key, by_function in carried.items():
        users = frozenset(name for name, items in by_function.items() if any(item.used for item in items))
        if users and len(users) < len(by_function):
            partly[key] = users
    found = [_row(key, carried[key], users) for key, users in partly.items() if key[0]]
    found += _own_code({key[1]: users for key, users in partly.items() if not key[0]}, carried)
    ordered = sorted(found, key=lambda row: (-row.bytes, row.name))
    return Sharing(tuple(ordered), tuple(_split(side, partly) for side in sides) if partly else ())


def _key(item: SharedItem) -> Key:
    return (item.owner, item.version) if item.owner else ("", item.path)


def _row(key: Key, by_function: Mapping[str, Sequence[SharedItem]], users: frozenset[str]) -> PartlyUsed:
    largest = max(by_function.values(), key=lambda items: sum(item.bytes for item in items))
    return PartlyUsed(
        key[0] or key[1],
        key[1] if key[0] else "",
        sum(item.bytes for item in largest),
        sum(item.zipped_bytes for item in largest),
        tuple(sorted(users)),
        tuple(sorted(set(by_function) - users)),
    )


def _own_code(
    users: Mapping[str, frozenset[str]], carried: Mapping[Key, Mapping[str, Sequence[SharedItem]]]
) -> Iterable[PartlyUsed]:
    """Own modules by the widest folder that has nothing but modules of the same users."""
    every = [key[1] for key in carried if not key[0]]
    rows: dict[str, list[PartlyUsed]] = defaultdict(list)
    for path, by in users.items():
        place = next((folder for folder in _folders(path) if _uniform(folder, every, users, by)), path)
        rows[place].append(_row(("", path), carried["", path], by))
    for place, some in rows.items():
        size, zipped = sum(row.bytes for row in some), sum(row.zipped_bytes for row in some)
        unused = sorted({name for row in some for name in row.unused_by})
        yield PartlyUsed(place, "", size, zipped, some[0].used_by, tuple(unused))


def _uniform(folder: str, every: Iterable[str], users: Mapping[str, frozenset[str]], by: frozenset[str]) -> bool:
    return all(users.get(path) == by for path in every if path.startswith(folder))


def _folders(path: str) -> list[str]:
    parts = path.split("/")[:-1]
    return ["/".join(parts[:end]) + "/" for end in range(1, len(parts) + 1)]


def _split(side: Side, partly: Mapping[Key, frozenset[str]]) -> Split:
    spare = [item for item in side.items if side.name not in partly.get(_key(item), {side.name})]
    return Split(
        side.name,
        sum(item.bytes for item in side.items),
        sum(item.bytes for item in spare),
        sum(item.zipped_bytes for item in spare),
        sum(item.bytes for item in spare if not item.kept),
    )


def propose_layer(sides: Sequence[Side]) -> LayerProposal | None:
    """The layer that would save most of what is uploaded and stored; None where none pays.

    A distribution may be in it where all its functions ship the same version; the layer has what any of them ships.
    """
    ships: dict[tuple[str, Key], dict[str, dict[str, SharedItem]]] = defaultdict(lambda: defaultdict(dict))
    for side in sides:
        for item in side.items:
            if item.owner and item.kept:
                ships[side.target, _key(item)][side.name][item.path] = item
    groups = {(target, frozenset(by)) for (target, _), by in ships.items() if len(by) > 1}
    groups |= {(a[0], a[1] & b[1]) for a, b in combinations(groups, 2) if a[0] == b[0] and len(a[1] & b[1]) > 1}
    weights = {side.name: side for side in sides}
    found = [_proposal(target, names, ships, weights) for target, names in groups]
    paying = [one for one in found if one is not None]
    return max(paying, key=lambda one: (one.apart_zipped_bytes - one.zipped_bytes, one.functions), default=None)


def _proposal(
    target: str,
    names: frozenset[str],
    ships: Mapping[tuple[str, Key], Mapping[str, Mapping[str, SharedItem]]],
    sides: Mapping[str, Side],
) -> LayerProposal | None:
    shared = {key: by for (place, key), by in ships.items() if place == target and names <= by.keys()}
    layer: dict[str, SharedItem] = {}
    mine: dict[str, tuple[int, int]] = {}  # function to (zipped, unzipped) bytes of what it ships of the layer
    for name in names:
        files = [item for by in shared.values() for item in by[name].values()]
        mine[name] = sum(item.zipped_bytes for item in files), sum(item.bytes for item in files)
        for item in files:
            if item.path not in layer or layer[item.path].zipped_bytes < item.zipped_bytes:
                layer[item.path] = item
    zipped, size = sum(item.zipped_bytes for item in layer.values()), sum(item.bytes for item in layer.values())
    whole = {name: [item for item in sides[name].items if item.kept] for name in names}
    weight = {name: sum(item.zipped_bytes for item in items) for name, items in whole.items()}
    apart = sum(packed for packed, _ in mine.values())
    pays = apart - zipped >= max(WORTH_BYTES, WORTH_SHARE * sum(weight.values()))
    grows = any(zipped - mine[name][0] > GROWTH * weight[name] for name in names)
    full = any(sum(item.bytes for item in whole[name]) - mine[name][1] + size > LIMIT_BYTES for name in names)
    if not pays or grows or full:
        return None
    most = max(sorted(names), key=lambda name: zipped - mine[name][0])
    labels = sorted(f"{owner} {version}" for owner, version in shared)
    added = (most, zipped - mine[most][0])
    return LayerProposal(target, tuple(sorted(names)), tuple(labels), zipped, apart, added)
