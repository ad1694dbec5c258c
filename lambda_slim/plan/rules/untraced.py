"""Neither a trace saw it nor does the safety margin cover it (level `trace`)."""

from collections.abc import Callable
from collections.abc import Set as AbstractSet

from lambda_slim.knowledge.aws import load_aws, unneeded
from lambda_slim.model.decision import Judge, Verdict
from lambda_slim.model.evidence import Evidence
from lambda_slim.model.file import FIRST_PARTY, File, FileKind
from lambda_slim.model.settings import Level, Margin
from lambda_slim.plan.rules.junk import folders
from lambda_slim.plan.rules.unreachable import code_folders, nearest


def judge(facts: Evidence) -> Judge:
    """Drops third-party files that no traced run used and that the margin does not reach."""
    if facts.settings.level is not Level.TRACE or facts.trace is None:
        return lambda _: None
    aws, listed = load_aws(), facts.trace.folders
    seen = {*facts.trace.modules.values(), *facts.trace.files, *facts.margin}
    owners = {file.owner for file in facts.inventory.files if file.path in seen}
    asked = {file.path for file in facts.inventory.files if file.owner in facts.unrun and file.path in facts.margin}
    read = _read(facts, asked.union(facts.trace.modules.values()), owners)

    def opinion(file: File) -> Verdict | None:
        if file.owner == FIRST_PARTY or file.kind is FileKind.METADATA or file.path.endswith(".pth"):
            return None
        if file.kind is FileKind.LICENCE and file.owner in owners:
            return None
        if file.path in facts.margin:
            return Verdict(keep=True, rule="margin", why="not seen, but imported by what was")
        if file.owner in facts.whole - aws.sdk or (file.owner in facts.whole and file.kind is not FileKind.DATA):
            return Verdict(keep=True, rule="margin", why="your code imports its distribution where no run came by")
        if read(file):
            return Verdict(keep=True, rule="margin", why="not seen, but data of a package that was used")
        if file.kind is FileKind.DATA and file.path.rpartition("/")[0] in listed:
            return Verdict(keep=True, rule="listed", why="a traced run listed its folder")
        if facts.libraries.get(file.path):
            return Verdict(keep=True, rule="linked", why="a kept library links to it")
        return Verdict(keep=False, rule="untraced", why="no traced run used it")

    return opinion


def _read(facts: Evidence, used: AbstractSet[str], owners: set[str]) -> Callable[[File], bool]:
    """Whether a file is data that a package in use may read, by a name that only another event gives it.

    Of the AWS SDK, that is the data of the services that the code names, or own code mentions where names are put
    together at run time; and its certificates where certifi is not.
    """
    if facts.settings.margin is Margin.NONE:
        return lambda _: False
    modules = {module.path for module in facts.imports.modules.values()}
    packages = code_folders(facts, modules)
    alive = {folder for path in used & modules for folder in folders(path)}
    services = facts.mentioned | facts.service_names if facts.services is None else facts.services
    aws = load_aws()
    layout = tuple(f"{folder}/" for folder in aws.folders)

    def read(file: File) -> bool:
        if file.kind is not FileKind.DATA or file.owner not in owners:
            return False
        if file.owner in aws.sdk:
            own_bundle = "certifi" not in facts.imports.modules
            is_data = file.installed_path.startswith(layout)
            return not unneeded(file.installed_path, services) if is_data else own_bundle
        package = nearest(file.path, packages)
        return not package or package in alive or file.path in facts.beside

    return read
