"""A process that works on one deployable: it reads an `EveryJob` from standard input, and writes its answers."""

import pickle
import sys
from pathlib import Path

from lambda_slim.base.cache import open_cache
from lambda_slim.base.owned import own_temporary
from lambda_slim.tasks.every_job import work


def main(place: Path) -> None:
    """Answers the job on standard input.

    Args:
        place: The file for the answers.
    """
    job = pickle.load(sys.stdin.buffer)  # written by our own parent process
    with own_temporary():
        open_cache()
        answers = list(work(job))
    place.write_bytes(pickle.dumps(answers))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
