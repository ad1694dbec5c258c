"""No import path from the handler leads to the file (from level `reach` on).

At level `trace` installed files are judged by the trace instead (`untraced`). First-party modules are judged as at
level `reach`, so that a deeper level never ships more.
"""

from lambda_slim.base.package_paths import folders_of, nearest
from lambda_slim.model.decision import Judge, Verdict
from lambda_slim.model.evidence import Evidence
from lambda_slim.model.file import FIRST_PARTY, File, FileKind
from lambda_slim.model.settings import Level


def judge(evidence: Evidence) -> Judge:
    """Drops unreached modules, and data whose nearest package has no reached module."""
    if evidence.settings.level is Level.SAFE:
        return lambda _: None
    reached, modules = evidence.reach.files, evidence.imports.paths
    packages = code_folders(evidence)
    alive = folders_of(reached)
    owners = {file.owner for file in evidence.inventory.files if file.path in reached}

    def opinion(file: File) -> Verdict | None:
        if file.is_read_by_python or (evidence.traced and file.owner != FIRST_PARTY):
            return None
        if file.path in reached:
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


def code_folders(evidence: Evidence) -> set[str]:
    """The folders that are packages of code; one with data and no module beside its `__init__` is a folder of data."""
    files = evidence.inventory.files
    modules = {file.path for file in files} & evidence.imports.paths  # a namespace package is only a folder
    initial = set(filter(_is_init, modules))
    packages = {path.rpartition("/")[0] for path in initial}
    with_code = folders_of(modules - initial)
    with_data = folders_of(file.path for file in files if file.kind is FileKind.DATA)
    return packages - (with_data - with_code)


def _is_init(path: str) -> bool:
    return path.endswith(("/__init__.py", "/__init__.pyc"))


def _is_template(file: File, packages: set[str]) -> bool:
    """Whether a source in a plain folder of a regular package is read, not imported: `alembic/templates/`."""
    folder = file.path.rpartition("/")[0]
    return file.owner != FIRST_PARTY and folder not in packages and bool(nearest(file.path, packages))


def _because(evidence: Evidence, path: str) -> str:
    module = evidence.module_of.get(path)
    if module is None:
        return "another file of a module that is reached, as source beside a compiled library"
    edge = evidence.reach.first.get(module)
    if edge is None:
        return "the handler's own module" if module == evidence.function.module else "starts with the handler"
    importer = evidence.imports.modules.get(edge.importer)
    place = importer.path if importer else edge.importer
    return f"{edge.how.value}: {place}:{edge.line}" if edge.line else f"{edge.how.value}: {place}"
