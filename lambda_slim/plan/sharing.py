"""What do the functions of a project have in common, and what do only some of them use?"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, combinations

from lambda_slim.base.package_paths import folders
from lambda_slim.base.rows import by_name, total_bytes
from lambda_slim.model.sharing import LayerProposal, PartlyUsed

WORTH_BYTES = 1024**2  # zipped; less is not worth another thing to deploy
WORTH_SHARE = 0.1  # of what the functions weigh together
GROWTH = 0.2  # of a function's zip: what a layer may bring it that it has no use for
LIMIT_BYTES = 262_144_000  # unzipped, layers included
Key = tuple[str, str]  # (distribution, version); of first-party code ("", path)
Carried = Mapping[Key, Mapping[str, Sequence["SharedItem"]]]  # to what each function carries of it


@dataclass(frozen=True, slots=True)
class SharedItem:
    """One file that a function could ship.

    Attributes:
        owner: Its distribution; "" for first-party code.
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
    """A function in the comparison; `target` is what a layer has to fit: `python3.12 x86_64`."""

    name: str
    target: str
    items: tuple[SharedItem, ...]


@dataclass(frozen=True, slots=True)
class Unneeded:
    """What a function carries that only other functions use.

    Attributes:
        distributions: Their names.
        paths: First-party modules.
        bytes: Of their files, unzipped.
    """

    distributions: frozenset[str] = frozenset()
    paths: frozenset[str] = frozenset()
    bytes: int = 0


def compare(sides: Sequence[Side]) -> tuple[PartlyUsed, ...]:
    """What only some of the functions use, most bytes first; nothing where no two of them carry the same."""
    carried = _carried(sides)
    partly = _partly(carried)
    rows = [_row(key, carried[key], names) for key, names in partly.items() if key[0]]
    rows += _first_party({path: names for (owner, path), names in partly.items() if not owner}, carried)
    return tuple(sorted(rows, key=lambda row: (-row.bytes, row.name)))


def spare_of(sides: Sequence[Side]) -> Mapping[str, Unneeded]:
    """By function: what it would not have in a project of its own. Functions without any are not in it."""
    partly = _partly(_carried(sides))
    spares = {side.name: _spare(side, partly) for side in sides}
    return {name: spare for name, spare in spares.items() if spare.bytes}


def _partly(carried: Carried) -> Mapping[Key, frozenset[str]]:
    """What some but not all of its functions use, to those that do."""
    users = {key: _users(by_function) for key, by_function in carried.items()}
    return {key: names for key, names in users.items() if 0 < len(names) < len(carried[key])}


def _carried(sides: Iterable[Side]) -> Carried:
    """The files of each distribution and each first-party module, by function."""
    carried: dict[Key, dict[str, list[SharedItem]]] = defaultdict(lambda: defaultdict(list))
    for side in sides:
        for item in side.items:
            if item.owner or item.code:
                carried[_key(item)][side.name].append(item)
    return carried


def _users(by_function: Mapping[str, Sequence[SharedItem]]) -> frozenset[str]:
    """The functions that use any file of a group."""
    return frozenset(name for name, items in by_function.items() if any(item.used for item in items))


def _key(item: SharedItem) -> Key:
    return (item.owner, item.version) if item.owner else ("", item.path)


def _row(key: Key, by_function: Mapping[str, Sequence[SharedItem]], users: frozenset[str]) -> PartlyUsed:
    largest = max(by_function.values(), key=total_bytes)
    return PartlyUsed(
        key[0] or key[1],
        key[1] if key[0] else "",
        total_bytes(largest),
        sum(item.zipped_bytes for item in largest),
        tuple(sorted(users)),
        tuple(sorted(set(by_function) - users)),
    )


def _first_party(users: Mapping[str, frozenset[str]], carried: Carried) -> Iterator[PartlyUsed]:
    """First-party modules by the widest folder in which all modules have the same users."""
    paths = [path for owner, path in carried if not owner]
    rows: dict[str, list[PartlyUsed]] = defaultdict(list)
    for path, names in users.items():
        below = (f"{folder}/" for folder in folders(path))
        uniform = (folder for folder in below if _uniform(folder, paths, users, names))
        rows[next(uniform, path)].append(_row(("", path), carried["", path], names))
    for place, modules in rows.items():
        yield _merged(place, modules)


def _merged(place: str, modules: Sequence[PartlyUsed]) -> PartlyUsed:
    """The modules of one folder as one row; they have the same users."""
    size, zipped = total_bytes(modules), sum(row.zipped_bytes for row in modules)
    unused = sorted({name for row in modules for name in row.unused_by})
    return PartlyUsed(place, "", size, zipped, modules[0].used_by, tuple(unused))


def _uniform(folder: str, paths: Iterable[str], users: Mapping[str, frozenset[str]], names: frozenset[str]) -> bool:
    """Whether all modules of a folder have these users."""
    return all(users.get(path) == names for path in paths if path.startswith(folder))


