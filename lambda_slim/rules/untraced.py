"""Neither a trace saw it nor does the safety margin cover it (level `trace`)."""

from lambda_slim.facts import Facts
from lambda_slim.inventory import PROJECT, File, Kind
from lambda_slim.rules import Judge, Verdict
from lambda_slim.settings import Level


def judge(facts: Facts) -> Judge:
    """Drops third-party files that no traced run used and that the margin does not reach."""
    if facts.settings.level is not Level.TRACE or facts.trace is None:
        return lambda _: None
    listed = facts.trace.folders
    seen = {*facts.trace.modules.values(), *facts.trace.files, *facts.margin}
    owners = {file.owner for file in facts.inventory.files if file.path in seen}

    def opinion(file: File) -> Verdict | None:
        if file.owner == PROJECT or file.kind is Kind.METADATA or file.path.endswith(".pth"):
            return None
        if file.kind is Kind.LICENCE and file.owner in owners:
            return None
        if file.path in facts.margin:
            return Verdict(keep=True, rule="margin", why="not seen, but imported by what was")
        if file.kind is Kind.DATA and file.path.rpartition("/")[0] in listed:
            return Verdict(keep=True, rule="listed", why="a traced run listed its folder")
        if facts.libraries.get(file.path):
            return Verdict(keep=True, rule="linked", why="a kept library links to it")
        return Verdict(keep=False, rule="untraced", why="no traced run used it")

    return opinion
