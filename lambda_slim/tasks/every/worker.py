"""A process that works on deployables: it reads `EveryJob`s from standard input, and writes its answers."""

import pickle
import sys
from pathlib import Path

from lambda_slim.base.answer_record import RECORD
from lambda_slim.base.cache import cache_root, open_cache
from lambda_slim.base.owned import own_temporary
from lambda_slim.tasks.every.job import JobDone, work


def main(place: Path) -> None:
    """Answers the jobs on standard input, each as soon as it is done.

    Args:
        place: The file for the answers.
    """
    jobs = pickle.load(sys.stdin.buffer)  # written by our own parent process
    with own_temporary(), place.open("wb", buffering=0) as file:
        open_cache()
        RECORD.start()
        for job in jobs:
            answers = list(work(job))
            done = JobDone(answers, tuple(RECORD.read([str(cache_root())])), RECORD.until)
            file.write(pickle.dumps(done))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
