"""The bytecode of sources, made once for all packages and all runs that need it."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import NamedTuple

from lambda_slim.base.errors import PackageError, RunError
from lambda_slim.base.files import file_signature
from lambda_slim.base.rows import present, total_size, values_by_key
from lambda_slim.base.shelf import Memory, Shelf
from lambda_slim.bundle.reading import read_file
from lambda_slim.model.file import FIRST_PARTY, File, FileKind
from lambda_slim.model.member import Member
from lambda_slim.model.settings import Settings
from lambda_slim.model.target import Target
from lambda_slim.run.compiler import compile_timed
from lambda_slim.run.interpreter import find_interpreter

_LABELS = {True: b"compile 2", False: b"compile 2 no columns"}
_MOST_AHEAD = 1 << 20  # bytes of source, which compile in about a second
_TIME_BYTES = 4  # before the bytecode, on the shelf


class CompiledSource(NamedTuple):
    """What a source compiles to.

    Attributes:
        data: The .pyc; b"" for what does not compile.
        took_us: How much longer compiling takes than loading the bytecode, in microseconds of CPU time, as it was when
            this bytecode was made.
    """

    data: bytes
    took_us: int = 0


_COMPILED: Memory[CompiledSource] = Memory(1 << 28)


def is_module(path: str) -> bool:
    """Whether a source can be imported: by its name or, as Lambda does, by any name without a dot."""
    return not any("." in part for part in path.removesuffix(".py").split("/"))


def modules_among(files: Iterable[File]) -> list[File]:
    """The sources that can be imported."""
    return [file for file in files if file.kind is FileKind.SOURCE and is_module(file.path)]


def cache_tag(target: Target) -> str:
    """What the names of bytecode files have: `cpython-312`."""
    return f"cpython-{target.runtime.python.replace('.', '')}"


def _cached_name(path: str, target: Target) -> str:
    folder, slash, name = path.rpartition("/")
    return f"{folder}{slash}__pycache__/{name.removesuffix('.py')}.{cache_tag(target)}.pyc"


@dataclass(frozen=True, slots=True)
class Forge:
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
        compiled = sorted(self.compile(sources).items())
        extra = [Member(_cached_name(path, self.target), made.data, origin=path) for path, made in compiled]
        return [*plain, *extra]

    def in_place(self, plain: Sequence[Member], sources: Sequence[File]) -> list[Member]:
        """All members, with bytecode in place of source. A source that code reads stays, with bytecode beside it."""
        compiled = self.compile(sources, kept=self.kept)
        members = []
        for member in plain:
            made = compiled.get(member.name)
            if made is None or member.name in self.kept:
                members.append(member)
            if made is not None:
                name = _cached_name(member.name, self.target) if member.name in self.kept else member.name + "c"
                members.append(Member(name, made.data, origin=member.name))
        return members

    def compile(self, sources: Iterable[File], kept: frozenset[str] | None = None) -> dict[str, CompiledSource]:
        """Bytecode by the source's path; what does not compile is left out.

        Args:
            sources: What to compile.
            kept: Sources that stay; the others' bytecode has no columns, which are for quotes of lines. None for all.
        """
        groups = values_by_key((kept is None or file.path in kept, file) for file in sources)
        compiled: dict[str, CompiledSource] = {}
        for columns, group in groups.items():
            compiled |= self._group(group, columns=columns)
        return compiled

    def _group(self, sources: Sequence[File], *, columns: bool) -> dict[str, CompiledSource]:
        keys = {file.path: (self.target.runtime.name, columns, file, file_signature(file.source)) for file in sources}
        remembered = {path: _COMPILED.find(key) for path, key in keys.items()}
        contents = {file.path: read_file(file) for file in sources if remembered[file.path] is None}
        fresh = self._from_shelf(contents, columns=columns)
        for path, made in fresh.items():
            _COMPILED.put(keys[path], made, len(made.data))
        rows = ((path, remembered[path] or fresh[path]) for path in keys)
        return {path: made for path, made in rows if made.data}

    def _from_shelf(self, contents: Mapping[str, bytes], *, columns: bool) -> dict[str, CompiledSource]:
        """The bytecode of sources, from the shelf or compiled now."""
        label, runtime = _LABELS[columns], self.target.runtime.name.encode()
        keys = {path: self.shelf.key(label, runtime, path.encode(), data) for path, data in contents.items()}
        kept = present({path: self.shelf.find(key) for path, key in keys.items()})
        made = {path: _unpacked(data) for path, data in kept.items()}
        missing = {path: contents[path] for path in keys if path not in made}
        for path, compiled in self._compile_now(missing, columns=columns).items():
            self.shelf.put(keys[path], compiled.took_us.to_bytes(_TIME_BYTES, "little") + compiled.data)
            made[path] = compiled
        return made

    def _compile_now(self, contents: Mapping[str, bytes], *, columns: bool) -> dict[str, CompiledSource]:
        if not contents:
            return {}
        interpreter = find_interpreter(self.target, self.settings.interpreter)
        assert interpreter is not None  # whoever makes a forge has asked
        rows = compile_timed(interpreter, [*contents.items()], columns=columns)
        return {path: CompiledSource(*row) for path, row in zip(contents, rows, strict=True)}


def _unpacked(data: bytes) -> CompiledSource:
    return CompiledSource(data[_TIME_BYTES:], int.from_bytes(data[:_TIME_BYTES], "little"))


def compile_sources(files: Iterable[File], target: Target, settings: Settings) -> dict[str, CompiledSource]:
    """Bytecode of all modules among files, by path, for code that is run here; what does not compile is left out.

    Raises:
        PackageError: a file cannot be read.
        RunError: there is no Python of the target's minor version that works.
    """
    if find_interpreter(target, settings.interpreter) is None:
        return {}
    shelf = Shelf("shaped")
    modules = modules_among(files)
    own = frozenset(file.path for file in modules if file.owner == FIRST_PARTY)
    compiled = Forge(target, settings, shelf, own).compile(modules, kept=own)
    shelf.close()
    return compiled


def compile_ahead(files: Iterable[File], target: Target, settings: Settings) -> None:
    """Has the bytecode of all first-party modules made, in few processes: functions that share them ask for each apart.

    Not where they are so many that a few functions would not ask for them. What does not work here is told by whoever
    asks for the bytecode.
    """
    own = [file for file in files if file.owner == FIRST_PARTY and file.kind is FileKind.SOURCE]
    if total_size(own) <= _MOST_AHEAD:
        with suppress(RunError, PackageError):
            compile_sources(own, target, settings)
