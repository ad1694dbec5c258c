"""Neither a trace saw it nor does the safety margin cover it (level `trace`)."""

from lambda_slim.facts import Facts
from lambda_slim.inventory import PROJECT, File, Kind
from lambda_slim.rules import Judge, Verdict
from lambda_slim.rules.junk import folders
from lambda_slim.settings import Level


def judge(facts: Facts) -> Judge:
    """Drops third-party files that no traced run used and that the margin does not reach."""
    if facts.settings.level is not Level.TRACE or facts.trace is None:
        return lambda _: None
    listed = facts.trace.folders

    def opinion(file: File) -> Verdict | None:
        if file.owner == PROJECT or file.kind in (Kind.METADATA, Kind.LICENCE) or file.path.endswith(".pth"):
            return None
        if file.path in facts.margin:
            return Verdict(keep=True, rule="margin", why="not seen, but reached statically from what was")
        if facts.libraries.get(file.path):
            return None
        if (
            file.kind is Kind.DATA
            and file.path.rpartition("/")[0] in listed
            and not folders(file.path)[0].endswith(".libs")
        ):
            return Verdict(keep=True, rule="listed", why="a traced run listed its folder")
        return Verdict(keep=False, rule="untraced", why="no traced run used it")

    return opinion
