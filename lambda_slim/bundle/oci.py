"""A package as an OCI image of one layer, which lies above an AWS base image: same members, same bytes, every time."""

import io
import posixpath
import tarfile
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

import deflate

from lambda_slim.formats.oci import LAYER, RUNTIME_LABEL, Descriptor, ImageConfig, blob, layer_documents
from lambda_slim.model.member import Member
from lambda_slim.model.target import Target

TASK_ROOT = "/var/task"
_LEVELS = {False: 9, True: 12}  # of libdeflate


def layer_tar(members: Sequence[Member]) -> bytes:
    """The unpacked layer: names sorted, owner root, one date, modes 0644 and 0755, folders before their files."""
    out = io.BytesIO()
    root = TASK_ROOT.strip("/")
    ordered = sorted(members, key=lambda member: member.name.encode("utf-8", "surrogateescape"))
    with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as archive:
        made: set[str] = {""}
        for member in ordered:
            path = f"{root}/{member.name}"
            for folder in _new_folders(posixpath.dirname(path), made):
                archive.addfile(_entry(f"{folder}/", 0o755, tarfile.DIRTYPE))
            entry = _entry(path, 0o755 if member.executable else 0o644, tarfile.REGTYPE)
            entry.size = len(member.data)
            archive.addfile(entry, io.BytesIO(member.data))
    return out.getvalue()


def _new_folders(folder: str, made: set[str]) -> list[str]:
    """The folders above a file that are not made yet, outermost first."""
    folders = []
    while folder not in made:
        made.add(folder)
        folders.append(folder)
        folder = posixpath.dirname(folder)
    return folders[::-1]


def _entry(name: str, mode: int, kind: bytes) -> tarfile.TarInfo:
    entry = tarfile.TarInfo(name)
    entry.mode, entry.type = mode, kind
    entry.mtime = 0
    return entry


def oci_files(members: Sequence[Member], target: Target, handler: str, *, release: bool) -> dict[str, bytes]:
    """The files of an OCI layout with the package at /var/task, by their paths in it.

    Args:
        members: The package.
        target: Its runtime and architecture.
        handler: What the image starts.
        release: Compress as hard as can be.
    """
    plain = layer_tar(members)
    packed = bytes(deflate.gzip_compress(plain, _LEVELS[release]))
    layer = blob(packed, LAYER)
    config = ImageConfig(
        target.architecture,
        command=(handler,),
        environment={"LAMBDA_TASK_ROOT": TASK_ROOT},
        work=TASK_ROOT,
        labels={RUNTIME_LABEL: target.runtime.name},
    )
    documents = layer_documents(layer, f"sha256:{sha256(plain).hexdigest()}", config)
    return {**documents, layer.path: packed}


def layer_of(files: dict[str, bytes]) -> Descriptor:
    """The layer of a layout that `oci_files` made."""
    path = next(path for path, data in files.items() if data.startswith(b"\x1f\x8b"))
    return blob(files[path], LAYER)


def write_layout(files: dict[str, bytes], folder: Path) -> None:
    """Writes a layout into an empty folder."""
    for name, data in files.items():
        place = folder / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data)


def layout_tar(files: dict[str, bytes]) -> bytes:
    """A layout as a tar, as `skopeo copy oci-archive:` and `docker load` read it."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as archive:
        made: set[str] = {""}
        for name, data in sorted(files.items()):
            for folder in _new_folders(posixpath.dirname(name), made):
                archive.addfile(_entry(f"{folder}/", 0o755, tarfile.DIRTYPE))
            entry = _entry(name, 0o644, tarfile.REGTYPE)
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))
    return out.getvalue()


def dockerfile(target: Target, handler: str, layer: str) -> str:
    """The lines that put a layer above the AWS base image.

    Args:
        target: The runtime and architecture.
        handler: What the image starts.
        layer: The packed layer, from the folder that is given to the build; ADD unpacks it by its content.
    """
    machine = {"x86_64": "amd64", "arm64": "arm64"}[target.architecture]
    lines = (
        f"FROM --platform=linux/{machine} public.ecr.aws/lambda/python:{target.runtime.python}",
        f"ADD {layer} /",
        f'CMD ["{handler}"]',
    )
    return "\n".join(lines) + "\n"
