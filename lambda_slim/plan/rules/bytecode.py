"""Bytecode that is already there. The package gets its own bytecode for the target instead."""

from lambda_slim.model.decision import Judge, Verdict
from lambda_slim.model.evidence import Evidence
from lambda_slim.model.file import File, FileKind

RULE = "bytecode"
_CACHE = "__pycache__/"


def judge(facts: Evidence) -> Judge:
    """Drops bytecode in `__pycache__`, and bytecode beside its source, which Python never loads.

    A proof does not bring it back: the new bytecode has the same name.
    """
    sources = frozenset(file.path for file in facts.inventory.files if file.kind is FileKind.SOURCE)

    def opinion(file: File) -> Verdict | None:
        if file.kind is not FileKind.BYTECODE:
            return None
        if _CACHE in file.path:
            why = "bytecode of the build machine; the package gets its own for the target"
            return Verdict(keep=False, rule=RULE, why=why)
        if file.path.removesuffix("c").removesuffix("o") in sources:
            return Verdict(keep=False, rule=RULE, why="its source is beside it, and Python loads that")
        return None

    return opinion
