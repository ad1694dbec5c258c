"""The layers of an image, read as streams: first what there is, then the bytes of the files that matter."""

import hashlib
import os
import posixpath
import stat
import tarfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO, cast

from lambda_slim.base.errors import PackageError
from lambda_slim.inputs.images.archive import DAMAGE, ImageParts, damaged, unpacking
from lambda_slim.inputs.images.tree import MOST_BYTES, OPAQUE, WHITEOUT, EntryKind, ImageEntry, ImageTree

_BLOCK = 1 << 20
_LONGEST = 4096

Take = Callable[[str, IO[bytes]], None]


class _Counted:
    """A stream that hashes and counts what is read of it, and ends where an image cannot go on."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self.digest = hashlib.sha256()
        self.count = 0

    def read(self, size: int = -1) -> bytes:
        """As any file."""
        data = self._stream.read(_BLOCK if size < 0 else size)
        self.digest.update(data)
        self.count += len(data)
        if self.count > MOST_BYTES:
            raise ValueError("a layer unpacks without end")
        return data


def read_layers(parts: ImageParts, name: str) -> tuple[ImageTree, tuple[int, ...]]:
    """The file system of an image, and the bytes of each of its layers; every layer is held to its digest.

    Raises:
        PackageError: a layer is damaged, not the one that the configuration names, or has a name that leads out.
    """
    tree, sizes = ImageTree(), []
    for number, layer in enumerate(parts.layers):
        before = tree.read
        try:
            with _opened(parts, layer) as (stream, archive):
                for member in archive:
                    _enter(tree, member, number, name)
                while stream.read():
                    pass
        except PackageError:
            raise
        except DAMAGE as error:
            raise damaged(name, error) from error
        wanted = parts.config.diff_ids[number] if number < len(parts.config.diff_ids) else ""
        if wanted.startswith("sha256:") and wanted != f"sha256:{stream.digest.hexdigest()}":
            raise damaged(name, ValueError(f"layer {number + 1} does not have the digest {wanted[:19]}…"))
        sizes.append(tree.read - before)
    return tree, tuple(sizes)


@contextmanager
def _opened(parts: ImageParts, layer: str) -> Iterator[tuple[_Counted, tarfile.TarFile]]:
    with parts.blobs.open(layer) as raw, unpacking(raw) as plain:
        stream = _Counted(plain)
        with tarfile.open(fileobj=cast(IO[bytes], stream), mode="r|") as archive:
            yield stream, archive


def _enter(tree: ImageTree, member: tarfile.TarInfo, layer: int, name: str) -> None:
    path = _inside(member.name, name)
    base = posixpath.basename(path)
    if base in (WHITEOUT, f"{WHITEOUT}.", f"{WHITEOUT}.."):
        raise _leads_out(member.name, name)  # it would hide the folder that it lies in, or one above
    if base == OPAQUE or (base.startswith(WHITEOUT) and not base.startswith(f"{WHITEOUT}{WHITEOUT}")):
        tree.white_out(path, layer)
    elif member.isdir():
        tree.add(path, ImageEntry(EntryKind.FOLDER, layer, member.name, mode=member.mode))
    elif member.issym():
        tree.add(path, ImageEntry(EntryKind.LINK, layer, member.name, mode=member.mode, target=member.linkname))
    elif member.islnk():
        there = tree.entries.get(tree.placed(_inside(member.linkname, name)))
        if there is not None:
            tree.add(path, there)
            tree.read -= there.size
    elif member.isreg():
        tree.add(path, ImageEntry(EntryKind.FILE, layer, member.name, member.size, member.mode))


def _inside(path: str, name: str) -> str:
    """A member's path from the root.

    Raises:
        PackageError: it leads out of it.
    """
    plain = posixpath.normpath(path.lstrip("/")) if path.strip("/") else ""
    if ".." in path.split("/") or "\0" in path or len(path) > _LONGEST:
        raise _leads_out(path, name)
    return "" if plain == "." else plain


def _leads_out(path: str, name: str) -> PackageError:
    return PackageError(
        f"a layer of `{name}` has a name that leads out of the image",
        cause=f"`{path[:80]}`",
        hint="no tool that builds images writes such a name; do not trust this one",
    )


def take_files(parts: ImageParts, wanted: Mapping[tuple[int, str], object], take: Take, name: str) -> None:
    """Gives the bytes of files to a function, layer by layer.

    Args:
        parts: The image.
        wanted: By the number of the layer and the name in it.
        take: Gets the key's name, as `layer:name`, and a stream.
        name: For messages.

    Raises:
        PackageError: a layer is damaged.
    """
    for number in sorted({layer for layer, _ in wanted}):
        try:
            with _opened(parts, parts.layers[number]) as (_, archive):
                for member in archive:
                    if (number, member.name) in wanted and member.isreg():
                        stream = archive.extractfile(member)
                        if stream is not None:
                            take(f"{number}:{member.name}", stream)
        except DAMAGE as error:
            raise damaged(name, error) from error


def read_folder(root: Path) -> ImageTree:
    """The file system of an unpacked image; links are read, never followed."""
    tree = ImageTree()
    for place, folders, files in os.walk(root):
        for entry in sorted((*folders, *files)):
            path = Path(place, entry)
            status = path.lstat()
            below = path.relative_to(root).as_posix()
            mode = stat.S_IMODE(status.st_mode)
            if stat.S_ISLNK(status.st_mode):
                target = str(path.readlink())
                tree.add(below, ImageEntry(EntryKind.LINK, 0, below, mode=mode, target=target))
            elif stat.S_ISDIR(status.st_mode):
                tree.add(below, ImageEntry(EntryKind.FOLDER, 0, below, mode=mode))
            elif stat.S_ISREG(status.st_mode):
                tree.add(below, ImageEntry(EntryKind.FILE, 0, below, status.st_size, mode))
    return tree
