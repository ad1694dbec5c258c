"""Packs imports that wait: the rewritten bytecode in place of the eager one, and the script that does the imports."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from importlib.resources import files

from lambda_slim.model.member import Member

MODULE, PATTERNS = "_lambda_slim_startup.py", "_lambda_slim_patterns.bin"
PLACES = "_lambda_slim_places.txt"
NATIVE_MODULE, NATIVE_SINCE = "_lambda_slim_native.py", (3, 15)
TEXTS_MODULE, TEXTS = "_lambda_slim_texts.py", "_lambda_slim_texts.bin"


def helper_sources(version: tuple[int, int]) -> tuple[tuple[str, bytes], ...]:
    """The scripts that travel with lazy imports: module file and source."""
    scripts = [(MODULE, "startup.py")]
    if version >= NATIVE_SINCE:
        scripts.append((NATIVE_MODULE, "native.py"))
    return tuple((module, _runtime_script(script)) for module, script in scripts)


def texts_source() -> bytes:
    """The script that gives modules the code of texts."""
    return _runtime_script("texts.py")


def _runtime_script(name: str) -> bytes:
    return files("lambda_slim.bundle.runtime").joinpath(name).read_bytes()


def bytecode_names(members: Sequence[Member]) -> dict[str, str]:
    """Source's package path to the name of its bytecode in the package."""
    return {member.origin: member.name for member in members if member.name.endswith(".pyc") and member.origin}


def with_rewritten(
    members: Sequence[Member], rewritten: Mapping[str, bytes], more: Sequence[Member]
) -> tuple[Member, ...]:
    """The members with other bytecode under some names, and further members; sorted by name.

    Args:
        members: The eager package.
        rewritten: Names of bytecode files to what is in them now.
        more: The helper and what it reads; those of an earlier build go.
    """
    new = {member.name for member in more}
    kept = [
        replace(member, data=rewritten[member.name]) if member.name in rewritten else member
        for member in members
        if member.name not in new
    ]
    return tuple(sorted((*kept, *more), key=lambda member: member.name))
