"""pipdeptree, which says what requires what in an installed tree. Run as a program: its Python API takes no path."""

import json
import shutil
import sys
from pathlib import Path

from lambda_slim.tools.process import run


def read_dependencies(tree: Path) -> dict[str, tuple[str, ...]] | None:
    """Normalised names to the names of the installed distributions that each requires; None where pipdeptree fails."""
    program = shutil.which("pipdeptree", path=str(Path(sys.executable).parent)) or shutil.which("pipdeptree")
    if program is None:
        return None
    try:
        done = run([program, "--path", str(tree), "-o", "json", "-w", "silence"], timeout=60)
        rows = json.loads(done.stdout)
        return {
            row["package"]["key"]: tuple(
                sorted({found["key"] for found in row["dependencies"] if found.get("installed_version", "?") != "?"})
            )
            for row in rows
        }
    except (OSError, TimeoutError, ValueError, KeyError, TypeError):
        return None
