"""No traced run used the file, and the safety margin does not cover it (level `trace`)."""

from collections.abc import Callable
from collections.abc import Set as AbstractSet

from lambda_slim.base.package_paths import folders_of, nearest
from lambda_slim.knowledge.aws import load_aws, unneeded
from lambda_slim.model.decision import Judge, Verdict
from lambda_slim.model.evidence import Evidence, TraceEvidence
from lambda_slim.model.file import FIRST_PARTY, File, FileKind
from lambda_slim.model.settings import Margin
from lambda_slim.model.trace import Trace
from lambda_slim.plan.rules.unreachable import code_folders

_UNTRACED = Verdict(keep=False, rule="untraced", why="no traced run used it")


def judge(evidence: Evidence) -> Judge:
    """Drops third-party files that no traced run used and that the margin does not reach."""
    trace = evidence.trace
    if trace is None or not evidence.traced:
        return lambda _: None
    unseen, files = evidence.unseen, evidence.inventory.files
    seen = {*trace.modules.values(), *trace.files, *unseen.margin}
    owners = {file.owner for file in files if file.path in seen}
    asked = {file.path for file in files if file.owner in unseen.uncovered and file.path in unseen.margin}
    read = _read(evidence, asked.union(trace.modules.values()), owners)

    def opinion(file: File) -> Verdict | None:
        if file.owner == FIRST_PARTY or file.is_read_by_python:
            return None
        if file.kind is FileKind.LICENCE and file.owner in owners:
            return None
        return _margin(file, unseen, read) or _used(file, evidence, trace) or _UNTRACED

    return opinion


def _margin(file: File, unseen: TraceEvidence, read: Callable[[File], bool]) -> Verdict | None:
    """What the safety margin says of a file."""
    if file.path in unseen.margin:
        return Verdict(keep=True, rule="margin", why="not seen, but imported by what was")
    is_sdk_data = file.owner in load_aws().sdk and file.kind is FileKind.DATA
    if file.owner in unseen.unvisited and not is_sdk_data:
        return Verdict(keep=True, rule="margin", why="your code imports its distribution on a path that no run took")
    if read(file):
        return Verdict(keep=True, rule="margin", why="not seen, but data of a package that was used")
    return None


def _used(file: File, evidence: Evidence, trace: Trace) -> Verdict | None:
    """Files that a run used without opening them."""
    if file.kind is FileKind.DATA and file.path.rpartition("/")[0] in trace.folders:
        return Verdict(keep=True, rule="listed", why="a traced run listed its folder")
    if evidence.files.libraries.get(file.path):
        return Verdict(keep=True, rule="linked", why="a kept library links to it")
    return None


def _read(evidence: Evidence, used: AbstractSet[str], owners: set[str]) -> Callable[[File], bool]:
    """Whether a file is data that a package in use may read, by a name that only another event gives it.

    Of the AWS SDK, that is the data of the services that the code names. Where names are put together at run time, it
    is the data of those that first-party code mentions. The SDK's certificates count where certifi is not installed.
    """
    if evidence.settings.margin is Margin.NONE:
        return lambda _: False
    packages = code_folders(evidence)
    alive = folders_of(used & evidence.imports.paths)
    services = evidence.code.services
    if services is None:
        services = evidence.texts.literals | evidence.code.service_names
    aws = load_aws()
    layout = tuple(f"{folder}/" for folder in aws.folders)

    def read(file: File) -> bool:
        if file.kind is not FileKind.DATA or file.owner not in owners:
            return False
        if file.owner in aws.sdk:
            own_bundle = "certifi" not in evidence.imports.modules
            is_data = file.installed_path.startswith(layout)
            return not unneeded(file.installed_path, services) if is_data else own_bundle
        package = nearest(file.path, packages)
        return not package or package in alive or file.path in evidence.texts.referenced_data

    return read
