"""AWS SDK data of services that the code does not name (level `reach`, or `sdk = "prune"`)."""

from lambda_slim.knowledge.aws import unneeded
from lambda_slim.model.decision import Judge, Verdict
from lambda_slim.model.evidence import Evidence
from lambda_slim.model.file import File
from lambda_slim.model.settings import Level, Sdk


def judge(evidence: Evidence) -> Judge:
    """Drops other services' data; a service name that is only known at run time keeps them all."""
    asked = evidence.settings.level is not Level.SAFE or evidence.settings.sdk is Sdk.PRUNE
    services = evidence.code.services
    if not asked or services is None:
        return lambda _: None

    def opinion(file: File) -> Verdict | None:
        if not file.installed_path.startswith(("botocore/data/", "boto3/data/")):
            return None
        why = unneeded(file.installed_path, services)
        return Verdict(keep=False, rule="services", why=why) if why else None

    return opinion
