"""Two texts of a file as a unified diff that `git apply` and `patch` take."""

import difflib
import re


def unified(name: str, before: bytes | None, after: bytes | None) -> str:
    """The difference; None for a file that is not there. Line ends count, and a missing last one is marked."""
    old, new = (_rows(text.decode("utf-8", "replace") if text else "") for text in (before, after))
    first = "/dev/null" if before is None else f"a/{name}"
    return "".join(
        line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"
        for line in difflib.unified_diff(old, new, first, f"b/{name}")
    )


def _rows(text: str) -> list[str]:
    return re.findall(r"[^\n]*\n|[^\n]+", text)
