"""Modules that data files name: pickled models, settings, class paths."""

import bz2
import contextlib
import gzip
import io
import lzma
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping

from lambda_slim.base import cache
from lambda_slim.base.files import file_signature, read_regular
from lambda_slim.imports.index import Index
from lambda_slim.imports.scan.facts import VERSION
from lambda_slim.imports.store import pack
from lambda_slim.imports.store import unpack as unpack_rows
from lambda_slim.model.file import FIRST_PARTY, File
from lambda_slim.model.imports import Edge, How

_TEXT = (".json", ".yaml", ".yml", ".toml", ".ini", ".cfg", ".conf", ".env", ".properties")
_PICKLE = (
    ".pkl",
    ".pickle",
    ".joblib",
    ".sav",
    ".model",
    ".dill",
    ".p",
    ".pck",
    ".npy",
    ".npz",
    ".skops",
    ".bin",
    ".z",
)
_SHIPPED = (".pkl", ".pickle", ".joblib", ".sav", ".dill", ".pkl.gz", ".pickle.gz", ".joblib.gz")
_PACKED = (".gz", ".bz2", ".xz", ".lzma", ".zip")
_LARGEST = 512_000_000  # bytes of one file, unpacked, that are looked at
_SMALL = 100_000  # bytes of a file without an ending that is taken for settings
_DOTTED = re.compile(rb"[A-Za-z_]\w{0,60}(?:\.[A-Za-z_]\w{0,60}){1,12}")
_GLOBAL = re.compile(rb"c([A-Za-z_][\w.]{0,200})\n[A-Za-z_][\w.]{0,100}\n")
# Nothing is consumed, so that a match never hides the next one.
_DEFINED = re.compile(
    rb"^(?=(?:async\s+)?def\s+(\w+)\b|(\w+)\s*(?::[^=\n]+)?=(?!=))",
    re.MULTILINE,
)
_SHORT_TEXT = re.compile(rb"\x8c(.)(?=([A-Za-z_][\w.]{1,250}))", re.DOTALL)


def data_edges(files: Iterable[File], index: Index) -> Iterator[Edge]:
    """Edges from the function's data files to the modules they name; remembered while neither changes."""
    own = [file for file in files if file.owner == FIRST_PARTY]
    chosen = list(filter(_may_name_modules, own))
    if not chosen:
        return
    sources = {file.path: file for file in own if is_top_source(file.path)}
    states = (repr((path, file_signature(file.source))) for path, file in sorted(sources.items()))
    names = cache.digest(*sorted(index.modules), *states)
    for file in chosen:
        for module in _remembered(file, index, sources, names):
            yield Edge(file.path, module, 0, How.DATA)


def shipped_pickles(files: Iterable[File], index: Index) -> dict[str, tuple[str, ...]]:
    """What pickles of distributions name, by the innermost package that each lies in: a model that comes with its code.

    `profanity_check/data/model.joblib` needs scikit-learn, of which the code says nothing.
    """
    packages = {file: _package(file.path, index) for file in files if _is_shipped_pickle(file)}
    chosen = {file: package for file, package in packages.items() if package and not index.in_tests(package)}
    names = cache.digest(*sorted(index.modules)) if chosen else ""
    named: dict[str, tuple[str, ...]] = {}
    for file, package in chosen.items():
        named[package] = (*named.get(package, ()), *_remembered(file, index, {}, names))
    return named


def _is_shipped_pickle(file: File) -> bool:
    """Whether a file of a distribution holds pickled objects."""
    return file.owner != FIRST_PARTY and file.size <= _LARGEST and file.path.lower().endswith(_SHIPPED)


def _package(path: str, index: Index) -> str:
    """The innermost package with code that a file lies in, or ""."""
    parts = path.split("/")[:-1]
    names = (".".join(parts[:end]) for end in range(len(parts), 0, -1))
    return next((name for name in names if name in index.modules and not index.modules[name].namespace), "")


def _remembered(file: File, index: Index, own: Mapping[str, File], names: str) -> Iterable[str]:
    key = cache.digest(VERSION, "data", names, file.path, repr(file_signature(file.source)))
    rows = unpack_rows(cache.load("imports", key))
    if rows is None:
        rows = dict.fromkeys(find_modules(file, index, own))
        cache.store("imports", key, pack(rows))
    modules: Iterable[str] = rows
    return modules


def _may_name_modules(file: File) -> bool:
    return file.size <= _LARGEST and is_data(file)


