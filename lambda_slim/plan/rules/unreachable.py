"""No import path from the handler leads to the file (from level `reach` on).

At level `trace` installed files are judged by the trace instead (`untraced`). First-party modules are judged as at
level `reach`, so that a deeper level never ships more.
"""

from collections.abc import Iterable

from lambda_slim.model.decision import Judge, Verdict
from lambda_slim.model.evidence import Evidence
from lambda_slim.model.file import FIRST_PARTY, File, FileKind
from lambda_slim.model.settings import Level
from lambda_slim.plan.rules.junk import folders


def judge(evidence: Evidence) -> Judge:
    """Drops unreached modules, and data whose nearest package has no reached module."""
    if evidence.settings.level is Level.SAFE:
        return lambda _: None
    by_trace = evidence.traced
    modules = {module.path for module in evidence.imports.modules.values()}
    packages = code_folders(evidence, modules)
    alive = _folders_of(evidence.reach.files)
    owners = {file.owner for file in evidence.inventory.files if file.path in evidence.reach.files}

    def opinion(file: File) -> Verdict | None:
        if file.kind is FileKind.METADATA or file.path.endswith(".pth") or (by_trace and file.owner != FIRST_PARTY):
            return None
        if file.path in evidence.reach.files:
            return Verdict(keep=True, rule="reached", why=_because(evidence, file.path))
        if file.path in modules and not _is_template(file, packages):
            return Verdict(keep=False, rule="unreachable", why="no import path from the handler leads to it")
        return None if file.owner == FIRST_PARTY else _data(file)

    def _data(file: File) -> Verdict | None:
        if file.owner not in owners:
            return Verdict(keep=False, rule="unreachable", why=f"no module of {file.owner} is reached")
        if evidence.files.libraries.get(file.path) is False:
            return Verdict(keep=False, rule="unlinked", why="no kept library links to it")
        package = nearest(file.path, packages)
        needed = file.kind is FileKind.LICENCE or file.path in evidence.texts.referenced_data
        if package and package not in alive and not needed:
            why = f"data of `{package}/`; none of its modules is reached"
            return Verdict(keep=False, rule="unreachable-data", why=why)
        return None

    return opinion


def code_folders(evidence: Evidence, modules: set[str]) -> set[str]:
    """The folders that are packages of code; one with data and no module beside its `__init__` is a folder of data."""
    paths = {file.path for file in evidence.inventory.files} & modules  # a namespace package is only a folder
    packages = {path.rpartition("/")[0] for path in paths if _is_init(path)}
    with_code = _folders_of(path for path in paths if not _is_init(path))
    with_data = _folders_of(file.path for file in evidence.inventory.files if file.kind is FileKind.DATA)
    return packages - (with_data - with_code)


def _folders_of(paths: Iterable[str]) -> set[str]:
    return {folder for path in paths for folder in folders(path)}


def _is_init(path: str) -> bool:
    return path.endswith(("/__init__.py", "/__init__.pyc"))


def _is_template(file: File, packages: set[str]) -> bool:
    """Whether a source in a plain folder of a regular package is read, not imported: `alembic/templates/`."""
    folder = file.path.rpartition("/")[0]
    return file.owner != FIRST_PARTY and folder not in packages and bool(nearest(file.path, packages))


def nearest(path: str, packages: set[str]) -> str:
    """The innermost package folder that holds a path, or nothing."""
    return next((folder for folder in reversed(folders(path)) if folder in packages), "")


def _because(evidence: Evidence, path: str) -> str:
    module = evidence.module_of.get(path)
    if module is None:
        return "another file of a module that is reached, as source beside a compiled library"
    edge = evidence.reach.first.get(module)
    if edge is None:
        return "the handler's own module" if module == evidence.function.module else "starts with the handler"
    place = evidence.imports.modules[edge.importer].path if edge.importer in evidence.imports.modules else edge.importer
    return f"{edge.how.value}: {place}:{edge.line}" if edge.line else f"{edge.how.value}: {place}"
