"""Names that compiled modules import: C extensions, Cython, Rust, and bytecode without source."""

import bz2
import contextlib
import re
import struct
import zlib
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from lambda_slim.base import cache
from lambda_slim.base.files import file_signature, read_regular
from lambda_slim.formats.pyc import texts_in
from lambda_slim.imports.binary import lzss
from lambda_slim.imports.index import Index
from lambda_slim.imports.scan.facts import VERSION
from lambda_slim.imports.store import pack, unpack
from lambda_slim.model.file import File
from lambda_slim.model.imports import Module

_SHELF = "imports"
# A name that is data ends at a NUL or runs into another text; one inside prose (a docstring) has prose on both sides.
_TOKEN = re.compile(rb"[A-Za-z0-9_][\w.]{1,100}\Z")  # mypyc names its libraries by a digest
_IMPORTED = re.compile(rb"(?:import|from) ([A-Za-z_][\w.]{1,100})")
_PROSE_BYTES = frozenset(b" \n\t`\"'()[],;:=~/*<>|")
_NAME_BYTES = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.")
_COMPUTED = frozenset({"import_module", "__import__", "iter_modules", "walk_packages", "spec_from_file_location"})
_KINDS = bytes(byte if byte in _NAME_BYTES else 32 if byte in _PROSE_BYTES else 10 for byte in range(256))
_ZLIB = re.compile(rb"x[\x01\x5e\x9c\xda]")
_BZ2 = re.compile(rb"BZh[1-9]1AY&SY")
_LARGEST_TABLE = 4_000_000
_MOST_TABLES = 50  # of one section
_LARGEST = 400_000_000
_SHT_PROGBITS, _ALLOC, _EXECUTE = 1, 2, 4


class Binaries:
    """The modules that compiled files name, by module."""

    def __init__(self, index: Index, files: Iterable[File]) -> None:
        self.index = index
        self.files = {file.path: file for file in files}
        self.tops = sorted(index.children.get("", ()))
        alternatives = b"|".join(re.escape(top.encode()) for top in self.tops if len(top) > 2)
        self.heads = re.compile(rb"(?=((?:" + alternatives + rb")\.[A-Za-z_][\w.]{0,80}))") if alternatives else None
        self._found: dict[str, Sequence[str]] = {}
        self._names = ""

    def targets(self, module: Module) -> Sequence[str]:
        """The modules that the compiled file of a module may import."""
        if module.name not in self._found:
            self.load(module.owner)
        return self._found.get(module.name, ())

    def load(self, owner: str) -> None:
        """Reads all compiled modules of a distribution outside its tests, from the cache if they are known."""
        every = [self.index.modules[name] for name in self.index.owned.get(owner, ())]
        modules = [m for m in every if not m.namespace and not m.path.endswith(".py")]
        self._names = self._names or cache.digest(*sorted(self.index.modules))
        signatures = [(m.name, file_signature(self.files[m.path].source)) for m in modules]
        key = cache.digest(VERSION, "binary", self._names, repr(signatures))
        rows = unpack(cache.load(_SHELF, key))
        if rows is None:
            rows = {module.name: tuple(self.read(module)) for module in modules}
            cache.store(_SHELF, key, pack(rows))
        self._found.update(rows)

    def read(self, module: Module) -> list[str]:
        """Scans one compiled file."""
        file = self.files[module.path]
        if file.size > _LARGEST:
            return []
        try:
            data = read_regular(file.source, _LARGEST)
        except OSError:
            return []
        if module.path.endswith(".pyc"):
            compiled = dict.fromkeys(self.compiled(module, set(texts_in(data))))
            return [name for name in compiled if name != module.name]
        names: dict[str, None] = {}
        tokens: set[str] = set()
        for part, packed in parts_of(data):
            tokens.update(token.decode("ascii") for token in tokens_of(part))
            if packed or is_glued(part):
                names.update(dict.fromkeys(self.resolve_glued(module, part)))
        names.update(dict.fromkeys(self.resolve(module, tokens)))
        names.pop(module.name, None)
        return list(names)

    def compiled(self, module: Module, texts: set[str]) -> Iterator[str]:
        """The modules that bytecode without source may import: absolute names, and names in the packages around it."""
        modules = self.index.modules
        around = [*([module.name] if module.package else []), *ancestors_of(module.name)]
        for text in sorted(texts):
            name = text.partition(":")[0]
            for full in (name, *(f"{package}.{name}" for package in around)):
                if full in modules:
                    yield full
                    yield from self.members(full, texts)
        if not _COMPUTED.isdisjoint(texts):  # by a name that only its source would tell
            top = module.name.partition(".")[0]
            yield from (name for name in self.index.below(top) if not self.index.in_tests(name))

    def resolve(self, module: Module, tokens: set[str]) -> Iterator[str]:
        """The modules among a file's words: absolute names, names beside the file, children of named packages."""
        ancestors = ancestors_of(module.name)
        for token in sorted(tokens):
            name = self.absolute(token.strip("."))
            if name:
                yield name
                yield from self.members(name, tokens)
            for package in ancestors if "." in token else ancestors[:1]:
                inside = f"{package}.{token.strip('.')}"
                if inside in self.index.modules:
                    yield inside
                    yield from self.members(inside, tokens)

    def absolute(self, name: str) -> str:
        """The longest leading part of a word that is a module, but of several parts no top level alone; "" for none."""
        modules = self.index.modules
        if "." not in name:
            return name if name in modules and len(name) > 2 else ""
        while "." in name and name not in modules:
            name = name.rpartition(".")[0]
        return name if "." in name else ""

    def members(self, package: str, tokens: set[str]) -> Iterator[str]:
        """The submodules that stand beside the name of their package: `from package import member`."""
        for child in self.index.children.get(package, ()):
            if child.rpartition(".")[2] in tokens and not self.index.in_tests(child):
                yield child

    def resolve_glued(self, module: Module, data: bytes) -> Iterator[str]:
        """The same where texts follow each other without an end mark, so that a name is any part of the whole."""
        for top in self.tops:
            if (top.startswith("_") or len(top) > 4) and said(data, top.encode()):
                yield top
        named = list(self.glued_names(data))
        yield from named
        for package in dict.fromkeys((*ancestors_of(module.name)[:1], *named)):
            yield from self.glued_members(package, data)

    def glued_names(self, data: bytes) -> Iterator[str]:
        """The modules at the heads of dotted texts outside prose."""
        for match in self.heads.finditer(data) if self.heads else ():
            if not in_prose(data, match.start(1), match.end(1)):
                text = match[1].decode("ascii", errors="replace")
                starts = (text[:end] for end in range(len(text), 0, -1))
                name = next((start for start in starts if start in self.index.modules), "")
                if name:
                    yield name

    def glued_members(self, package: str, data: bytes) -> Iterator[str]:
        """The submodules of a package whose own names appear."""
        for child in self.index.children.get(package, ()):
            name = child.rpartition(".")[2]
            if len(name) > 2 and said(data, name.encode()) and not self.index.in_tests(child):
                yield child


