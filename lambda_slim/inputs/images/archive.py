"""The blobs of an image: an OCI layout, or the output of `docker save`, as a folder, a tar or a packed tar."""

import contextlib
import gzip
import hashlib
import posixpath
import tarfile
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Protocol, cast

from lambda_slim.base.errors import PackageError, UsageError
from lambda_slim.base.files import read_regular_text
from lambda_slim.base.rows import total_size
from lambda_slim.formats.oci import (
    Descriptor,
    ImageConfig,
    parse_config,
    parse_index,
    parse_manifest,
    parse_saved,
)

MOST_TEXT = 8 * 1024**2  # bytes of a document
_MOST_MEMBERS = 20_000  # of the tar around an image
_MOST_UNPACKED = 16 * 1024**3
_MOST_RATIO = 200
_DEEPEST = 4  # indexes in indexes
_BLOCK = 1 << 20
DAMAGE = (tarfile.TarError, zlib.error, EOFError, OSError, ValueError, RecursionError)
_GZIP, _ZSTD = b"\x1f\x8b", b"\x28\xb5\x2f\xfd"


class Blobs(Protocol):
    """Named streams."""

    def has(self, name: str) -> bool:
        """Whether there is one of this name."""

    def open(self, name: str) -> IO[bytes]:
        """Its bytes.

        Raises:
            KeyError: there is none.
        """


@dataclass(frozen=True, slots=True)
class FolderBlobs:
    """The files of a layout's folder; links are not followed."""

    folder: Path

    def has(self, name: str) -> bool:
        """Whether a file of this name lies in the folder."""
        path = self.folder / name
        return ".." not in name.split("/") and path.is_file() and path.resolve().is_relative_to(self.folder.resolve())

    def open(self, name: str) -> IO[bytes]:
        """Its bytes."""
        if not self.has(name):
            raise KeyError(name)
        return (self.folder / name).open("rb")


class TarBlobs:
    """The members of a tar; older versions of Docker store a layer that is there twice as a link."""

    def __init__(self, file: tarfile.TarFile) -> None:
        """Reads the names.

        Raises:
            PackageError: there are too many.
        """
        self._file = file
        self._members: dict[str, tarfile.TarInfo] = {}
        for number, member in enumerate(file):
            if number >= _MOST_MEMBERS:
                raise PackageError(
                    "the tar has too many members", cause=f"over {_MOST_MEMBERS}", hint="flatten the image"
                )
            self._members[posixpath.normpath(member.name)] = member

    def _member(self, name: str) -> tarfile.TarInfo | None:
        member = self._members.get(posixpath.normpath(name))
        for _ in range(4):
            if member is None or not (member.issym() or member.islnk()):
                break
            base = posixpath.dirname(member.name) if member.issym() else ""
            member = self._members.get(posixpath.normpath(posixpath.join(base, member.linkname)))
        return member if member and member.isreg() else None

    def has(self, name: str) -> bool:
        """Whether the tar has a file of this name."""
        return self._member(name) is not None

    def open(self, name: str) -> IO[bytes]:
        """Its bytes."""
        member = self._member(name)
        stream = self._file.extractfile(member) if member else None
        if stream is None:
            raise KeyError(name)
        return stream


@dataclass(frozen=True, slots=True)
class ImageParts:
    """An image's configuration and layers.

    Attributes:
        layers: Names of their blobs, lowest first.
        packed: Bytes of all of them as they are stored.
        config: What it starts.
    """

    blobs: Blobs
    layers: tuple[str, ...]
    packed: int
    config: ImageConfig


def is_layout(folder: Path) -> bool:
    """Whether a folder is an OCI layout, or an unpacked `docker save`."""
    if (folder / "oci-layout").is_file():
        return True
    manifest = folder / "manifest.json"
    if not manifest.is_file() or manifest.stat().st_size > MOST_TEXT:
        return False
    with contextlib.suppress(OSError, ValueError):
        return bool(parse_saved(read_regular_text(manifest)))
    return False


@contextmanager
def opened_blobs(path: Path) -> Iterator[Blobs]:
    """The blobs of a folder, tar or packed tar; a packed one is unpacked to a temporary file first.

    Raises:
        PackageError: it cannot be read.
    """
    if path.is_dir():
        yield FolderBlobs(path)
        return
    with contextlib.ExitStack() as stack:
        try:
            raw: IO[bytes] = stack.enter_context(path.open("rb"))
            head = raw.read(4)
            raw.seek(0)
            if not head.startswith(b"PK") and (head.startswith(_GZIP) or head == _ZSTD):
                raw = stack.enter_context(_unpacked(raw, path))
            blobs = TarBlobs(stack.enter_context(tarfile.open(fileobj=raw, mode="r:")))
        except DAMAGE as error:
            raise damaged(path.name, error) from error
        yield blobs


def _unpacked(raw: IO[bytes], path: Path) -> IO[bytes]:
    out: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115  (the caller closes it)
    most = min(_MOST_UNPACKED, max(64 * 1024**2, path.stat().st_size * _MOST_RATIO))
    with unpacking(raw) as stream:
        while block := stream.read(_BLOCK):
            out.write(block)
            if out.tell() > most:
                unpacks = f"`{path.name}` unpacks to more than {most >> 20} MiB"
                raise PackageError(unpacks, cause="it looks like an archive bomb", hint="use `docker save` again")
    out.seek(0)
    return out


