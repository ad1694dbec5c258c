"""Programs and libraries that the target cannot run, recognised by their first bytes."""

from lambda_slim.base.remember import of_same_objects
from lambda_slim.model.file import FIRST_PARTY, File, FileKind, Inventory

_MACH_O = frozenset({b"\xcf\xfa\xed\xfe", b"\xce\xfa\xed\xfe", b"\xfe\xed\xfa\xcf", b"\xfe\xed\xfa\xce"})
_FAT = b"\xca\xfe\xba\xbe\0\0\0"  # Mach-O for several processors, their number next; Java's has a version there
_X86, _ARM = frozenset({3, 62}), frozenset({40, 183})  # e_machine; a 64-bit kernel may run 32-bit programs
_MOST_PROCESSORS = 20
_SMALLEST = 4096  # bytes; no program is smaller, and most data is


@of_same_objects()
def find_wrong_platform(inventory: Inventory, machine: str) -> dict[str, str]:
    """Third-party programs and libraries for another system or processor, each with the name of that platform.

    Args:
        inventory: Every file that could ship.
        machine: `x86_64` or `aarch64`.
    """
    other, name = (_ARM, "ARM") if machine == "x86_64" else (_X86, "x86")
    platforms = {}
    for file in filter(_may_be_program, inventory.files):
        head = _head(file)
        if _is_mach_o(head):
            platforms[file.path] = "macOS"
        elif head[:4] == b"\x7fELF" and int.from_bytes(head[18:20], "little") in other:
            platforms[file.path] = name
    return platforms


def _is_mach_o(head: bytes) -> bool:
    return head[:4] in _MACH_O or (head[:7] == _FAT and 0 < int.from_bytes(head[7:8]) < _MOST_PROCESSORS)


def _may_be_program(file: File) -> bool:
    named = "." in file.path.rpartition("/")[2]
    return (
        file.owner != FIRST_PARTY
        and file.size >= _SMALLEST
        and (file.kind is FileKind.LIBRARY or (file.kind is FileKind.DATA and not named))
    )


def _head(file: File) -> bytes:
    try:
        with file.source.open("rb") as opened:
            return opened.read(20)
    except OSError:
        return b""
