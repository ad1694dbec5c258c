"""Which shared libraries does kept native code link to?"""

import functools
import mmap
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path

from lambda_slim.base.files import Signature, file_signature
from lambda_slim.formats.elf import ElfError, parse_elf
from lambda_slim.model.file import File, FileKind, Inventory
from lambda_slim.model.imports import Imports

_NVIDIA = "nvidia-"  # nvidia-nccl-cu12, nvidia-cublas-cu12: libraries in `nvidia/`, used by frameworks


def find_libraries(inventory: Inventory, imports: Imports, shipped: Collection[str]) -> dict[str, bool]:
    """Shared libraries, to whether shipped extension modules need them, directly or in turn.

    That one is idle is only said of what auditwheel put into `*.libs` folders: everything else may be opened by path.

    Args:
        inventory: Every file that could ship.
        imports: Says which libraries are modules.
        shipped: Files of modules that ship.
    """
    modules = {module.path for module in imports.modules.values()}
    native = [f for f in inventory.files if f.kind is FileKind.LIBRARY and not is_bundled(f)]
    beside = [f for f in native if f.path not in modules]  # `pyarrow/libarrow_flight.so`
    bundled = _by_name(filter(is_bundled, inventory.files))
    asked = _closure(
        [file for file in native if file.path in shipped], _by_name([*beside, *filter(is_bundled, inventory.files)])
    )
    found = {file.path: True for file in beside if _name(file) in asked}
    if not bundled:
        return found
    needed = _closure([file for file in native if file.path in shipped or file.path not in modules], bundled)
    linked = _closure(native, bundled)  # what nothing at all links to is opened by its path
    return found | {file.path: name in needed for name, files in bundled.items() if name in linked for file in files}


def find_idle_gpu(inventory: Inventory) -> frozenset[str]:
    """Libraries of NVIDIA's distributions that no other native code links to, directly or in turn.

    Such a library is opened when a GPU is used; one that is linked is loaded whether there is a GPU or not.
    """
    native = [file for file in inventory.files if file.kind is FileKind.LIBRARY]
    libraries = _by_name(file for file in native if file.owner.startswith(_NVIDIA))
    if not libraries:
        return frozenset()
    linked = _closure([file for file in native if not file.owner.startswith(_NVIDIA)], libraries)
    return frozenset(file.path for name, files in libraries.items() if name not in linked for file in files)


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
    """Several distributions can bring a library of one name: wheels built on the same day do."""
    found: dict[str, list[File]] = {}
    for file in files:
        found.setdefault(_name(file), []).append(file)
    return found


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
    """The libraries that one links to; only the pages that say so are read."""
    try:
        with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
            return parse_elf(data).needed
    except (OSError, ValueError, ElfError):  # ValueError: an empty file cannot be mapped
        return ()
