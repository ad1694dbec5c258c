"""What several functions need of their layers together."""

import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeVar

from lambda_slim.bundle.distinfo import NOTICES, merge_licences, mergeable
from lambda_slim.bundle.layout import lay_files
from lambda_slim.bundle.reading import zip_members
from lambda_slim.inputs.builds.adopt import adopted
from lambda_slim.inputs.builds.records import ToolPackage
from lambda_slim.inputs.functions.records import Declared
from lambda_slim.inputs.inventory import folder_files
from lambda_slim.inputs.layers import read_layers
from lambda_slim.inputs.prebuilt import unpacked
from lambda_slim.model.file import File, FileKind
from lambda_slim.model.function import Function
from lambda_slim.model.layer import Layer
from lambda_slim.model.member import Member
from lambda_slim.model.report import FileRow
from lambda_slim.model.settings import Settings, Startup
from lambda_slim.tasks.shared_layer import source_of

_Row = TypeVar("_Row")


@dataclass(frozen=True, slots=True)
class LayerFile:
    """A file of a layer that an import finds.

    Attributes:
        place: The layer.
        folder: The folder in it that is on `sys.path`: `python/`.
        source: Where its bytes are.
    """

    place: Path
    folder: str
    source: Path


Held = Mapping[str, LayerFile]  # files of layers, by the path below their folder of `sys.path`


@dataclass(slots=True)
class LayerUnion:
    """What the functions that were looked at need of some layers.

    Attributes:
        origins: Layers as the build names them, to where they lie as their tool built them.
        settings: By which functions are planned.
        roots: The same layers as folders.
    """

    origins: Mapping[Path, Path]
    settings: Settings
    roots: dict[Path, Path] = field(init=False)
    _members: dict[tuple[Path, str], Member] = field(default_factory=dict)
    _unlike: dict[tuple[Path, str], LayerFile] = field(default_factory=dict)
    _importable: set[Path] = field(default_factory=set)
    _licences: dict[tuple[Path, str], dict[str, File]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Imports of a layer do not wait: other functions have it too."""
        tables = tuple(replace(table, startup=None) for table in self.settings.functions)
        self.settings = replace(self.settings, startup=Startup.EAGER, functions=tables)
        self.roots = {place: unpacked(origin) for place, origin in self.origins.items()}

    def learn(self, held: Held, package: Path, kept: Iterable[FileRow]) -> None:
        """Adds the files of layers that a slim package has.

        Args:
            held: The files of the layers, by their paths in the package.
            package: The slim package.
            kept: What it is made from; licences are merged in it.
        """
        self._importable.update(file.source for file in held.values())
        for member in zip_members(package):
            path = member.name if member.name in held else source_of(member.name)
            if file := held.get(path):
                self._take(file, path, member)
        for row in kept:
            if file := held.get(row.path):
                licence = File(row.path, file.source, row.bytes, row.distribution, FileKind(row.kind))
                if mergeable(licence):
                    self._licences.setdefault((file.place, file.folder), {})[row.path] = licence

    def _take(self, file: LayerFile, path: str, member: Member) -> None:
        key = (file.place, file.folder + member.name)
        known = self._members.setdefault(key, replace(member, name=key[1]))
        if known.data != member.data:  # cut for each function: all of it ships
            self._unlike[(file.place, file.folder + path)] = file

    def members(self, place: Path) -> tuple[Member, ...]:
        """The members of the slim layer; none where no function needs any of it.

        Files that no import finds (programs, shared libraries, data beside `python/`) stay.
        """
        kept = _at(place, self._members)
        if not kept and self._found(place):
            return ()
        whole = {name: file.source for name, file in _at(place, self._unlike).items()} | self._unseen(place)
        kept |= {name: _whole(name, source) for name, source in whole.items()}
        for folder, licences in _at(place, self._licences).items():
            if notices := merge_licences(licences.values()):
                kept.setdefault(folder + NOTICES, replace(notices, name=folder + NOTICES))
        return tuple(kept[name] for name in sorted(kept))

    def _unseen(self, place: Path) -> dict[str, Path]:
        """Files that no import finds, by their path in the layer."""
        root = self.roots[place]
        sources = (file.source for file in folder_files(root))
        return {source.relative_to(root).as_posix(): source for source in sources if source not in self._importable}

    def _found(self, place: Path) -> bool:
        root = self.roots[place]
        return any(source.is_relative_to(root) for source in self._importable)

    def size(self, place: Path) -> int:
        """Bytes of a layer as its tool built it."""
        return sum(path.stat().st_size for path in self.roots[place].rglob("*") if path.is_file())


def _at(place: Path, rows: Mapping[tuple[Path, str], _Row]) -> dict[str, _Row]:
    return {name: row for (layer, name), row in rows.items() if layer == place}


def _whole(name: str, source: Path) -> Member:
    return Member(name, source.read_bytes(), bool(source.stat().st_mode & 0o100))


def with_content(row: Declared, places: Mapping[Path, Path]) -> Declared:
    """A function with other content of its layers."""
    return replace(row, layers=tuple(_moved(layer, places) for layer in row.layers))


def _moved(layer: Layer, places: Mapping[Path, Path]) -> Layer:
    place = places.get(layer.content.resolve()) if layer.content else None
    return replace(layer, content=place, built=False) if place else layer


@contextmanager
def beside_layers(
    package: ToolPackage, row: Declared, origin: Path, union: LayerUnion
) -> Iterator[tuple[Function, Held]]:
    """A function whose package has its layers' files too, and which of its files those are.

    What the function has itself comes first, as on Lambda.
    """
    with tempfile.TemporaryDirectory(prefix="lambda-slim-") as name:
        folder = Path(name) / package.place.stem
        moved = with_content(row, union.roots)
        (function,) = adopted(replace(package, functions=(moved,)), origin, union.settings)
        own = [layer for layer in moved.layers if layer.content in union.roots.values()]
        files = read_layers(replace(function, layers=tuple(own)), union.settings).importable
        lay_files(files, folder)
        shutil.copytree(unpacked(origin), folder, dirs_exist_ok=True, ignore_dangling_symlinks=True)
        rest = tuple(
            layer for layer in row.layers if layer.content is None or layer.content.resolve() not in union.origins
        )
        whole = replace(row, layers=rest)
        (joined,) = adopted(replace(package, functions=(whole,)), folder, union.settings)
        yield joined, dict(_held(files, unpacked(origin), union))


def _others(row: Declared, union: LayerUnion) -> Iterator[Layer]:
    return (layer for layer in row.layers if not layer.content or layer.content.resolve() not in union.origins)


def _held(files: tuple[File, ...], own: Path, union: LayerUnion) -> Iterator[tuple[str, LayerFile]]:
    """Files of layers that the function does not have itself."""
    roots = {root: place for place, root in union.roots.items()}
    for file in files:
        root = next((root for root in roots if file.source.is_relative_to(root)), None)
        if root is not None and not (own / file.path).exists():
            inside = file.source.relative_to(root).as_posix()
            yield file.path, LayerFile(roots[root], inside[: -len(file.path)], file.source)
