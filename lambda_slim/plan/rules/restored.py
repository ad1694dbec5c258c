"""The proof failed without the file, so it is back."""

from lambda_slim.model.decision import Judge, Verdict
from lambda_slim.model.evidence import Evidence
from lambda_slim.model.file import File


def judge(evidence: Evidence) -> Judge:
    """Keeps what `evidence.restored` names."""

    def opinion(file: File) -> Verdict | None:
        why = evidence.restored.get(file.path)
        return Verdict(keep=True, rule="restored", why=why) if why else None

    return opinion
