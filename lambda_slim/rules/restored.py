"""A failed proof has brought the file back."""

from lambda_slim.facts import Facts
from lambda_slim.inventory import File
from lambda_slim.rules import Judge, Verdict


def judge(facts: Facts) -> Judge:
    """Keeps what `facts.restored` names."""

    def opinion(file: File) -> Verdict | None:
        why = facts.restored.get(file.path)
        return Verdict(keep=True, rule="restored", why=why) if why else None

    return opinion
