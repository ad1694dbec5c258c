"""A layer has the file: its whole distribution, or in our own layer the part that the functions need."""

from lambda_slim.model.decision import Judge, Verdict
from lambda_slim.model.evidence import Evidence
from lambda_slim.model.file import File


def judge(evidence: Evidence) -> Judge:
    """Drops distributions that a layer holds, so that they do not ship twice."""

    def opinion(file: File) -> Verdict | None:
        if file.owner in evidence.files.in_layers:
            return Verdict(keep=False, rule="layer", why="a layer of the function has the same files at /opt")
        return None

    return opinion
