"""Was exactly this built before? Then its zip and report are still here."""

import functools
import hashlib
import shutil
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

from lambda_slim import __version__
from lambda_slim.base.cache import cache_root, digest, load_file, store_file, write_cached
from lambda_slim.base.errors import ConfigError
from lambda_slim.base.files import atomic, file_signature
from lambda_slim.formats.report_json import parse_report, report_json
from lambda_slim.model.distribution import Resolution
from lambda_slim.model.file import FIRST_PARTY, File, Inventory
from lambda_slim.model.function import Function
from lambda_slim.model.member import UNZIPPED_LIMIT, Archive
from lambda_slim.model.report import FunctionReport, Report
from lambda_slim.model.settings import Settings

_KEPT = 400  # builds; the oldest go first
_ROOM = 4 << 30  # bytes of them; the newest stays whatever it takes


@functools.cache
def own_code() -> str:
    """A digest of lambda-slim's own files, so that a change in it makes every build anew."""
    folder = Path(__file__).parents[1]
    states = [
        (str(path.relative_to(folder)), path.stat())
        for path in sorted(folder.rglob("*"))
        if path.suffix in (".py", ".toml")
    ]
    return digest(__version__, repr([(name, state.st_size, state.st_mtime_ns) for name, state in states]))


def _content(file: File) -> bytes:
    """A digest of a file's content; of one that is too large to ship, of its size and times."""
    if file.size > UNZIPPED_LIMIT:
        return repr(file_signature(file.source)).encode()
    with file.source.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").digest()


def build_key(
    function: Function, settings: Settings, resolution: Resolution, inventory: Inventory, extra: Iterable[bytes | str]
) -> str:
    """A digest of everything that a build depends on: contents, not dates; never a credential."""
    state = sha256()
    for file in inventory.files:
        if file.owner == FIRST_PARTY or function.artifact is not None:
            state.update(file.path.encode() + b"\0")
            state.update(_content(file))
    ignore = [folder / ".lambdaslimignore" for folder in (function.source, settings.root)]
    lines = [path.read_bytes() for path in ignore if path.is_file()]
    said = repr(replace(settings, lines={}, budgets={}, functions=(), select=(), file=None))
    # Where the code lies says nothing, and a zip is unpacked to another place each time.
    asked = repr(replace(function, source=Path(), layout=()))
    return digest("build-1", own_code(), asked, said, resolution.key, state.digest(), *lines, *extra)


def load_build(key: str, out: Path) -> tuple[Archive, FunctionReport] | None:
    """Puts a kept zip at `out` and gives back what is known of it; None where there is none."""
    folder = cache_root() / "builds" / key
    try:
        sealed = load_file(folder / "report.json", f"builds/{key}/report")
        report = parse_report((sealed or b"").decode("utf-8", "surrogateescape"))
        data = (folder / "package.zip").read_bytes()
    except (OSError, ConfigError, UnicodeDecodeError):
        return None
    function = report.functions[0]
    package = function.package
    if package is None or function.after is None or sha256(data).hexdigest() != package.sha256:
        return None
    if not out.is_file() or out.stat().st_size != len(data) or out.read_bytes() != data:
        with atomic(out) as file:
            file.write(data)
    with suppress(OSError):  # a cache that cannot be written
        (folder / "package.zip").touch()
    sizes = function.after
    archive = Archive(
        out, package.sha256, package.code_sha256, sizes.zipped_bytes, sizes.unzipped_bytes, warnings=report.warnings
    )
    return archive, function


def read_build(key: str) -> FunctionReport | None:
    """What is known of a kept build; None where there is none."""
    try:
        return parse_report((cache_root() / "builds" / key / "report.json").read_text("utf-8")).functions[0]
    except (OSError, ConfigError, IndexError):
        return None


def store_build(key: str, archive: Archive, report: FunctionReport) -> None:
    """Keeps a zip and its report; a cache that cannot be written is silently not used."""
    shelf = cache_root() / "builds"
    folder = shelf / key
    try:
        write_cached(folder / "package.zip", archive.path.read_bytes())
        text = report_json(Report(__version__, (report,), warnings=archive.warnings))
        store_file(folder / "report.json", f"builds/{key}/report", text.encode("utf-8", "surrogateescape"))
        _tidy(shelf)
    except OSError:
        return


def _tidy(shelf: Path) -> None:
    """Makes room; another process may do so at the same time."""
    held: list[tuple[float, int, Path]] = []
    for folder in shelf.iterdir():
        with suppress(OSError):
            found = (folder / "package.zip").stat()
            held.append((found.st_mtime, found.st_size, folder))
    taken = 0
    for place, (_, size, folder) in enumerate(sorted(held, reverse=True)):
        taken += size
        if place >= _KEPT or (place and taken > _ROOM):
            shutil.rmtree(folder, ignore_errors=True)
