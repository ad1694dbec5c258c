"""Files for another platform: an extension module of another Python, a library of another system or for a GPU."""

import re

from lambda_slim.model.decision import Judge, Verdict
from lambda_slim.model.evidence import Evidence
from lambda_slim.model.file import FIRST_PARTY, File

_TAGGED = re.compile(r"\.cpython-(?P<cpython>\d+)[a-z]*(?:-(?P<machine>x86_64|aarch64|i386|arm)[^.]*)?\.so$")
_FOREIGN = {".pyd": "Windows", ".dll": "Windows", ".exe": "Windows", ".dylib": "macOS"}


def judge(evidence: Evidence) -> Judge:
    """Drops what the target cannot load. Only third-party files: a vendored library of the project is never touched."""
    target = evidence.function.target
    tag = target.runtime.python.replace(".", "")

    def opinion(file: File) -> Verdict | None:
        if file.owner == FIRST_PARTY:
            return None
        if system := evidence.files.wrong_platform.get(file.path):
            return Verdict(keep=False, rule="platform", why=f"made for {system}")
        if file.path in evidence.files.idle_gpu:
            return Verdict(
                keep=False, rule="platform", why="made for a GPU, which Lambda does not have; nothing links to it"
            )
        for suffix, system in _FOREIGN.items():
            if file.path.endswith(suffix):
                return Verdict(keep=False, rule="platform", why=f"made for {system}")
        tagged = _TAGGED.search(file.path)
        if not tagged:
            return None
        if tagged["cpython"] != tag:
            return Verdict(keep=False, rule="platform", why=f"extension module of CPython {tagged['cpython']}")
        if tagged["machine"] and tagged["machine"] != target.machine:
            return Verdict(keep=False, rule="platform", why=f"extension module for {tagged['machine']}")
        return None

    return opinion
