"""The outputs of action.yml, from a report; standard library only, and any Python 3 that a runner has."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

_STATUS = {0: "passed", 1: "failed", 5: "nothing"}


def outputs(folder: Path, code: int, fail_on: str) -> dict[str, str]:
    """What later steps and jobs may ask for.

    Args:
        folder: Where `check` wrote report.json, and the other files.
        code: What it exited with.
        fail_on: error, warn or never.
    """
    report = folder / "report.json"
    functions = json.loads(report.read_text("utf-8"))["functions"] if report.is_file() else []
    rows = [row for one in functions for row in one["checks"]]
    warned = any(row["status"] == "warning" for row in rows)
    found = {"status": _STATUS.get(code, "error"), "exit-code": str(_exit_code(code, warned, fail_on))}
    if not report.is_file():
        return found
    page = folder / "report.html"
    changed = any(one["changed"] for one in functions) or any(row["status"] in ("failed", "warning") for row in rows)
    sizes = [one["after"] or one["before"] for one in functions]
    times = [row["value"] for row in rows if row["id"] == "import-time" and row["status"] != "skipped"]
    found.update(
        {
            "changed": "true" if changed else "false",
            "unzipped-bytes": str(sum(size["unzipped_bytes"] for size in sizes)),
            "zipped-bytes": str(sum(size["zipped_bytes"] for size in sizes)),
            "delta-bytes": _delta(functions),
            "import-us": str(max(times)) if times else "",
            "folder": str(folder),
            "report-json": str(report),
            "report-html": str(page) if page.is_file() else "",
            "comment-file": str(folder / "comment.md"),
        }
    )
    return found


def _exit_code(code: int, warned: bool, fail_on: str) -> int:
    if code == 0:
        return 1 if warned and fail_on == "warn" else 0
    return 0 if code == 1 and fail_on == "never" else code


def _delta(functions: Iterable[dict[str, Any]]) -> str:
    """Unzipped bytes over the baseline, of the functions that have one."""
    deltas: list[int] = []
    for one in functions:
        rows = [row for row in one["checks"] if row["id"] in ("unzipped", "growth of unzipped")]
        known = [row["value"] - row["baseline"] for row in rows if row["baseline"] is not None]
        deltas += known[:1]
    return str(sum(deltas)) if deltas else ""


def _main() -> None:
    folder, code = Path(sys.argv[1]), int(sys.argv[2])
    number, sha = os.environ.get("PULL_REQUEST", ""), os.environ.get("HEAD_SHA", "")
    found = outputs(folder, code, os.environ["FAIL_ON"])
    if number and "report-json" in found:
        (folder / "pull-request.json").write_text(json.dumps({"number": int(number), "sha": sha}), "utf-8")
    with Path(os.environ["GITHUB_OUTPUT"]).open("a", encoding="utf-8") as file:
        file.writelines(f"{name}={value}\n" for name, value in found.items())


if __name__ == "__main__":
    _main()
