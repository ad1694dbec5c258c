"""Turns a kept file into members of the package: as it is, compiled, or stripped."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from lambda_slim.base.errors import LimitError
from lambda_slim.base.files import file_signature
from lambda_slim.base.rows import total_size
from lambda_slim.base.shelf import Memory, Shelf
from lambda_slim.base.units import show_size
from lambda_slim.bundle.compiled import Forge, modules_among
from lambda_slim.bundle.reading import MOST_READ, read_file
from lambda_slim.formats.deflation import deflate_level
from lambda_slim.formats.elf import is_elf
from lambda_slim.formats.elf_strip import strip_elf
from lambda_slim.formats.gz import regzip
from lambda_slim.model.file import FIRST_PARTY, File, FileKind
from lambda_slim.model.member import UNZIPPED_LIMIT, Member, Shaped
from lambda_slim.model.settings import Bytecode, Level, Settings
from lambda_slim.model.target import Target
from lambda_slim.run.interpreter import find_interpreter

_STRIPPER = b"strip 2"


def shape(
    files: Sequence[File],
    target: Target,
    settings: Settings,
    *,
    chosen: frozenset[str] | None = None,
    read_sources: frozenset[str] = frozenset(),
) -> Shaped:
    """Turns kept files into members.

    Args:
        files: What ships.
        target: Decides the bytecode.
        settings: `bytecode`, `strip`, `interpreter`; at level safe `--bytecode auto` takes no source away.
        chosen: Package paths of the modules that `--bytecode auto`, `init` and `only` compile; None for all.
        read_sources: Package paths of sources that code opens as text, which stay beside their bytecode.

    Raises:
        LimitError: see `check_total`.
        PackageError: a file cannot be read.
    """
    check_total(files)
    shelf = Shelf("shaped")
    level = deflate_level(release=settings.release)
    plain = [_kept(file, shelf, strip=settings.strip, level=level) for file in files]
    mode, notes = _mode(settings, target)
    sources = _to_compile(files, mode, chosen)
    if not sources:
        shelf.close()
        return Shaped(tuple(plain), _name(mode, settings), notes)
    forge = Forge(target, settings, shelf, read_sources)
    shaped = _shaped(plain, sources, mode, forge)
    shelf.close()
    return replace(shaped, notes=(*notes, *shaped.notes))


def _to_compile(files: Iterable[File], mode: Bytecode, chosen: frozenset[str] | None) -> list[File]:
    """The modules that get bytecode."""
    if mode is Bytecode.NONE:
        return []
    modules = modules_among(files)
    if chosen is None or mode is Bytecode.ALL:
        return modules
    return [file for file in modules if file.path in chosen]


def _takes_place(mode: Bytecode, settings: Settings) -> bool:
    """Whether bytecode comes in the place of source."""
    return mode is Bytecode.ONLY or (mode is Bytecode.AUTO and settings.level is not Level.SAFE)


def _name(mode: Bytecode, settings: Settings) -> str:
    """What a report calls the way, where it fits: the same for a package too small for any bytecode to pay."""
    if mode is Bytecode.NONE:
        return "none"
    if _takes_place(mode, settings):
        return "auto" if mode is Bytecode.AUTO else "only"
    return "all" if mode is Bytecode.ALL else "init"


def _shaped(plain: Sequence[Member], sources: Sequence[File], mode: Bytecode, forge: Forge) -> Shaped:
    """The members in the first form that fits into a package: bytecode beside source, in its place, source only."""
    notes: tuple[str, ...] = ()
    if not _takes_place(mode, forge.settings):
        members = forge.beside(plain, sources)
        name = _name(mode, forge.settings)
        if _total(members) <= UNZIPPED_LIMIT:
            return Shaped(tuple(members), name, uncompiled=_uncompiled(members, sources))
        notes = (
            f"bytecode beside source would be {show_size(_total(members))}, over 250 MiB: it is in place of source",
        )
    members = forge.in_place(plain, sources)
    if _total(members) <= UNZIPPED_LIMIT or _total(plain) > _total(members):
        name = "auto" if mode is Bytecode.AUTO else "only"
        return Shaped(tuple(members), name, notes, uncompiled=_uncompiled(members, sources))
    note = f"bytecode would bring the package to {show_size(_total(members))}, over Lambda's 250 MiB: source only"
    return Shaped(tuple(plain), "none", (note,))


def _total(members: Iterable[Member]) -> int:
    return sum(len(member.data) for member in members)


def _uncompiled(members: Iterable[Member], sources: Iterable[File]) -> frozenset[str]:
    """Sources that should have bytecode and have none: the target's own Python cannot compile them."""
    compiled = {member.origin for member in members if member.name.endswith(".pyc")}
    return frozenset(file.path for file in sources) - compiled


def check_total(files: Iterable[File], most: int = MOST_READ) -> None:
    """Refuses files that cannot be a package before any of them is read.

    Args:
        files: What would be read.
        most: Bytes; by default a multiple of Lambda's limit, which no stripping brings it below.

    Raises:
        LimitError: they are more than that.
    """
    largest = sorted(files, key=lambda file: -file.size)
    total = total_size(largest)
    if total > most:
        raise LimitError(
            f"the package would be {show_size(total)} unzipped, over Lambda's limit of {show_size(UNZIPPED_LIMIT)}",
            cause="largest: " + ", ".join(f"{file.path} {show_size(file.size)}" for file in largest[:3]),
            hint="leave it out with `exclude` in the settings or .lambdaslimignore",
        )


_MEMBERS: Memory[Member] = Memory(1 << 28)  # of distributions, whose files functions share


def _kept(file: File, shelf: Shelf, *, strip: bool, level: int) -> Member:
    """The member of a file; that of a third-party file is made once."""
    if file.owner == FIRST_PARTY:
        return _plain(file, read_file(file), shelf, strip=strip, level=level)
    key = (file, file_signature(file.source), strip, level)
    known = _MEMBERS.find(key)
    if known is None:
        known = _plain(file, read_file(file), shelf, strip=strip, level=level)
        _MEMBERS.put(key, known, len(known.data))
    return known


def _plain(file: File, data: bytes, shelf: Shelf, *, strip: bool, level: int) -> Member:
    if file.kind is FileKind.LIBRARY and is_elf(data):
        if strip:
            data = shelf.get(_STRIPPER, data, strip_elf)
        return Member(file.path, data, executable=True, origin=file.path)
    if file.path.endswith(".gz") and file.owner:
        data = shelf.get(b"gzip %d" % level, data, lambda content: regzip(content, level))
    return Member(file.path, data, executable=data[:2] == b"#!" or is_elf(data), origin=file.path)


def _mode(settings: Settings, target: Target) -> tuple[Bytecode, tuple[str, ...]]:
    mode = settings.bytecode
    if mode is Bytecode.NONE:
        return mode, ()
    if find_interpreter(target, settings.interpreter) is None:
        wanted = target.runtime.python
        note = (
            f"no Python {wanted} on this machine: source only, so every cold start compiles it "
            f"(uv python install {wanted}, or --interpreter)"
        )
        return Bytecode.NONE, (note,)
    return mode, ()
