"""The figures of a package: what the usual tool would ship, what ships, and what of that is bytecode.

Other figures are sums of these: of files as they lie in the zip, headers included, so that parts add up to the whole.
"""

import json
import zipfile
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from lambda_slim.base.cache import digest, load, store
from lambda_slim.base.files import file_signature
from lambda_slim.base.remember import of_same_objects
from lambda_slim.base.rows import total_size
from lambda_slim.base.shelf import Memory, Shelf
from lambda_slim.bundle.archive import END_BYTES, header_bytes, pack_and_weigh, packed_sizes
from lambda_slim.bundle.reading import MOST_READ, read_file
from lambda_slim.formats.deflation import USUAL_LEVEL, deflate_level, is_large
from lambda_slim.inputs.file_kinds import kind_of
from lambda_slim.model.decision import Plan
from lambda_slim.model.distribution import Resolution
from lambda_slim.model.file import File
from lambda_slim.model.function import Function
from lambda_slim.model.member import Archive, Member
from lambda_slim.model.report import Sizes

_BATCH = 1 << 25  # bytes that are in memory at a time


@dataclass(frozen=True, slots=True)
class UsualPackage:
    """What there is before anything is left out.

    Attributes:
        sizes: The whole.
        zipped: Bytes that each file takes in the zip, headers included.
    """

    sizes: Sizes
    zipped: Mapping[str, int]


@of_same_objects(2)
def usual_zip(files: Sequence[File], resolution: Resolution) -> Mapping[str, int]:
    """Bytes that each file takes in the zip of the usual tool: every distribution whole, first-party code beside it.

    What a dependency tree takes is kept under its digest: the same for every function and every run.
    """
    tree = resolution.tree
    installed = [file for file in files if tree is not None and file.source.is_relative_to(tree)]
    placed = {file.path for file in installed}
    others = [file for file in files if file.path not in placed]
    return {**(_installed(installed, resolution.key) if installed else {}), **_compressed(others)}


def _installed(files: Sequence[File], key: str) -> dict[str, int]:
    kept = digest("usual-1", key)
    known = load("listings", kept)
    sizes: dict[str, int] = json.loads(known) if known else {}
    if missing := [file for file in files if file.path not in sizes]:
        sizes |= _compressed(missing)
        store("listings", kept, json.dumps(sizes, sort_keys=True).encode())
    return {file.path: sizes[file.path] for file in files}


def full_package(files: Sequence[File], resolution: Resolution, function: Function) -> UsualPackage:
    """The full package: as the usual tool would ship it, or the package that another tool built as it is.

    What is far too large for a package is not compressed: its zipped sizes are 0, which stands for not known.

    Raises:
        PackageError: a file cannot be read.
    """
    artifact = function.artifact
    if artifact is not None and artifact.is_file() and function.image is None:
        with zipfile.ZipFile(artifact) as archive:
            packed = {info.filename: info.compress_size for info in archive.infolist()}
        zipped = {file.path: header_bytes(file.path) + packed.get(file.path, 0) for file in files}
        return UsualPackage(replace(usual_sizes(files, zipped), zipped_bytes=artifact.stat().st_size), zipped)
    total = total_size(files)
    if total > MOST_READ:
        return UsualPackage(Sizes(total, 0, len(files)), {file.path: 0 for file in files})
    zipped = dict(usual_zip(files, resolution))
    return UsualPackage(usual_sizes(files, zipped), zipped)


def usual_sizes(files: Sequence[File], zipped: Mapping[str, int]) -> Sizes:
    """The full package; `zipped` as `usual_zip` gives it."""
    return Sizes(total_size(files), sum(zipped.values()) + END_BYTES, len(files))


def _compressed(files: Sequence[File]) -> dict[str, int]:
    """Path to bytes in a zip; so many files at a time as fit into memory.

    What may ship at the same level is kept as it is packed, so that it is not packed again.
    """
    zipped: dict[str, int] = {}
    shelf = Shelf("deflated")
    weigh = pack_and_weigh if is_large(total_size(files)) else packed_sizes
    for batch in _batches(files):
        sizes = weigh([read_file(file) for file in batch], USUAL_LEVEL, shelf)
        zipped |= {file.path: header_bytes(file.path) + size for file, size in zip(batch, sizes, strict=True)}
    shelf.close()
    return zipped


