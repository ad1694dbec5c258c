"""Distributions that the layers of a function hold as well, file for file."""

import filecmp

from lambda_slim.base.remember import of_same_objects
from lambda_slim.base.rows import values_by_key
from lambda_slim.model.file import FIRST_PARTY, File, FileKind, Inventory

_UNEQUAL = frozenset({FileKind.METADATA, FileKind.LICENCE, FileKind.BYTECODE})  # what installers write differs


@of_same_objects()
def find_in_layers(inventory: Inventory) -> frozenset[str]:
    """Distributions of which a layer has every file, with equal bytes, at the same place below `sys.path`.

    One file that only the package has keeps the whole distribution: a package is imported from one folder alone.
    """
    beside = {file.path: file for file in inventory.beside}
    if not beside:
        return frozenset()
    compared = (file for file in inventory.files if file.owner != FIRST_PARTY and file.kind not in _UNEQUAL)
    by_owner = values_by_key((file.owner, file) for file in compared)
    held = (owner for owner, files in by_owner.items() if all(_equal(file, beside.get(file.path)) for file in files))
    return frozenset(held)


def _equal(file: File, other: File | None) -> bool:
    if other is None or other.size != file.size:
        return False
    return file.source == other.source or filecmp.cmp(file.source, other.source, shallow=False)
