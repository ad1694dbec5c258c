"""One comment on a pull request, found again by its marker; standard library and `gh` only."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

_MARKER = "<!-- lambda-slim key="
_LONGEST = 65_536  # characters that GitHub takes


class RefusedError(Exception):
    """`gh` failed."""

    def __init__(self, told: str) -> None:
        super().__init__(told)
        self.forbidden = "HTTP 403" in told


def gh(*words: str) -> str:
    """What `gh api` prints.

    Raises:
        RefusedError: it failed.
    """
    done = subprocess.run(["gh", "api", *words], capture_output=True, text=True, check=False)
    if done.returncode:
        raise RefusedError(done.stderr.strip() or f"gh ended with {done.returncode}")
    return done.stdout


def documents(text: str) -> Iterator[Any]:
    """JSON documents one after the other: `--paginate` gives one list a page."""
    decoder, place = json.JSONDecoder(), 0
    while place < len(text):
        if text[place].isspace():
            place += 1
            continue
        found, place = decoder.raw_decode(text, place)
        yield found


def earlier(repository: str, number: int, marker: str) -> dict[str, Any] | None:
    """A bot's comment whose first line is the marker, from all pages."""
    text = gh("--paginate", f"repos/{repository}/issues/{number}/comments?per_page=100")
    for one in (one for page in documents(text) for one in page):
        if (one["body"] or "").splitlines()[:1] == [marker] and (one["user"] or {}).get("type") == "Bot":
            return one
    return None


def stick(repository: str, number: int, body: str, *, create: bool) -> str:
    """Writes the comment, or changes the earlier one.

    Args:
        repository: owner/name.
        number: The pull request's.
        body: Its first line is the marker.
        create: Whether to write one where there is none.

    Returns:
        What was done: created, changed, left as it is, or not needed.

    Raises:
        RefusedError: GitHub does not let us.
    """
    before = earlier(repository, number, body.splitlines()[0])
    if before is None and not create:
        return "not needed: nothing changed"
    if before is not None and before["body"].replace("\r\n", "\n").strip() == body.strip():
        return "left as it is"
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "body.json"
        file.write_text(json.dumps({"body": body}), "utf-8")
        if before is None:
            gh("--method", "POST", f"repos/{repository}/issues/{number}/comments", "--input", str(file))
            return "created"
        gh("--method", "PATCH", f"repos/{repository}/issues/comments/{before['id']}", "--input", str(file))
        return "changed"


def _body() -> str:
    text = Path(os.environ["COMMENT_FILE"]).read_text("utf-8")
    if not text.startswith(_MARKER):
        sys.exit("::error title=lambda-slim::the comment's file has no marker")
    url = os.environ.get("ARTIFACT_URL", "")
    link = f"\n[All reports]({url})\n" if url else ""
    return text[: _LONGEST - len(link)] + link


def _main() -> None:
    when, changed = os.environ["COMMENT"], os.environ["CHANGED"] == "true"
    number, repository = int(os.environ["PULL_REQUEST"]), os.environ["GITHUB_REPOSITORY"]
    try:
        print("comment:", stick(repository, number, _body(), create=changed or when == "always"))
    except RefusedError as error:
        told = str(error).replace("%", "%25").replace("\n", "%0A")
        if error.forbidden:
            hint = "this token may not comment (a pull request from a fork?); docs/ci.md has the workflow for forks"
            print(f"::notice title=lambda-slim::{hint}. The comment is in the artifact and the summary. {told}")
        else:
            print(f"::warning title=lambda-slim::the comment could not be written: {told}")
    except OSError as error:
        print(f"::warning title=lambda-slim::the comment could not be written: {error}")


if __name__ == "__main__":
    _main()
