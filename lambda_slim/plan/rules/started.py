"""Console scripts that the function's own shell script starts."""

from lambda_slim.model.decision import Judge, Verdict
from lambda_slim.model.evidence import Evidence
from lambda_slim.model.file import File


def judge(facts: Evidence) -> Judge:
    """Keeps `bin/NAME` where the script that stands for the handler starts NAME."""
    started = {f"bin/{program}" for program in facts.function.programs}

    def opinion(file: File) -> Verdict | None:
        if file.path in started:
            return Verdict(keep=True, rule="started", why=f"{facts.function.script} starts it")
        return None

    return opinion
