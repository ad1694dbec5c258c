"""Local data of the project that no code of it names."""

from lambda_slim.model.decision import Judge, Verdict
from lambda_slim.model.evidence import Evidence
from lambda_slim.model.file import FIRST_PARTY, File, FileKind
from lambda_slim.plan.evidence.string_literals import mentions
from lambda_slim.plan.rules.junk import folders


def judge(facts: Evidence) -> Judge:
    """Drops first-party data in folders without reachable code, where no string of the project's code names it.

    Data beside reachable modules stays, whoever reads it; so does data at the root.
    """
    reached = {
        file.path for file in facts.inventory.files if file.owner == FIRST_PARTY and file.path in facts.reach.files
    }
    coded = {folder for path in reached for folder in folders(path)}

    def opinion(file: File) -> Verdict | None:
        if file.owner != FIRST_PARTY or file.kind is not FileKind.DATA or "/" not in file.path or not reached:
            return None
        if any(folder in coded for folder in folders(file.path)) or mentions(facts.mentioned, file.path):
            return None
        if facts.told:
            return Verdict(keep=True, rule="in-use", why=f"{facts.told} may open any file: it is told the path")
        return Verdict(keep=False, rule="local-data", why="data in a folder that no reachable code lies in or names")

    return opinion
