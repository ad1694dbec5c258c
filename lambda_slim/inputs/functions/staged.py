"""Files that lie nowhere else: inline code, requirements that a deployment file writes out."""

import atexit
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

_STAGED: set[Path] = set()  # of this process


def is_staged(folder: Path) -> bool:
    """Whether a folder lies nowhere else: its texts are in a deployment file."""
    return folder.resolve() in _STAGED


def staged(files: Mapping[str, str]) -> Path:
    """A folder with some texts, for the rest of the process."""
    folder = Path(tempfile.mkdtemp(prefix="lambda-slim-"))
    _STAGED.add(folder.resolve())
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    for name, text in files.items():
        place = folder / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, "utf-8")
    return folder
