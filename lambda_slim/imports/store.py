"""The facts of many files: from the cache where their content is known, else scanned, on all cores if many."""

import contextlib
import marshal
import sys
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from hashlib import blake2b
from multiprocessing import get_context
from pathlib import Path
from threading import active_count
from typing import Any

from lambda_slim.base import cache
from lambda_slim.base.files import file_signature, read_regular
from lambda_slim.base.machine import usable_cores
from lambda_slim.base.progress import Progress, silent
from lambda_slim.base.rows import total_size
from lambda_slim.base.shelf import Memory
from lambda_slim.base.units import plural
from lambda_slim.imports.index import is_test
from lambda_slim.imports.scan.facts import VERSION, SourceFacts, dump, parse_facts
from lambda_slim.imports.scan.scan import scan_source
from lambda_slim.model.file import FIRST_PARTY, File

_SHELF = "imports"
_WORTH_A_PROCESS = 2_000_000  # bytes of source from which a second process pays
_MOST_WORKERS = 8
_LARGEST = 20_000_000  # bytes of one source file that are looked at

Rows = dict[str, Any]  # package path -> plain facts
Task = tuple[Path, str, bool]  # where a file's bytes are, its package path, whether it is first-party


class Store:
    """Facts by package path.

    Files are kept in one batch for each distribution, so that a warm start reads a few dozen entries; a test is a
    batch of its own, since hardly any is ever asked for. A batch is found by what the file system says of its files
    (size, times, inode); failing that by the digest of their content.
    """

    def __init__(self, files: Iterable[File], version: tuple[int, int], progress: Progress = silent) -> None:
        self.version = version
        self.progress = progress
        self.files = {file.path: file for file in files}
        self.batches: dict[str, list[File]] = {}
        for file in self.files.values():
            if file.path.endswith(".py"):
                self.batches.setdefault(batch_of(file), []).append(file)
        self.rows: dict[str, Any] = {}
        self.loaded: set[str] = set()
        self.ready: dict[str, SourceFacts] = {}

    def prepare(self) -> None:
        """Loads or scans everything except tests, which are read only when something reaches them."""
        self.load([key for key in self.batches if not key.endswith(".py")])

    def facts(self, path: str) -> SourceFacts:
        """The facts of one source file; empty for a path that is none."""
        known = self.ready.get(path)
        if known is None:
            file = self.files.get(path)
            if file is None:
                return SourceFacts()
            if path.endswith(".py"):
                self.load([batch_of(file)])
                known = parse_facts(self.rows[path])
            else:
                known = parse_facts(scan_file((file.source, file.path, False), self.version)[1])
            self.ready[path] = known
        return known

    def load(self, keys: Sequence[str]) -> None:
        """Brings batches into memory."""
        missing: list[tuple[str, str, list[File]]] = []
        for key in keys:
            if key in self.loaded or key not in self.batches:
                continue
            self.loaded.add(key)
            files = self.batches[key]
            quick = self.key((*file_signature(file.source), file.path) for file in files)
            rows = kept_rows(quick)
            if rows is None:
                by_content = self.key((digest_of(file.source), file.path) for file in files)
                rows = unpack(cache.load(_SHELF, by_content))
                if rows is None:
                    missing.append((quick, by_content, files))
                    continue
                cache.store(_SHELF, quick, pack(rows))
            self.rows.update(rows)
        if missing:
            self.scan(missing)

    def key(self, parts: Iterable[tuple[object, ...]]) -> str:
        """A cache key over facts about files and everything else that decides what a scan finds."""
        return cache.digest(VERSION, sys.version, repr(self.version), repr(list(parts)))

    def scan(self, missing: Sequence[tuple[str, str, list[File]]]) -> None:
        """Scans what no cache knows, and caches it."""
        files = [file for _, _, batch in missing for file in batch]
        facts = own_rows([file for file in files if file.owner == FIRST_PARTY], self.version, self.progress)
        facts |= _read_files([file for file in files if file.path not in facts], self.version, self.progress)
        for quick, by_content, batch in missing:
            rows = {file.path: facts[file.path] for file in batch}
            packed = pack(rows)
            cache.store(_SHELF, quick, packed)
            cache.store(_SHELF, by_content, packed)
            self.rows.update(rows)


