"""The runtime has it: the boto set, all in or all out."""

from lambda_slim.model.decision import Judge, Verdict
from lambda_slim.model.evidence import Evidence
from lambda_slim.model.file import FIRST_PARTY, File
from lambda_slim.model.settings import Sdk

# AWS: whoever ships one of these must ship boto3 too (docs, lambda/python-package), so they are one set.
BOTO_SET = frozenset({"boto3", "botocore", "s3transfer", "jmespath", "python-dateutil", "six", "urllib3"})


def judge(facts: Evidence) -> Judge:
    """Drops the boto set where the user chose the runtime's copy, unless something else needs a part of it."""
    if facts.settings.sdk is not Sdk.RUNTIME:
        return lambda _: None
    needed = _needed_elsewhere(facts)
    gone = frozenset() if needed else BOTO_SET

    def opinion(file: File) -> Verdict | None:
        if file.owner != FIRST_PARTY and file.owner in gone:
            return Verdict(keep=False, rule="sdk-runtime", why="the runtime provides the AWS SDK")
        if file.owner in BOTO_SET and needed:
            return Verdict(
                keep=True, rule="sdk-runtime", why=f"{needed} needs a part of the AWS SDK set, so the whole set ships"
            )
        return None

    return opinion


def _needed_elsewhere(facts: Evidence) -> str:
    """A distribution outside the set that requires a part of it, or ""."""
    for distribution in facts.resolution.distributions:
        if distribution.name not in BOTO_SET and BOTO_SET.intersection(distribution.requires) - {"boto3", "botocore"}:
            return distribution.name
    return ""
