"""Texts that change whenever a file or anything below a folder changes."""

import os
from pathlib import Path

_SKIPPED = frozenset({".git", ".venv", "__pycache__"})


def place_state(place: Path) -> str:
    """Name, size and times of a file, or of all files below a folder; something for what is not there, too."""
    if place.is_dir():
        rows = []
        for folder, folders, files in os.walk(place):
            folders[:] = sorted(name for name in folders if name not in _SKIPPED)
            rows += [_row(Path(folder, name), place) for name in sorted(files)]
        return repr(rows)
    return repr(_row(place, place.parent))


def _row(file: Path, root: Path) -> tuple[str, int, int, int]:
    name = str(file.relative_to(root))
    try:
        state = file.stat()
    except OSError:
        return name, -1, 0, 0
    return name, state.st_size, state.st_mtime_ns, state.st_ctime_ns