def said(data: bytes, name: bytes) -> bool:
    """Whether a name occurs anywhere outside prose."""
    start = data.find(name)
    while start >= 0:
        if not in_prose(data, start, start + len(name)):
            return True
        start = data.find(name, start + 1)
    return False


def in_prose(data: bytes, start: int, end: int) -> bool:
    """Whether some bytes have prose on both sides, so that they are a word of a docstring."""
    before, after = data[start - 1 : start], data[end : end + 1]
    if data[max(0, start - 7) : start].endswith((b"import ", b"from ")):
        return False
    return bool(before and before[0] in _PROSE_BYTES and after and after[0] in _PROSE_BYTES)


def tokens_of(data: bytes) -> Iterator[bytes]:
    """The words of a section that may be names: those beside a byte that is neither prose nor part of a word."""
    for run in set(data.translate(_KINDS).split(b"\n")):
        if b" " not in run:
            ends = [run]
        else:
            ends = [run.partition(b" ")[0], run.rpartition(b" ")[2]]
            if b"import " in run:
                ends += _IMPORTED.findall(run)
        yield from (end for end in ends if _TOKEN.match(end))


def is_glued(part: bytes) -> bool:
    """Whether the texts of a section have no end marks: Rust's never have, those of newer Cython are one long text."""
    if b"rustc" in part or b"pyo3" in part:
        return True
    return any(
        mark in part and b"\0" + mark + b"\0" not in part for mark in (b"cline_in_traceback", b"__reduce_cython__")
    )


def ancestors_of(name: str) -> list[str]:
    """The packages around a module, nearest first."""
    ancestors = []
    while name := name.rpartition(".")[0]:
        ancestors.append(name)
    return ancestors


def parts_of(data: bytes) -> Iterator[tuple[bytes, bool]]:
    """Where texts can be in a compiled file: constant data and, with True, compressed tables in it (Cython 3.2 on)."""
    own = lzss.MARK in data
    for section in sections_of(data):
        yield section, False
        for table in unpacked(section):
            yield table, True
        for table in lzss.unpacked(section) if own else ():
            yield table, True


def sections_of(data: bytes) -> Iterator[bytes]:
    """The loaded, not executable sections of a 64-bit ELF file; all of anything else."""
    if data[:5] != b"\x7fELF\x02" or len(data) < 64:
        yield data
        return
    table, size, count = *struct.unpack_from("<Q", data, 40), *struct.unpack_from("<HH", data, 58)
    rows = []
    with contextlib.suppress(struct.error):
        rows = [struct.unpack_from("<IIQQQQ", data, table + size * n) for n in range(count)]
    constant = [
        data[offset : offset + length]
        for _, kind, flags, _, offset, length in rows
        if kind == _SHT_PROGBITS and flags & (_ALLOC | _EXECUTE) == _ALLOC
    ]
    yield from constant or [data]


def unpacked(data: bytes) -> Iterator[bytes]:
    """Compressed texts inside a section."""
    view = memoryview(data)
    left = _MOST_TABLES
    for match in _ZLIB.finditer(data):
        if not left:
            return
        with contextlib.suppress(zlib.error):
            stream = zlib.decompressobj()
            text = stream.decompress(view[match.start() : match.start() + _LARGEST_TABLE], _LARGEST_TABLE)
            if stream.eof and len(text) > 40:
                left -= 1
                yield text
    for match in islice(_BZ2.finditer(data), _MOST_TABLES):
        with contextlib.suppress(OSError, EOFError, ValueError):
            yield bz2.BZ2Decompressor().decompress(view[match.start() :], _LARGEST_TABLE)
