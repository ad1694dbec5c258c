"""Secrets do not ship by accident: what looks secret is left out unless `allow-secrets` names it."""

from lambda_slim.base.patterns import matcher
from lambda_slim.model.decision import Judge, Verdict
from lambda_slim.model.evidence import Evidence
from lambda_slim.model.file import File


def judge(evidence: Evidence) -> Judge:
    """Drops what `evidence.files.secrets` found, unless the user allows it."""
    allowed = matcher(evidence.settings.allow_secrets)

    def opinion(file: File) -> Verdict | None:
        why = evidence.files.secrets.get(file.path)
        if why is None:
            return None
        if allowed(file.path):
            return Verdict(keep=True, rule="secret-allowed", why=f"{why}; your `allow-secrets` setting names it")
        return Verdict(keep=False, rule="secret", why=f"{why}; allow it with `allow-secrets` if it must ship")

    return opinion
