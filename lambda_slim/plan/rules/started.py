"""Console scripts that the function's own shell script starts."""

from lambda_slim.model.decision import Judge, Verdict
from lambda_slim.model.evidence import Evidence
from lambda_slim.model.file import File


def judge(evidence: Evidence) -> Judge:
    """Keeps `bin/NAME` where the script that stands for the handler starts NAME."""
    started = {f"bin/{program}" for program in evidence.function.programs}

    def opinion(file: File) -> Verdict | None:
        if file.path in started:
            return Verdict(keep=True, rule="started", why=f"{evidence.function.script} starts it")
        return None

    return opinion
