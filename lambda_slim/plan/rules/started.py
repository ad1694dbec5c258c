"""Scripts that Lambda starts for a function, and the console scripts that those start."""

from lambda_slim.model.decision import Judge, Verdict
from lambda_slim.model.evidence import Evidence
from lambda_slim.model.file import File


def judge(evidence: Evidence) -> Judge:
    """Keeps the function's script, its exec wrapper, and `bin/NAME` where the script starts NAME."""
    function = evidence.function
    reasons = {f"bin/{program}": f"{function.script} starts it" for program in function.programs}
    reasons |= {function.script: "it stands for the handler"} if function.script else {}
    reasons |= {function.exec_wrapper: "AWS_LAMBDA_EXEC_WRAPPER names it"} if function.exec_wrapper else {}

    def opinion(file: File) -> Verdict | None:
        why = reasons.get(file.path)
        return Verdict(keep=True, rule="started", why=why) if why else None

    return opinion