def own_rows(files: Sequence[File], version: tuple[int, int], progress: Progress = silent) -> Rows:
    """The plain facts of first-party sources, by path: each file is known by its own content, whatever lies beside it.

    So an edit in one file of a folder does not have the others scanned again.
    """
    keys = {file.path: _own_key(file, version) for file in files}
    rows = {path: known[""] for path, key in keys.items() if (known := unpack(cache.load(_SHELF, key)))}
    missing = [file for file in files if file.path not in rows]
    made = _read_files(missing, version, progress)
    for file in missing:
        if _own_key(file, version) == keys[file.path]:  # nobody has changed it meanwhile
            cache.store(_SHELF, keys[file.path], pack({"": made[file.path]}))
    return {**rows, **made}


def _own_key(file: File, version: tuple[int, int]) -> str:
    return cache.digest("own", VERSION, sys.version, repr(version), digest_of(file.source))


def _read_files(files: Sequence[File], version: tuple[int, int], progress: Progress) -> Rows:
    if files:
        progress(f"reading {plural(len(files), 'module')}")
    return scan_files(files, version)


_ROWS: Memory[Rows] = Memory(1 << 26)


def kept_rows(key: str) -> Rows | None:
    """The rows of a batch, from memory or the cache; None where neither has them."""
    rows = _ROWS.find(key)
    if rows is None:
        packed = cache.load(_SHELF, key)
        rows = unpack(packed)
        if packed and rows is not None:
            _ROWS.put(key, rows, len(packed))
    return rows


def batch_of(file: File) -> str:
    """The batch of a file: its distribution's, or for a test its own path."""
    return file.path if is_test(file.path) else file.owner


def digest_of(path: Path) -> bytes:
    """Digest of a file's content; of its size and times where it cannot be read or is no text for its length."""
    try:
        return blake2b(read_regular(path), digest_size=20).digest()
    except OSError:
        return repr(file_signature(path)).encode()


def scan_files(files: Sequence[File], version: tuple[int, int]) -> Rows:
    """The facts of every file, by path; in several processes when that pays."""
    size = total_size(files)
    workers = min(usable_cores(), _MOST_WORKERS)
    if workers > 1 and size > _WORTH_A_PROCESS:
        with contextlib.suppress(OSError, RuntimeError, EOFError):  # no processes here: alone, then
            return scan_in_processes(files, version, workers)
    return dict(scan_file(task_of(file), version) for file in files)


def scan_in_processes(files: Sequence[File], version: tuple[int, int], workers: int) -> Rows:
    """The facts of every file, by path, from worker processes."""
    with ProcessPoolExecutor(workers, mp_context=get_context(start_method())) as pool:
        jobs = [pool.submit(scan_chunk, chunk, version) for chunk in chunked(files, workers * 4)]
        return {path: row for job in jobs for path, row in marshal.loads(job.result())}


def task_of(file: File) -> Task:
    """What a worker needs to know of a file."""
    return file.source, file.path, file.owner == FIRST_PARTY


def start_method() -> str:
    """How to start workers: a fork is quickest, but not safe beside threads."""
    return "fork" if sys.platform == "linux" and active_count() == 1 else "spawn"


def chunked(files: Sequence[File], count: int) -> list[list[Task]]:
    """Tasks dealt out to chunks of about equal size, largest first."""
    chunks: list[list[Task]] = [[] for _ in range(count)]
    for place, file in enumerate(sorted(files, key=lambda file: -file.size)):
        chunks[place % count].append(task_of(file))
    return [chunk for chunk in chunks if chunk]


def scan_chunk(tasks: Sequence[Task], version: tuple[int, int]) -> bytes:
    """Scans some files in a worker; the result as marshal, cheaper to send than pickles of many tuples."""
    import gc

    gc.disable()
    return marshal.dumps([scan_file(task, version) for task in tasks])


def scan_file(task: Task, version: tuple[int, int]) -> tuple[str, tuple[object, ...]]:
    """The plain facts of one file; of an unreadable or enormous one, none."""
    source, path, own = task
    try:
        data = read_regular(source, _LARGEST)
    except OSError:
        data = b""
    return path, dump(scan_source(data, version, own=own))


def pack(rows: Mapping[str, Any]) -> bytes:
    """Rows as bytes that carry their own checksum."""
    data = marshal.dumps(dict(rows))
    return blake2b(data, digest_size=16).digest() + data


def unpack(data: bytes | None) -> Rows | None:
    """The inverse of `pack`; None for anything damaged."""
    if not data or blake2b(data[16:], digest_size=16).digest() != data[:16]:
        return None
    rows: Rows = marshal.loads(data[16:])
    return rows
