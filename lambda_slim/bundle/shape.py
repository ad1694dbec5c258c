"""Turns a kept file into members of the package: as it is, compiled, or stripped."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from lambda_slim.base.errors import LimitError, PackageError, error_text
from lambda_slim.base.files import file_signature, read_regular
from lambda_slim.base.rows import present, total_size
from lambda_slim.base.shelf import Memory, Shelf
from lambda_slim.base.units import show_size
from lambda_slim.formats.deflation import deflate_level
from lambda_slim.formats.elf import is_elf
from lambda_slim.formats.elf_strip import strip_elf
from lambda_slim.formats.gz import regzip
from lambda_slim.model.file import FIRST_PARTY, File, FileKind
from lambda_slim.model.member import UNZIPPED_LIMIT, Member, Shaped
from lambda_slim.model.settings import Bytecode, Level, Settings
from lambda_slim.model.target import Target
from lambda_slim.run.compiler import compile_modules
from lambda_slim.run.interpreter import find_interpreter

MOST_READ = 3 * UNZIPPED_LIMIT  # bytes before stripping
_STRIPPER = b"strip 2"
_LABELS = {True: b"compile 1", False: b"compile 1 no columns"}


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
    forge = _Forge(target, settings, shelf, read_sources)
    shaped = _shaped(plain, sources, mode, forge)
    shelf.close()
    return replace(shaped, notes=(*notes, *shaped.notes))


def _to_compile(files: Iterable[File], mode: Bytecode, chosen: frozenset[str] | None) -> list[File]:
    """The modules that get bytecode."""
    if mode is Bytecode.NONE:
        return []
    modules = [file for file in files if file.kind is FileKind.SOURCE and _is_module(file.path)]
    return modules if chosen is None or mode is Bytecode.ALL else [file for file in modules if file.path in chosen]


@dataclass(frozen=True, slots=True)
class _Forge:
    """How bytecode is made.

    Attributes:
        kept: Package paths of sources that stay beside their bytecode.
    """

    target: Target
    settings: Settings
    shelf: Shelf
    kept: frozenset[str]

    def beside(self, plain: Sequence[Member], sources: Sequence[File]) -> list[Member]:
        """All members, with bytecode beside the sources."""
        compiled = _compile(sources, self)
        extra = [Member(_cached_name(path, self.target), data, origin=path) for path, data in sorted(compiled.items())]
        return [*plain, *extra]

    def in_place(self, plain: Sequence[Member], sources: Sequence[File]) -> list[Member]:
        """All members, with bytecode in place of source. A source that code reads stays, with bytecode beside it."""
        compiled = _compile(sources, self, kept=self.kept)
        members = []
        for member in plain:
            bytecode = compiled.get(member.name)
            if bytecode is None or member.name in self.kept:
                members.append(member)
            if bytecode is not None:
                name = _cached_name(member.name, self.target) if member.name in self.kept else member.name + "c"
                members.append(Member(name, bytecode, origin=member.name))
        return members


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


def _shaped(plain: Sequence[Member], sources: Sequence[File], mode: Bytecode, forge: _Forge) -> Shaped:
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
    """Refuses what could not be a package, before a byte of it is read.

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


def read_file(file: File) -> bytes:
    """The content of a file.

    Raises:
        PackageError: it cannot be read.
    """
    try:
        return read_regular(file.source, MOST_READ)
    except OSError as error:
        raise PackageError(
            f"cannot read `{file.path}`",
            cause=error_text(error),
            hint="was it changed or removed during the build?",
        ) from error


_MEMBERS: Memory[Member] = Memory(1 << 28)  # of distributions, whose files functions share
_COMPILED: Memory[bytes] = Memory(1 << 28)


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


def _is_module(path: str) -> bool:
    """Whether a source can be imported: by its name or, as Lambda does, by any name without a dot."""
    return not any("." in part for part in path.removesuffix(".py").split("/"))


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


def _compile(sources: Iterable[File], forge: _Forge, kept: frozenset[str] | None = None) -> dict[str, bytes]:
    """Bytecode by the source's path; what does not compile is left out.

    Args:
        sources: What to compile.
        forge: By what.
        kept: Sources that stay; the others' bytecode has no columns, which are for quotes of lines. None for all.
    """
    groups: dict[bool, list[File]] = {}
    for file in sources:
        groups.setdefault(kept is None or file.path in kept, []).append(file)
    compiled: dict[str, bytes] = {}
    for columns, group in groups.items():
        compiled |= _compile_group(group, forge, columns=columns)
    return compiled


def _compile_group(sources: Sequence[File], forge: _Forge, *, columns: bool) -> dict[str, bytes]:
    keys = {file.path: (forge.target.runtime.name, columns, file, file_signature(file.source)) for file in sources}
    compiled = present({path: _COMPILED.find(key) for path, key in keys.items()})
    contents = {file.path: read_file(file) for file in sources if file.path not in compiled}
    for path, data in _from_shelf(contents, forge, columns=columns).items():
        compiled[path] = _COMPILED.put(keys[path], data, len(data))
    return {path: compiled[path] for path in keys if compiled.get(path)}


def _from_shelf(contents: Mapping[str, bytes], forge: _Forge, *, columns: bool) -> dict[str, bytes]:
    """The bytecode of sources, from the shelf or compiled now; b"" for what does not compile."""
    shelf, label = forge.shelf, _LABELS[columns]
    runtime = forge.target.runtime.name.encode()
    keys = {path: shelf.key(label, runtime, path.encode(), data) for path, data in contents.items()}
    made = present({path: shelf.find(key) for path, key in keys.items()})
    missing = {path: contents[path] for path in keys if path not in made}
    for path, data in _compile_now(missing, forge, columns=columns).items():
        shelf.put(keys[path], data)
        made[path] = data
    return made


def _compile_now(contents: Mapping[str, bytes], forge: _Forge, *, columns: bool) -> dict[str, bytes]:
    if not contents:
        return {}
    interpreter = find_interpreter(forge.target, forge.settings.interpreter)
    assert interpreter is not None  # _mode saw to it
    return dict(zip(contents, compile_modules(interpreter, [*contents.items()], columns=columns), strict=True))


def cache_tag(target: Target) -> str:
    """What the names of bytecode files have: `cpython-312`."""
    return f"cpython-{target.runtime.python.replace('.', '')}"


def _cached_name(path: str, target: Target) -> str:
    folder, slash, name = path.rpartition("/")
    return f"{folder}{slash}__pycache__/{name.removesuffix('.py')}.{cache_tag(target)}.pyc"


def compile_sources(files: Iterable[File], target: Target, settings: Settings) -> dict[str, bytes]:
    """Bytecode of all modules among files, by path, for code that is run here; what does not compile is left out.

    Raises:
        PackageError: a file cannot be read.
        RunError: there is no Python of the target's minor version that works.
    """
    if find_interpreter(target, settings.interpreter) is None:
        return {}
    shelf = Shelf("shaped")
    modules = [file for file in files if file.kind is FileKind.SOURCE and _is_module(file.path)]
    own = frozenset(file.path for file in modules if file.owner == FIRST_PARTY)
    compiled = _compile(modules, _Forge(target, settings, shelf, own), kept=own)
    shelf.close()
    return compiled
