"""The runtime has it: the AWS SDK and what it requires. All of it is left out, or nothing."""

from lambda_slim.model.decision import Judge, Verdict
from lambda_slim.model.evidence import Evidence
from lambda_slim.model.file import File
from lambda_slim.model.settings import Sdk


def judge(evidence: Evidence) -> Judge:
    """Where the user chose the runtime's SDK, drops the project's, or keeps all of it if something else needs a part.

    This holds at every level: a part of the SDK in the package would hide the runtime's.
    """
    if evidence.settings.sdk is not Sdk.RUNTIME:
        return lambda _: None
    sdk = evidence.sdk
    gone = Verdict(keep=False, rule="sdk-runtime", why="the runtime provides the AWS SDK")
    stays = Verdict(keep=True, rule="sdk-runtime", why=f"{sdk.needed}, so the whole AWS SDK ships")

    def opinion(file: File) -> Verdict | None:
        if file.owner not in sdk.parts:
            return None
        return stays if sdk.needed else gone

    return opinion
