"""The file system that the layers of an image make together, by name; this module opens none of its files."""

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from lambda_slim.base.errors import PackageError
from lambda_slim.base.rows import total_size

WHITEOUT, OPAQUE = ".wh.", ".wh..wh..opq"
MOST_ENTRIES = 1_000_000
MOST_BYTES = 24 * 1024**3  # of all layers; an image over the 10 GiB of Lambda may be looked at, but not without end
_MOST_LINKS = 40  # links on the way to one file, as Linux has it
_LONGEST = 4096  # bytes of a path


class EntryKind(StrEnum):
    """What an entry of an image is."""

    FILE = "file"
    FOLDER = "folder"
    LINK = "link"


@dataclass(frozen=True, slots=True)
class ImageEntry:
    """A file, folder or symbolic link of an image.

    Attributes:
        layer: The number of the layer that has its bytes.
        name: Its name there, which is another one for a hard link.
        size: Bytes.
        mode: Permissions.
        target: Where a link leads.
    """

    kind: EntryKind
    layer: int
    name: str
    size: int = 0
    mode: int = 0o644
    target: str = ""


@dataclass(slots=True)
class ImageTree:
    """The entries of an image, by path without a leading slash; `hidden` counts bytes that higher layers hide."""

    entries: dict[str, ImageEntry] = field(default_factory=dict)
    inner: dict[str, set[str]] = field(default_factory=dict)
    hidden: int = 0
    read: int = 0  # bytes of all layers
    count: int = 0  # entries of all layers

    def add(self, path: str, entry: ImageEntry) -> None:
        """Puts an entry where it belongs; what lower layers have there is gone, but a folder that stays one.

        Raises:
            PackageError: there are more entries or bytes than an image may have.
        """
        path = self.placed(path)
        self.count += 1
        self.read += entry.size
        if self.count > MOST_ENTRIES or self.read > MOST_BYTES:
            raise PackageError(
                f"the image unpacks to more than {MOST_ENTRIES} entries or {MOST_BYTES >> 30} GiB",
                cause="it looks like an archive bomb",
                hint="Lambda takes 10 GiB",
            )
        old = self.entries.get(path)
        if old and not (old.kind is entry.kind is EntryKind.FOLDER):
            self.remove(path)
        self.entries[path] = entry
        if path:
            self._found_folder(posixpath.dirname(path), entry.layer)
            self.inner.setdefault(posixpath.dirname(path), set()).add(path)

    def placed(self, path: str) -> str:
        """Where an entry of a layer goes: links in the folders above it are followed, as those who unpack layers do."""
        folder, name = posixpath.split(path)
        real = self.resolve(folder) if folder else ""
        return path if real is None else posixpath.join(real, name)

    def _found_folder(self, path: str, layer: int) -> None:
        """Folders above an entry, which a layer need not name."""
        while path and (path not in self.entries or self.entries[path].kind is EntryKind.FILE):
            if path in self.entries:
                self.remove(path)
            self.entries[path] = ImageEntry(EntryKind.FOLDER, layer, path, mode=0o755)
            self.inner.setdefault(posixpath.dirname(path), set()).add(path)
            path = posixpath.dirname(path)

    def remove(self, path: str, below: int | None = None) -> None:
        """Takes an entry away with all that is in it; with `below`, only what layers under that one have."""
        waiting = [path]
        order = []
        while waiting:
            here = waiting.pop()
            order.append(here)
            waiting += self.inner.get(here, ())
        for here in reversed(order):
            entry = self.entries.get(here)
            if entry is None or (below is not None and (entry.layer >= below or self.inner.get(here))):
                continue
            self.hidden += entry.size
            del self.entries[here]
            self.inner.pop(here, None)
            self.inner.get(posixpath.dirname(here), set()).discard(here)

    def white_out(self, path: str, layer: int) -> None:
        """Hides what lower layers have: `.wh.NAME` the entry NAME, `.wh..wh..opq` all that is in its folder."""
        folder, name = posixpath.split(self.placed(path))
        if name == OPAQUE:
            for inner in [*self.inner.get(folder, ())]:
                self.remove(inner, below=layer)
        else:
            self.remove(posixpath.join(folder, name.removeprefix(WHITEOUT)), below=layer)

    def resolve(self, path: str) -> str | None:
        """The path of what a path leads to through links, none of which leads out of the root; None for nothing."""
        parts, at, links = path.strip("/").split("/"), "", 0
        while parts:
            part = parts.pop(0)
            if part in ("", "."):
                continue
            if part == "..":
                at = posixpath.dirname(at)
                continue
            here = f"{at}/{part}" if at else part
            entry = self.entries.get(here)
            if entry is None:
                return None
            if entry.kind is not EntryKind.LINK:
                at = here
                continue
            links += 1
            if links > _MOST_LINKS or len(entry.target) > _LONGEST:
                return None
            at = "" if entry.target.startswith("/") else at
            parts = [*entry.target.strip("/").split("/"), *parts]
        return at

    def file(self, path: str) -> ImageEntry | None:
        """The file that a path leads to."""
        resolved = self.resolve(path)
        entry = self.entries.get(resolved) if resolved else None
        return entry if entry and entry.kind is EntryKind.FILE else None

    def names(self, folder: str) -> list[str]:
        """The names in the folder that a path leads to, sorted."""
        resolved = self.resolve(folder)
        return sorted(posixpath.basename(path) for path in self.inner.get(resolved, ())) if resolved is not None else []

    def files(self, folder: str) -> Iterator[tuple[str, ImageEntry]]:
        """(path below it, entry) of every file that a folder leads to, links followed; those that go round are not."""
        yield from self._files(folder.strip("/"), "", frozenset())

    def _files(self, folder: str, below: str, above: frozenset[str]) -> Iterator[tuple[str, ImageEntry]]:
        real = self.resolve(folder)
        if real is None or real in above:
            return
        for name in self.names(real):
            path, shown = posixpath.join(real, name), posixpath.join(below, name)
            target = self.resolve(path)
            entry = self.entries.get(target) if target else None
            if entry and entry.kind is EntryKind.FILE:
                yield shown, entry
            elif entry and entry.kind is EntryKind.FOLDER:
                yield from self._files(path, shown, above | {real})

    @property
    def size(self) -> int:
        """Bytes of all files that are seen."""
        return total_size(self.entries.values())
