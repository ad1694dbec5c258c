"""A traced run used the file. That outweighs all other evidence."""

from lambda_slim.model.decision import Judge, Verdict
from lambda_slim.model.evidence import Evidence
from lambda_slim.model.file import File, FileKind


def judge(evidence: Evidence) -> Judge:
    """Keeps modules, files and metadata that the trace names; has no opinion without a trace."""
    trace = evidence.trace
    if trace is None:
        return lambda _: None
    seen = {*trace.modules.values(), *trace.files}

    def opinion(file: File) -> Verdict | None:
        if file.path in seen:
            return Verdict(keep=True, rule="observed", why="a traced run used it")
        if file.kind is FileKind.METADATA and file.owner in trace.distributions and file.path.endswith("/METADATA"):
            return Verdict(keep=True, rule="observed", why="a traced run looked its distribution up")
        return None

    return opinion
