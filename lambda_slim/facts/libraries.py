"""Which shared libraries does kept native code link to?"""

from collections.abc import Collection, Mapping

from lambda_slim.formats.elf import ElfError, parse_elf
from lambda_slim.imports import Imports
from lambda_slim.inventory import File, Inventory, Kind


def find_libraries(inventory: Inventory, imports: Imports, shipped: Collection[str]) -> dict[str, bool]:
    """Shared libraries in `*.libs` folders, to whether shipped extension modules need them, directly or in turn.

    Only what auditwheel put there is judged: everything else may be opened by path.

    Args:
        inventory: Every file that could ship.
        imports: Says which libraries are modules.
        shipped: Files of modules that ship.
    """
    libraries = _bundled(inventory)
    if not libraries:
        return {}
    modules = {module.path for module in imports.modules.values()}
    native = [f for f in inventory.files if f.kind is Kind.LIBRARY and not is_bundled(f)]
    needed = _closure([file for file in native if file.path in shipped or file.path not in modules], libraries)
    return {file.path: name in needed for name, file in libraries.items()}


def heavy_modules(inventory: Inventory, files: Collection[str], mapped: Collection[str]) -> frozenset[str]:
    """Extension modules among `files` that would bring bundled libraries which no traced run mapped."""
    libraries = _bundled(inventory)
    seen = {path.rpartition("/")[2] for path in mapped}
    return frozenset(
        file.path
        for file in inventory.files
        if file.kind is Kind.LIBRARY
        and file.path in files
        and file.path not in mapped
        and not _closure([file], libraries) <= seen
    )


def _bundled(inventory: Inventory) -> dict[str, File]:
    return {file.path.rpartition("/")[2]: file for file in inventory.files if is_bundled(file)}


def _closure(start: list[File], libraries: Mapping[str, File]) -> set[str]:
    """Names of the libraries that files link to, directly or in turn."""
    todo, needed = list(start), set[str]()
    while todo:
        for name in _needs(todo.pop()):
            if name in libraries and name not in needed:
                needed.add(name)
                todo.append(libraries[name])
    return needed


def is_bundled(file: File) -> bool:
    """Whether auditwheel put the library into the wheel: `numpy.libs/libopenblas….so`."""
    folder = file.path.rpartition("/")[0]
    return file.kind is Kind.LIBRARY and folder.endswith(".libs")


def _needs(file: File) -> tuple[str, ...]:
    try:
        return parse_elf(file.source.read_bytes()).needed
    except (OSError, ElfError):
        return ()
