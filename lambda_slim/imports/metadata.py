"""What a distribution declares beside its modules: entry points, and `.pth` files."""

import configparser
from collections.abc import Iterable, Mapping

from lambda_slim.base.files import read_regular
from lambda_slim.imports.scan.facts import SourceFacts
from lambda_slim.imports.scan.scan import scan_source
from lambda_slim.model.file import File

SCRIPTS = frozenset({"console_scripts", "gui_scripts"})


def read_entry_points(files: Iterable[File]) -> Mapping[str, tuple[str, ...]]:
    """The modules behind the entry points of each group, without scripts; a broken file has none."""
    groups: dict[str, dict[str, None]] = {}
    for file in files:
        if not file.path.endswith(("-info/entry_points.txt", ".egg-info/entry_points.txt")):
            continue
        try:
            text = file.source.read_text("utf-8", errors="replace")
        except OSError:
            continue
        for group, target in parse_entry_points(text):
            groups.setdefault(group, {})[target] = None
    return {group: tuple(targets) for group, targets in groups.items()}


def parse_entry_points(text: str) -> list[tuple[str, str]]:
    """(group, module) rows of an `entry_points.txt`; scripts are left out: nobody imports them."""
    parser = configparser.ConfigParser(delimiters=("=",), strict=False, interpolation=None, allow_no_value=True)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    try:
        parser.read_string(text)
    except configparser.Error:
        return []
    rows = []
    for group in parser.sections():
        if group not in SCRIPTS:
            targets = (value.partition("[")[0].partition(":")[0].strip() for _, value in parser[group].items() if value)
            rows += [(group, target) for target in targets if target]
    return rows


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
