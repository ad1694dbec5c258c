"""Which shared libraries does kept native code link to?"""

from lambda_slim.formats.elf import ElfError, parse_elf
from lambda_slim.imports import Imports, Reach
from lambda_slim.inventory import File, Inventory, Kind


def find_libraries(inventory: Inventory, imports: Imports, reached: Reach) -> dict[str, bool]:
    """Shared libraries in `*.libs` folders, to whether reached extension modules need them, directly or in turn.

    Only what auditwheel put there is judged: everything else may be opened by path.
    """
    libraries = {file.path.rpartition("/")[2]: file for file in inventory.files if is_bundled(file)}
    if not libraries:
        return {}
    modules = {module.path for module in imports.modules.values()}
    native = [f for f in inventory.files if f.kind is Kind.LIBRARY and not is_bundled(f)]
    todo = [file for file in native if file.path in reached.files or file.path not in modules]
    needed: set[str] = set()
    while todo:
        for name in _needs(todo.pop()):
            if name in libraries and name not in needed:
                needed.add(name)
                todo.append(libraries[name])
    return {file.path: name in needed for name, file in libraries.items()}


def is_bundled(file: File) -> bool:
    """Whether auditwheel put the library into the wheel: `numpy.libs/libopenblas….so`."""
    folder = file.path.rpartition("/")[0]
    return file.kind is Kind.LIBRARY and folder.endswith(".libs")


def _needs(file: File) -> tuple[str, ...]:
    try:
        return parse_elf(file.source.read_bytes()).needed
    except (OSError, ElfError):
        return ()
