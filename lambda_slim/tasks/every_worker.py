"""A process that works on deployables: it reads `EveryJob`s from standard input, and writes its answers."""

import pickle
import sys
from pathlib import Path

from lambda_slim.base.cache import open_cache
from lambda_slim.base.owned import own_temporary
from lambda_slim.tasks.every_job import work


def main(place: Path) -> None:
    """Answers the jobs on standard input, each as soon as it is done.

    Args:
        place: The file for the answers.
    """
    jobs = pickle.load(sys.stdin.buffer)  # written by our own parent process
    with own_temporary(), place.open("wb", buffering=0) as file:
        open_cache()
        for job in jobs:
            file.write(pickle.dumps(list(work(job))))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
