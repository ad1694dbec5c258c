"""What a distribution declares beside its modules: entry points, and `.pth` files."""

from collections.abc import Iterable, Mapping

from lambda_slim.base.files import read_loosely, read_regular
from lambda_slim.formats.entry_points import parse_entry_points
from lambda_slim.imports.scan.facts import SourceFacts
from lambda_slim.imports.scan.scan import scan_source
from lambda_slim.model.file import File


def read_entry_points(files: Iterable[File]) -> Mapping[str, tuple[str, ...]]:
    """The modules behind the entry points of each group, without scripts."""
    groups: dict[str, dict[str, None]] = {}
    for file in files:
        if not file.path.endswith(("-info/entry_points.txt", ".egg-info/entry_points.txt")):
            continue
        try:
            text = read_loosely(file.source)
        except OSError:
            continue
        for group, _, value in parse_entry_points(text):
            if module := value.partition("[")[0].partition(":")[0].strip():
                groups.setdefault(group, {})[module] = None
    return {group: tuple(targets) for group, targets in groups.items()}


def read_pth(files: Iterable[File], version: tuple[int, int]) -> list[tuple[str, SourceFacts]]:
    """The import lines of top-level `.pth` files, as (path, facts)."""
    rows = []
    for file in files:
        if file.path.endswith(".pth") and "/" not in file.path and file.size < 100_000:
            try:
                lines = read_regular(file.source).splitlines()
            except OSError:
                continue
            code = b"\n".join(line if line.startswith((b"import ", b"import\t")) else b"" for line in lines)
            rows.append((file.path, scan_source(code, version)))
    return rows