def is_data(file: File) -> bool:
    """Whether a file may name modules: settings, pickles, and what may hold them."""
    return is_settings(file) or is_pickle(file.path)


def is_settings(file: File) -> bool:
    """Whether a file is text in which only dotted names count."""
    return file.path.lower().endswith(_TEXT) or (is_nameless(file.path) and file.size < _SMALL)


def is_top_source(path: str) -> bool:
    """Whether a file is a module at the root, or a package's own."""
    return path.endswith(".py") and ("/" not in path or path.split("/")[1:] == ["__init__.py"])


def find_modules(file: File, index: Index, own: Mapping[str, File]) -> Iterator[str]:
    """The modules that one data file names; see `longest` for `own`."""
    try:
        data = read_regular(file.source)
    except OSError:
        return
    for content in contents(data):
        yield from modules_in(content, index, own, text=is_settings(file))


def is_nameless(path: str) -> bool:
    """Whether a file has no ending, like `Procfile` or `.serverless-wsgi`."""
    return "." not in path.rpartition("/")[2].lstrip(".")


def is_pickle(path: str) -> bool:
    """Whether a data file may hold pickled objects, by its name."""
    return path.lower().endswith(_PICKLE + _PACKED)


def contents(data: bytes) -> Iterator[bytes]:
    """A file's bytes, unpacked if they are compressed, or its members if it is a zip (npz, skops)."""
    if data[:4] == b"PK\x03\x04":
        broken = contextlib.suppress(zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError, zlib.error)
        with broken, zipfile.ZipFile(io.BytesIO(data)) as archive:
            left = _LARGEST
            for member in archive.infolist():
                left -= member.file_size
                if left > 0:
                    yield archive.read(member)
        return
    yield unpack(data)


def unpack(data: bytes) -> bytes:
    """Bytes without their compression; as they are when there is none, or when it is broken."""
    try:
        return _unpacked(data)
    except (OSError, EOFError, ValueError, zlib.error, lzma.LZMAError):
        return data


def _unpacked(data: bytes) -> bytes:
    if data.startswith(b"\x1f\x8b"):
        with gzip.open(io.BytesIO(data)) as file:
            return file.read(_LARGEST)
    if data.startswith((b"x\x01", b"x\x5e", b"x\x9c", b"x\xda")):
        return zlib.decompressobj().decompress(data, _LARGEST)
    if data.startswith(b"BZh"):
        return bz2.BZ2Decompressor().decompress(data, _LARGEST)
    if data.startswith((b"\xfd7zXZ\x00", b"]\x00\x00")):
        return lzma.LZMADecompressor().decompress(data, _LARGEST)
    return data


def modules_in(data: bytes, index: Index, own: Mapping[str, File], *, text: bool) -> Iterator[str]:
    """Modules that some bytes name: dotted names, and in pickles also single words where a module stands."""
    yield from _modules_among(_DOTTED.findall(data), index, own)
    if not text:
        short = (word[: length[0]] for length, word in _SHORT_TEXT.findall(data))
        yield from _modules_among([*_GLOBAL.findall(data), *short], index, own)


def _modules_among(names: Iterable[bytes], index: Index, own: Mapping[str, File]) -> Iterator[str]:
    """The modules at the heads of some names, in the order of the names."""
    tops = {top.encode() for top in index.children.get("", ())}
    for name in sorted(set(names)):
        if name.partition(b".")[0] in tops:
            module = longest(name.decode(errors="replace"), index, own)
            if module:
                yield module


def longest(name: str, index: Index, own: Mapping[str, File]) -> str:
    """The module at the head of a dotted name; a top-level module only before a part that no host name has.

    That is a class, or what a first-party module defines: `tasks.send` where tasks.py has `def send`.

    Args:
        name: `pkg.module.Class`.
        index: The modules that there are.
        own: Sources of first-party modules at the top level, by path.
    """
    text = name
    while name and name not in index.modules:
        name = name.rpartition(".")[0]
    if not name or "." in name or name == text:
        return name
    attribute = text[len(name) + 1 :].partition(".")[0]
    return name if attribute[0].isupper() or _defines(own.get(index.modules[name].path), attribute) else ""


def _defines(file: File | None, attribute: str) -> bool:
    try:
        source = read_regular(file.source) if file else b""
    except OSError:
        return False
    return attribute.encode() in defined_names(source)


def defined_names(source: bytes) -> frozenset[bytes]:
    """Names that a source defines at its top level, as functions or by assignments."""
    return frozenset(function or name for function, name in _DEFINED.findall(source))