_SIZES: Memory[int] = Memory(1 << 24)  # bytes in a zip, which functions ask for of the same files


def _sizes_in_zip(files: Iterable[File], level: int) -> dict[File, int]:
    """Bytes of files in a zip at a level, without headers."""
    keys = {file: (file, file_signature(file.source), level) for file in files}
    sizes = {file: size for file, key in keys.items() if (size := _SIZES.find(key)) is not None}
    missing = [file for file in keys if file not in sizes]
    if missing:
        shelf = Shelf("deflated")
        packed = packed_sizes([read_file(file) for file in missing], level, shelf)
        shelf.close()
        sizes |= {
            file: _SIZES.put(keys[file], size, len(file.path)) for file, size in zip(missing, packed, strict=True)
        }
    return sizes


def _batches(files: Iterable[File]) -> Iterable[list[File]]:
    batch: list[File] = []
    size = 0
    for file in files:
        if batch and size + file.size > _BATCH:
            yield batch
            batch, size = [], 0
        batch.append(file)
        size += file.size
    if batch:
        yield batch


@dataclass(frozen=True, slots=True)
class Shipped:
    """A written zip, by the package path of the file that each member was made from; headers count as zipped.

    Attributes:
        archive: The zip.
        origins: Member names to package paths of files.
    """

    archive: Archive
    origins: Mapping[str, str]

    @property
    def sizes(self) -> Sizes:
        """The sizes of the full package."""
        return Sizes(self.archive.unzipped, self.archive.zipped, len(self.archive.members))

    @property
    def bytecode(self) -> Sizes:
        """What of it is bytecode."""
        return self._sum(name for name in self.archive.members if name.endswith(".pyc"))

    @property
    def by_kind(self) -> tuple[tuple[str, int], ...]:
        """Unzipped bytes by kind of member, most first; they add up to the package."""
        kinds: dict[str, int] = {}
        for name, (size, _) in self.archive.members.items():
            kind = kind_of(name).value
            kinds[kind] = kinds.get(kind, 0) + size
        return tuple(sorted(kinds.items(), key=lambda row: (-row[1], row[0])))

    def unzipped(self) -> dict[str, int]:
        """Bytes by the file that members were made from."""
        return self._by_file(lambda name: self.archive.members[name][0])

    def zipped(self) -> dict[str, int]:
        """Bytes in the zip by the file that members were made from; they and the zip's end add up to it."""
        return self._by_file(lambda name: self.archive.members[name][1] + header_bytes(name))

    def without(self, paths: Collection[str]) -> Sizes:
        """What of the package was made from some files: what would go with them."""
        return self._sum(name for name in self.archive.members if self.origins.get(name, name) in paths)

    def plain_zipped(self, plan: Plan, members: Iterable[Member], *, release: bool) -> int:
        """What the zip would weigh with source in place of all bytecode, in bytes."""
        names = self.archive.members.keys()
        sources = {file.path: file for file in plan.kept}
        replaced = {member.origin for member in members if member.name.endswith(".pyc")} - set(names)
        missing = [sources[path] for path in sorted(replaced & sources.keys())]
        level = deflate_level(release=release, size=self.archive.unzipped)
        more = sum(header_bytes(file.path) + size for file, size in _sizes_in_zip(missing, level).items())
        return self.archive.zipped - self.bytecode.zipped_bytes + more

    def _by_file(self, size: Callable[[str], int]) -> dict[str, int]:
        sizes: dict[str, int] = {}
        for name in self.archive.members:
            origin = self.origins.get(name, name)
            sizes[origin] = sizes.get(origin, 0) + size(name)
        return sizes

    def _sum(self, names: Iterable[str]) -> Sizes:
        rows = [(name, *self.archive.members[name]) for name in names]
        zipped = sum(packed + header_bytes(name) for name, _, packed in rows)
        return Sizes(sum(size for _, size, _ in rows), zipped, len(rows))
