"""Files that lambda-slim wrote into a project."""

import contextlib
from pathlib import Path

_REPORTS = (
    b"lambda-slim.dev/schemas/",
    b"<!-- lambda-slim ",
    b'name="generator" content="lambda-slim"',
    b"speedscope.app/file-format-schema",
    b'<testsuites name="lambda-slim"',
    b'"name": "lambda-slim"',  # SARIF
)


def is_written_report(path: str, source: Path, warnings: list[str]) -> bool:
    """Whether a file is one that an earlier command wrote; it has dates and times, so no two zips would be the same."""
    if not path.endswith((".json", ".html", ".md", ".xml", ".sarif")):
        return False
    with contextlib.suppress(OSError), source.open("rb") as file:
        head = file.read(400)
        if any(sign in head for sign in _REPORTS):
            warnings.append(f"{path}: left out: a report that lambda-slim wrote")
            return True
    return False
