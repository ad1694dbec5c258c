"""Files that lie nowhere else: inline code, requirements that a deployment file writes out."""

import atexit
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path


def staged(files: Mapping[str, str]) -> Path:
    """A folder with some texts, for the rest of the process."""
    folder = Path(tempfile.mkdtemp(prefix="lambda-slim-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    for name, text in files.items():
        place = folder / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, "utf-8")
    return folder
