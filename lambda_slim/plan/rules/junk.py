"""Files that nothing uses at run time: leftovers, stubs, sources, tests, documents (`knowledge/junk.toml`)."""

from lambda_slim.base.package_paths import folders, folders_of
from lambda_slim.model.decision import Judge, Verdict
from lambda_slim.model.evidence import Evidence
from lambda_slim.model.file import FIRST_PARTY, File, FileKind
from lambda_slim.model.knowledge import Check, Junk
from lambda_slim.plan.evidence.string_literals import mentions


def judge(evidence: Evidence) -> Judge:
    """Drops junk whose check holds; a file that looks like junk and is used is kept, with that reason.

    At level trace, what is installed is not kept for being imported: there it is what was seen that counts.
    """
    live_folders = folders_of(evidence.code.live)

    def opinion(file: File) -> Verdict | None:
        kind = evidence.files.junk.get(file.path)
        if kind is None:
            return None
        use = "" if kind.check is Check.ALWAYS else _use(file, kind, evidence, live_folders)
        if not use:
            return Verdict(keep=False, rule=kind.slug, why=kind.why)
        if evidence.traced and file.owner != FIRST_PARTY:
            return None
        return Verdict(keep=True, rule="in-use", why=use)

    return opinion


def _use(file: File, kind: Junk, evidence: Evidence, live_folders: set[str]) -> str:
    """How a file that looks like junk is used, as a clause; "" where it is not used."""
    if file.path in evidence.code.live:
        return f"looks like {kind.slug}, but shipped code imports it"
    if kind.folders and not _is_code(file) and _folder_lives(kind, file, live_folders):
        return f"data in a {kind.slug} folder that shipped code imports"
    if file.path in evidence.texts.referenced_junk:
        return f"data in a {kind.slug} folder that shipped code names"
    if _has_reader(kind, evidence) or (kind.check is Check.UNREAD and _is_read(file, evidence)):
        return f"looks like {kind.slug}, but shipped code names it"
    return ""


def _is_code(file: File) -> bool:
    return file.kind in (FileKind.SOURCE, FileKind.BYTECODE)


def _folder_lives(junk: Junk, file: File, live_folders: set[str]) -> bool:
    """Whether a live module lies in the innermost folder above the file that the pattern names."""
    named = [folder for folder in folders(file.path) if junk.matches(f"{folder}/x.py")]
    return bool(named) and named[0] in live_folders and _nearest_lives(file, live_folders)


def _nearest_lives(file: File, live_folders: set[str]) -> bool:
    """Whether a live module lies in the file's folder, or the one above."""
    nearest = folders(file.path)[-2:]
    return not live_folders.isdisjoint(nearest)


def _has_reader(junk: Junk, evidence: Evidence) -> bool:
    return any(word.endswith(junk.readers) for word in evidence.texts.literals)


def _is_read(file: File, evidence: Evidence) -> bool:
    if file.owner == FIRST_PARTY:
        return mentions(evidence.texts.literals, file.path)
    return file.path.rpartition("/")[2] in evidence.texts.junk_names.get(file.owner, frozenset())
