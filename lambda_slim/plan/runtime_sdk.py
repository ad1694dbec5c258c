"""Notes on the runtime's AWS SDK for the report of a build."""

from lambda_slim.model.evidence import Evidence
from lambda_slim.model.report import Finding
from lambda_slim.model.settings import Sdk


def sdk_notes(evidence: Evidence) -> tuple[Finding, ...]:
    """With `--sdk runtime`: why the SDK still ships, or which pinned versions the runtime replaces with its own."""
    sdk = evidence.sdk
    if evidence.settings.sdk is not Sdk.RUNTIME:
        return ()
    if sdk.needed:
        return (Finding("sdk-runtime", "info", f"the whole AWS SDK ships: {sdk.needed}"),)
    if not sdk.declared:
        return ()
    message = f"the runtime gives its own version in place of {', '.join(sdk.declared)}"
    hint = "print boto3.__version__ there: it differs by runtime and region"
    return (Finding("sdk-runtime", "info", message, hint=hint),)