def _spare(side: Side, partly: Mapping[Key, frozenset[str]]) -> Unneeded:
    items = [item for item in side.items if side.name not in partly.get(_key(item), {side.name})]
    return Unneeded(
        frozenset(item.owner for item in items if item.owner),
        frozenset(item.path for item in items if not item.owner),
        total_bytes(items),
    )


def propose_layer(sides: Sequence[Side]) -> LayerProposal | None:
    """The layer that would save most of what is uploaded and stored; None where no layer pays.

    A distribution may be in it where all its functions ship the same version; the layer has what any of them ships.
    What its functions really ship less, a plan with the layer says.
    """
    ships = _ships(sides)
    groups = _groups(ships)
    known = by_name(sides)
    proposals = (_proposal(target, names, ships, known) for target, names in groups)
    return max(filter(None, proposals), key=lambda layer: (_saves(layer), layer.functions), default=None)


def _saves(layer: LayerProposal) -> int:
    return layer.apart_zipped_bytes - layer.zipped_bytes


Ships = Mapping[tuple[str, Key], Mapping[str, Mapping[str, SharedItem]]]


def _ships(sides: Iterable[Side]) -> Ships:
    """What ships of each distribution, by target, function and path."""
    ships: dict[tuple[str, Key], dict[str, dict[str, SharedItem]]] = defaultdict(lambda: defaultdict(dict))
    for side in sides:
        for item in side.items:
            if item.owner and item.kept:
                ships[side.target, _key(item)][side.name][item.path] = item
    return ships


def _groups(ships: Ships) -> set[tuple[str, frozenset[str]]]:
    """Groups of functions of one target that share a distribution, and the overlaps of two such groups."""
    groups = {(target, frozenset(by_function)) for (target, _), by_function in ships.items() if len(by_function) > 1}
    for (target, names), (other_target, others) in combinations(tuple(groups), 2):
        if target == other_target and len(names & others) > 1:
            groups.add((target, names & others))
    return groups


@dataclass(frozen=True, slots=True)
class _Weight:
    """Bytes of some files, in a zip and unzipped."""

    zipped: int
    bytes: int


@dataclass(frozen=True, slots=True)
class _Part:
    """What a function ships: of the layer's distributions, and in total."""

    shared: _Weight
    all: _Weight

    def added(self, layer: _Weight) -> int:
        """Zipped bytes of the layer that the function does not use."""
        return layer.zipped - self.shared.zipped

    def has_room(self, layer: _Weight) -> bool:
        """Whether the function stays within its limits with the layer, and uses enough of it."""
        unzipped = self.all.bytes - self.shared.bytes + layer.bytes
        return self.added(layer) <= GROWTH * self.all.zipped and unzipped <= LIMIT_BYTES


def _proposal(target: str, names: frozenset[str], ships: Ships, sides: Mapping[str, Side]) -> LayerProposal | None:
    """The layer of everything that some functions share; None where it does not pay."""
    shared = {key: files for (place, key), files in ships.items() if place == target and names <= files.keys()}
    items = {name: [*chain.from_iterable(files[name].values() for files in shared.values())] for name in names}
    layer = _weigh(_largest(chain.from_iterable(items.values())))
    parts = {name: _Part(_weigh(items[name]), _weigh(filter(_is_kept, sides[name].items))) for name in names}
    if not _pays(layer, parts.values()):
        return None
    most = max(sorted(names), key=lambda name: parts[name].added(layer))
    labels = sorted(f"{owner} {version}" for owner, version in shared)
    apart = sum(part.shared.zipped for part in parts.values())
    added = most, parts[most].added(layer)
    return LayerProposal(target, tuple(sorted(names)), tuple(labels), layer.zipped, apart, added)


def _pays(layer: _Weight, parts: Collection[_Part]) -> bool:
    """Whether a layer saves enough to justify a further deployable, and every function has room for it."""
    saved = sum(part.shared.zipped for part in parts) - layer.zipped
    return is_worth(saved, sum(part.all.zipped for part in parts)) and all(part.has_room(layer) for part in parts)


def is_worth(saved: int, zipped: int) -> bool:
    """Whether a layer saves enough of what its functions weigh together to be another thing to deploy."""
    return saved >= max(WORTH_BYTES, WORTH_SHARE * zipped)


def _is_kept(item: SharedItem) -> bool:
    return item.kept


def _largest(items: Iterable[SharedItem]) -> list[SharedItem]:
    """Of the files of each path, the one that is largest in a zip."""
    largest: dict[str, SharedItem] = {}
    for item in items:
        if item.path not in largest or largest[item.path].zipped_bytes < item.zipped_bytes:
            largest[item.path] = item
    return list(largest.values())


def _weigh(items: Iterable[SharedItem]) -> _Weight:
    files = tuple(items)
    return _Weight(sum(item.zipped_bytes for item in files), total_bytes(files))
