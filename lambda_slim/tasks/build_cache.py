"""Was exactly this built before? Then its zip and report are still here."""

import hashlib
import shutil
import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

from lambda_slim import __version__
from lambda_slim.base.cache import cache_root, digest, load, load_file, store, store_file, write_cached
from lambda_slim.base.errors import ConfigError
from lambda_slim.base.files import atomic, file_signature, read_regular
from lambda_slim.formats.report_json import parse_report, report_json
from lambda_slim.model.distribution import Resolution
from lambda_slim.model.file import Inventory
from lambda_slim.model.function import Function
from lambda_slim.model.member import Archive
from lambda_slim.model.report import FunctionReport, Report
from lambda_slim.model.settings import Settings
from lambda_slim.tasks.own_content import TICK, content_digest, own_code, uninstalled

_KEPT = 400  # builds; the oldest go first
_ROOM = 4 << 30  # bytes of them; the newest stays whatever it takes


def build_key(
    function: Function, settings: Settings, resolution: Resolution, inventory: Inventory, extra: Iterable[bytes | str]
) -> str:
    """A digest of everything that a build depends on: contents, not dates; never a credential."""
    own = uninstalled(inventory.files, resolution.tree)
    return digest("build-4", asked_key(function, settings, resolution, extra), content_digest(own))


def asked_key(function: Function, settings: Settings, resolution: Resolution, extra: Iterable[bytes | str]) -> str:
    """A digest of everything that a build depends on but the contents of first-party files."""
    ignore = [folder / ".lambdaslimignore" for folder in (function.source, settings.root)]
    lines = [read_regular(path) for path in ignore if path.is_file()]
    said = replace(settings, lines={}, budgets={}, functions=(), select=(), file=None, root=Path(), static=False)
    return digest("asked-1", own_code(), asked_of(function), repr(said), resolution.key, *lines, "", *extra)


def asked_of(function: Function) -> str:
    """The function without the places of its code, requirements and events on this machine."""
    needs = function.requirements
    needs = replace(needs, path=Path(needs.path.name), project=None) if needs else None
    return repr(replace(function, source=Path(), layout=(), events=(), requirements=needs))


def load_build(key: str, out: Path) -> tuple[Archive, FunctionReport] | None:
    """Puts a kept zip at `out` and gives back what is known of it; None where there is none."""
    folder = cache_root() / "builds" / key
    report = _kept_report(key)
    if report is None:
        return None
    function = report.functions[0]
    package = function.package
    if package is None or function.after is None or not _put(folder / "package.zip", package.sha256, out):
        return None
    with suppress(OSError):  # a cache that cannot be written
        (folder / "package.zip").touch()
    sizes = function.after
    archive = Archive(
        out, package.sha256, package.code_sha256, sizes.zipped_bytes, sizes.unzipped_bytes, warnings=report.warnings
    )
    return archive, function


def _put(kept: Path, digest_wanted: str, out: Path) -> bool:
    """Has the zip of a digest at `out`, which may be there already; False where what is kept is no such zip."""
    with suppress(OSError):
        if out.is_file() and out.stat().st_size == kept.stat().st_size and is_built(out, digest_wanted):
            return True
    try:
        data = kept.read_bytes()
    except OSError:
        return False
    if sha256(data).hexdigest() != digest_wanted:
        return False
    with atomic(out) as file:
        file.write(data)
    return True


def is_built(out: Path, digest_wanted: str) -> bool:
    """Whether a file has a digest; read once, and again when its size, times or inode moved."""
    begun = time.time_ns()
    state = file_signature(out)
    key = digest("placed-1", str(out.absolute()), repr(state), digest_wanted)
    if load("placed", key) is not None:
        return True
    with out.open("rb") as file:
        same = hashlib.file_digest(file, "sha256").hexdigest() == digest_wanted
    if same and state[2] < begun - TICK:
        store("placed", key, b"")
    return same


def read_build(key: str) -> FunctionReport | None:
    """What is known of a kept build; None where there is none."""
    report = _kept_report(key)
    return report.functions[0] if report else None


def _kept_report(key: str) -> Report | None:
    """The report that was kept with a zip; None where there is none, or where it was changed since."""
    try:
        sealed = load_file(cache_root() / "builds" / key / "report.json", f"builds/{key}/report")
        report = parse_report((sealed or b"").decode("utf-8", "surrogateescape"), sealed=True)
    except (OSError, ConfigError, UnicodeDecodeError):
        return None
    return report if report.functions else None


def store_build(key: str, archive: Archive, report: FunctionReport) -> None:
    """Keeps a zip and its report; a cache that cannot be written is silently not used."""
    shelf = cache_root() / "builds"
    folder = shelf / key
    try:
        with archive.path.open("rb") as file:
            write_cached(folder / "package.zip", iter(lambda: file.read(1 << 20), b""))
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
            status = (folder / "package.zip").stat()
            held.append((status.st_mtime, status.st_size, folder))
    taken = 0
    for place, (_, size, folder) in enumerate(sorted(held, reverse=True)):
        taken += size
        if place >= _KEPT or (place and taken > _ROOM):
            shutil.rmtree(folder, ignore_errors=True)
