"""No import path from the handler leads there (from level `reach` on).

At level `trace` evidence takes the place of this for what is installed; own modules are judged as at level `reach`, so
that a deeper level never ships more.
"""

from lambda_slim.model.decision import Judge, Verdict
from lambda_slim.model.evidence import Evidence
from lambda_slim.model.file import FIRST_PARTY, File, FileKind
from lambda_slim.model.settings import Level
from lambda_slim.plan.rules.junk import folders


def judge(facts: Evidence) -> Judge:
    """Drops unreached modules, and data whose nearest package has no reached module."""
    if facts.settings.level is Level.SAFE:
        return lambda _: None
    by_trace = facts.settings.level is Level.TRACE and facts.trace is not None
    modules = {module.path for module in facts.imports.modules.values()}
    packages = code_folders(facts, modules)
    alive = {folder for path in facts.reach.files for folder in folders(path)}
    owners = {file.owner for file in facts.inventory.files if file.path in facts.reach.files}

    def opinion(file: File) -> Verdict | None:
        if file.kind is FileKind.METADATA or file.path.endswith(".pth") or (by_trace and file.owner != FIRST_PARTY):
            return None
        if file.path in facts.reach.files:
            return Verdict(keep=True, rule="reached", why=_because(facts, file.path))
        if file.path in modules and not _is_template(file, packages):
            return Verdict(keep=False, rule="unreachable", why="no import path from the handler leads to it")
        return None if file.owner == FIRST_PARTY else _data(file)

    def _data(file: File) -> Verdict | None:
        if file.owner not in owners:
            return Verdict(keep=False, rule="unreachable", why=f"no module of {file.owner} is reached")
        if facts.libraries.get(file.path) is False:
            return Verdict(keep=False, rule="unlinked", why="no kept library links to it")
        package = nearest(file.path, packages)
        if package and package not in alive and file.kind is not FileKind.LICENCE and file.path not in facts.beside:
            why = f"data of `{package}/`, none of whose modules is reached"
            return Verdict(keep=False, rule="unreachable-data", why=why)
        return None

    return opinion


def code_folders(facts: Evidence, modules: set[str]) -> set[str]:
    """The folders that are packages of code; one with data and no module beside its `__init__` is a folder of data."""
    files = modules.intersection(file.path for file in facts.inventory.files)  # a namespace package is only a folder
    coded = {folder for path in files if not _is_init(path) for folder in folders(path)}
    data = {folder for file in facts.inventory.files if file.kind is FileKind.DATA for folder in folders(file.path)}
    found = {path.rpartition("/")[0] for path in files if _is_init(path)}
    return {folder for folder in found if folder in coded or folder not in data}


def _is_init(path: str) -> bool:
    return path.endswith(("/__init__.py", "/__init__.pyc"))


def _is_template(file: File, packages: set[str]) -> bool:
    """A source in a plain folder of a regular package is read rather than imported: `alembic/templates/`."""
    folder = file.path.rpartition("/")[0]
    return file.owner != FIRST_PARTY and folder not in packages and bool(nearest(file.path, packages))


def nearest(path: str, packages: set[str]) -> str:
    """The innermost package folder that holds a path, or nothing."""
    return next((folder for folder in reversed(folders(path)) if folder in packages), "")


def _because(facts: Evidence, path: str) -> str:
    module = facts.module_of.get(path, "")
    edge = facts.reach.first.get(module)
    if edge is None:
        return "the handler's own module"
    place = facts.imports.modules[edge.importer].path if edge.importer in facts.imports.modules else edge.importer
    return f"{edge.how.value}: {place}:{edge.line}" if edge.line else f"{edge.how.value}: {place}"
