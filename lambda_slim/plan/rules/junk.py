"""Nobody runs it: installer leftovers, stubs, sources, suites and documents (`knowledge/junk.toml`)."""

from lambda_slim.model.decision import Judge, Verdict
from lambda_slim.model.evidence import Evidence
from lambda_slim.model.file import FIRST_PARTY, File, FileKind
from lambda_slim.model.knowledge import Check, Junk
from lambda_slim.model.settings import Level
from lambda_slim.plan.evidence.string_literals import mentions


def judge(facts: Evidence) -> Judge:
    """Drops junk whose check holds; what looks like junk but is used says so.

    At level trace, what is installed is not kept for being imported: there it is what was seen that counts.
    """
    by_trace = facts.settings.level is Level.TRACE and facts.trace is not None
    live_folders = {folder for path in facts.live for folder in folders(path)}

    def opinion(file: File) -> Verdict | None:
        junk = facts.junk.get(file.path)
        if junk is None:
            return None
        if junk.check is Check.ALWAYS:
            return Verdict(keep=False, rule=junk.slug, why=junk.why)
        if file.path in facts.live:
            return Verdict(keep=True, rule="in-use", why=f"looks like {junk.slug}, but kept code imports it")
        if junk.folders and not _is_code(file) and _folder_lives(junk, file, live_folders):
            return Verdict(keep=True, rule="in-use", why=f"data in a {junk.slug} folder that kept code imports")
        if file.path in facts.asked:
            return Verdict(keep=True, rule="in-use", why=f"data in a {junk.slug} folder that kept code names")
        if _has_reader(junk, facts) or (junk.check is Check.UNREAD and _is_read(file, facts)):
            return Verdict(keep=True, rule="in-use", why=f"looks like {junk.slug}, but kept code names it")
        return Verdict(keep=False, rule=junk.slug, why=junk.why)

    return lambda file: None if (found := opinion(file)) and by_trace and found.keep and file.owner else found


def folders(path: str) -> list[str]:
    """The folders above a path, outermost first.

    >>> folders("a/b/c.py")
    ['a', 'a/b']
    """
    parts = path.split("/")[:-1]
    return ["/".join(parts[:end]) for end in range(1, len(parts) + 1)]


def _is_code(file: File) -> bool:
    return file.kind in (FileKind.SOURCE, FileKind.BYTECODE)


def _folder_lives(junk: Junk, file: File, live_folders: set[str]) -> bool:
    """Whether a live module lies in the innermost folder above the file that the pattern names."""
    named = [folder for folder in folders(file.path) if junk.matches(f"{folder}/x.py")]
    return bool(named) and named[0] in live_folders and _nearest_lives(file, live_folders)


def _nearest_lives(file: File, live_folders: set[str]) -> bool:
    return (
        file.path.rpartition("/")[0] in live_folders or file.path.rpartition("/")[0].rpartition("/")[0] in live_folders
    )


def _has_reader(junk: Junk, facts: Evidence) -> bool:
    return any(word.endswith(junk.readers) for word in facts.mentioned)


def _is_read(file: File, facts: Evidence) -> bool:
    if file.owner == FIRST_PARTY:
        return mentions(facts.mentioned, file.path)
    return file.path.rpartition("/")[2] in facts.named.get(file.owner, frozenset())
