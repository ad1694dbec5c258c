"""Which shared libraries does the kept native code link to?"""

import functools
import mmap
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path

from lambda_slim.base.files import Signature, file_signature
from lambda_slim.base.remember import of_same_objects
from lambda_slim.base.rows import values_by_key
from lambda_slim.formats.elf import ElfError, parse_elf
from lambda_slim.model.file import File, FileKind, Inventory
from lambda_slim.model.imports import Imports

_NVIDIA = "nvidia-"  # nvidia-nccl-cu12, nvidia-cublas-cu12: libraries in `nvidia/`, used by frameworks


def find_libraries(inventory: Inventory, imports: Imports, shipped: Collection[str]) -> dict[str, bool]:
    """Shared libraries, each with whether a shipped extension module needs it, directly or in turn.

    Only of what auditwheel put into `*.libs` folders is it said that nothing needs it: everything else may be opened
    by path.

    Args:
        inventory: Every file that could ship.
        imports: Says which libraries are modules.
        shipped: Files of modules that ship.
    """
    bundled = _libraries(inventory, bundled=True)
    native = _libraries(inventory, bundled=False)
    modules = imports.paths
    beside = [file for file in native if file.path not in modules]  # `pyarrow/libarrow_flight.so`
    shipping = [file for file in native if file.path in shipped]
    asked = _closure(shipping, _by_name([*beside, *bundled]))
    needed = {file.path: True for file in beside if _name(file) in asked}
    return needed | _bundled_needed(native, [*shipping, *beside], _by_name(bundled))


def _libraries(inventory: Inventory, *, bundled: bool) -> list[File]:
    """The compiled libraries that auditwheel put into wheels; or all others."""
    return [f for f in inventory.files if f.kind is FileKind.LIBRARY and is_bundled(f) is bundled]


def _bundled_needed(native: list[File], loaded: list[File], bundled: Mapping[str, list[File]]) -> dict[str, bool]:
    """Bundled libraries, each with whether a loaded one needs it. Those that nothing links to are opened by path."""
    if not bundled:
        return {}
    needed, linked = _closure(loaded, bundled), _closure(native, bundled)
    return {file.path: name in needed for name, files in bundled.items() if name in linked for file in files}


@of_same_objects()
def find_idle_gpu(inventory: Inventory) -> frozenset[str]:
    """Libraries of NVIDIA's distributions that no other native code links to, directly or in turn.

    Such a library is opened when a GPU is used; one that is linked is loaded whether there is a GPU or not.
    """
    native = [file for file in inventory.files if file.kind is FileKind.LIBRARY]
    nvidia = [file for file in native if file.owner.startswith(_NVIDIA)]
    if not nvidia:
        return frozenset()
    others = [file for file in native if not file.owner.startswith(_NVIDIA)]
    linked = _closure(others, _by_name(nvidia))
    return frozenset(file.path for file in nvidia if _name(file) not in linked)


def heavy_modules(inventory: Inventory, files: Collection[str], mapped: Collection[str]) -> frozenset[str]:
    """Extension modules among `files` that would bring bundled libraries which no traced run mapped."""
    libraries = _by_name(filter(is_bundled, inventory.files))
    seen = {path.rpartition("/")[2] for path in mapped}
    return frozenset(
        file.path
        for file in inventory.files
        if file.kind is FileKind.LIBRARY
        and file.path in files
        and file.path not in mapped
        and not _closure([file], libraries) <= seen
    )


def _by_name(files: Iterable[File]) -> dict[str, list[File]]:
    """Libraries by file name. Several distributions can bring one name, as wheels that were built together do."""
    return values_by_key((_name(file), file) for file in files)


def _name(file: File) -> str:
    return file.path.rpartition("/")[2]


def _closure(start: list[File], libraries: Mapping[str, list[File]]) -> set[str]:
    """Names of the libraries that files link to, directly or in turn."""
    todo, needed = list(start), set[str]()
    while todo:
        file = todo.pop()
        for name in _needs(file.source, file_signature(file.source)):
            if name in libraries and name not in needed:
                needed.add(name)
                todo.extend(libraries[name])
    return needed


def is_bundled(file: File) -> bool:
    """Whether auditwheel put the library into the wheel: `numpy.libs/libopenblas….so`."""
    folder = file.path.rpartition("/")[0]
    return file.kind is FileKind.LIBRARY and folder.endswith(".libs")


@functools.lru_cache(maxsize=1 << 15)
def _needs(path: Path, state: Signature) -> tuple[str, ...]:  # noqa: ARG001  (part of the key)
    """The libraries that a file links to; only the pages with that information are read."""
    try:
        with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
            return parse_elf(data).needed
    except (OSError, ValueError, ElfError):  # ValueError: an empty file cannot be mapped
        return ()
