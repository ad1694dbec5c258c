"""Does an artifact belong to the pull request that it names? Prints the number; standard library and `gh` only."""

import json
import os
import sys
from pathlib import Path

from comment import RefusedError, gh  # beside this file

_LARGEST = 64 * 1024**2  # bytes of a report


def belongs(folder: Path, repository: str, head: str) -> int:
    """The pull request's number, where its head is the commit that the run was for.

    Raises:
        ValueError: it is not.
        RefusedError: GitHub does not know it.
    """
    if (folder / "report.json").stat().st_size > _LARGEST:
        raise ValueError("the report is too large")
    number = json.loads((folder / "pull-request.json").read_text("utf-8"))["number"]
    if type(number) is not int or not 0 < number < 10**9:
        raise ValueError("the number of the pull request is no integer")
    if json.loads(gh(f"repos/{repository}/pulls/{number}"))["head"]["sha"] != head:
        raise ValueError(f"the head of pull request {number} is not the commit that was checked")
    return number


def _main() -> None:
    try:
        print(belongs(Path(sys.argv[1]), os.environ["GITHUB_REPOSITORY"], os.environ["HEAD_SHA"]))
    except (OSError, KeyError, TypeError, ValueError, RefusedError) as error:
        print(f"::error title=lambda-slim::no comment: {error}".replace("\n", " "), file=sys.stderr)
        sys.exit(1)


if __name__ == "__main__":
    _main()
