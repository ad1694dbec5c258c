"""First-party data that no first-party code names."""

from lambda_slim.base.package_paths import folders, folders_of
from lambda_slim.model.decision import Judge, Verdict
from lambda_slim.model.evidence import Evidence
from lambda_slim.model.file import FIRST_PARTY, File, FileKind
from lambda_slim.plan.evidence.string_literals import mentions


def judge(evidence: Evidence) -> Judge:
    """Drops first-party data in folders without reachable code, where no string of first-party code names it.

    Data beside reachable modules stays, whoever reads it; so does data at the root.
    """
    own = {file.path for file in evidence.inventory.files if file.owner == FIRST_PARTY}
    reached = own & evidence.reach.files
    if not reached:
        return lambda _: None
    code_folders = folders_of(reached)
    texts = evidence.texts

    def opinion(file: File) -> Verdict | None:
        if file.owner != FIRST_PARTY or file.kind is not FileKind.DATA or "/" not in file.path:
            return None
        if not code_folders.isdisjoint(folders(file.path)) or mentions(texts.literals, file.path):
            return None
        if texts.dynamic_path:
            why = f"{texts.dynamic_path} may open any file: it gets the path at run time"
            return Verdict(keep=True, rule="in-use", why=why)
        return Verdict(
            keep=False, rule="local-data", why="data in a folder without reachable code, which no code names"
        )

    return opinion