@contextmanager
def unpacking(raw: IO[bytes]) -> Iterator[IO[bytes]]:
    """A stream unpacked by what its first bytes say: gzip, Zstandard, or nothing.

    Raises:
        PackageError: it needs a library that is not there.
    """
    head = raw.read(4)
    raw.seek(0)
    if head.startswith(_GZIP):
        with gzip.GzipFile(fileobj=raw) as stream:
            yield cast(IO[bytes], stream)
    elif head == _ZSTD:
        with _zstd(raw) as stream:
            yield stream
    else:
        yield raw


def _zstd(raw: IO[bytes]) -> contextlib.AbstractContextManager[IO[bytes]]:
    try:
        import zstandard
    except ImportError:
        raise PackageError(
            "a layer of the image is packed with Zstandard",
            cause="the library for it is not installed",
            hint="pip install 'lambda-slim[zstd]'; or save the image with gzip layers",
        ) from None
    reader: contextlib.AbstractContextManager[IO[bytes]] = zstandard.ZstdDecompressor().stream_reader(
        raw, read_across_frames=True
    )
    return reader


def damaged(name: str, error: BaseException) -> PackageError:
    """The error for an image that cannot be read."""
    return PackageError(
        f"`{name}` cannot be read as a container image",
        cause=str(error) or "it is truncated",
        hint="an OCI layout, or a tar that `docker save` or `skopeo copy` wrote: write or download it again",
    )


def image_parts(blobs: Blobs, name: str, architecture: str | None) -> ImageParts:
    """The image of a layout; of several, the one for an architecture.

    Args:
        blobs: Where it lies.
        name: For messages.
        architecture: The one that is asked for; None for x86_64, else the only one.

    Raises:
        PackageError: it is no image, or a document is damaged.
        UsageError: it has none for the architecture.
    """
    try:
        if blobs.has("manifest.json"):
            return _saved(blobs, name)
        if blobs.has("index.json"):
            image = _chosen(blobs, parse_index(_text(blobs, "index.json")), name, architecture)
            config, layers = parse_manifest(_text(blobs, image.path, image))
            parsed = parse_config(_text(blobs, config.path, config))
            _check_layers(blobs, layers)
            return ImageParts(blobs, tuple(row.path for row in layers), total_size(layers), parsed)
    except KeyError as error:
        raise damaged(name, ValueError(f"it has no {error.args[0]}")) from error
    except DAMAGE as error:
        raise damaged(name, error) from error
    raise damaged(name, ValueError("it has neither index.json nor manifest.json"))


def _check_layers(blobs: Blobs, layers: tuple[Descriptor, ...]) -> None:
    for row in layers:
        if "foreign" in row.media_type or not blobs.has(row.path):
            raise ValueError(f"layer {row.digest[:19]}… is not in it")


def _saved(blobs: Blobs, name: str) -> ImageParts:
    images = parse_saved(_text(blobs, "manifest.json"))
    if len(images) > 1:
        raise UsageError(
            f"`{name}` has {len(images)} images", cause="it is not clear which is meant", hint="save one of them"
        )
    config, layers = images[0]
    missing = [layer for layer in layers if not blobs.has(layer)]
    if missing:
        raise KeyError(missing[0])
    packed = 0
    for layer in layers:
        with blobs.open(layer) as stream:
            packed += stream.seek(0, 2)
    return ImageParts(blobs, layers, packed, parse_config(_text(blobs, config)))


def _chosen(blobs: Blobs, rows: tuple[Descriptor, ...], name: str, architecture: str | None) -> Descriptor:
    for _ in range(_DEEPEST):
        row = _of_architecture(rows, name, architecture)
        if not row.is_index:
            return row
        rows = parse_index(_text(blobs, row.path, row))
    raise ValueError("its indexes lead nowhere")


def _of_architecture(rows: tuple[Descriptor, ...], name: str, architecture: str | None) -> Descriptor:
    wanted = [row for row in rows if row.architecture == (architecture or "x86_64")]
    have = sorted({row.architecture for row in rows} - {""})
    if architecture and have and not wanted:
        cause = f"it has: {', '.join(have)}"
        raise UsageError(f"`{name}` has no image for {architecture}", cause=cause, hint="say another --arch")
    if not rows:
        raise ValueError("it lists no image")
    return (wanted or rows)[0]


def _text(blobs: Blobs, name: str, described: Descriptor | None = None) -> str:
    with blobs.open(name) as stream:
        data = stream.read(MOST_TEXT + 1)
    if len(data) > MOST_TEXT:
        raise ValueError(f"{name} is larger than any document of an image")
    digest = f"sha256:{hashlib.sha256(data).hexdigest()}"
    if described and described.digest.startswith("sha256:") and digest != described.digest:
        raise ValueError(f"{name} does not have the digest that it is named after")
    return data.decode("utf-8")
