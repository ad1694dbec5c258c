"""Scripts that upload a package with the AWS CLI, where nothing else says what is deployed.

Read are `buildspec.yml`, workflows of GitHub, shell scripts and Makefiles; none of them is run.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import chain
from pathlib import Path

from lambda_slim.base.files import read_loosely
from lambda_slim.formats.makefile import MAKEFILES, make_script, make_targets
from lambda_slim.formats.tables import UNKNOWN
from lambda_slim.inputs.functions.ci_scripts import CiScript, ci_scripts
from lambda_slim.inputs.functions.code import LIKELY, candidates
from lambda_slim.inputs.functions.names import plain_name
from lambda_slim.inputs.functions.packing import Packing, shown_name
from lambda_slim.inputs.functions.packing_files import PackedFiles
from lambda_slim.inputs.functions.records import Declared, python_runtime
from lambda_slim.inputs.functions.scripts import script_package, scripted
from lambda_slim.model.layout import Placement
from lambda_slim.model.packing import Uploaded

_SIGN = re.compile(r"\blambda\s+(?:\\\\\s*)?(?:create-function|update-function-code)\b")
_PLACES = (
    "buildspec*.y*ml",
    ".github/workflows/*.y*ml",
    "*.sh",
    *MAKEFILES,
    "scripts/*.sh",
    "bin/*.sh",
    "deploy/*.sh",
    "ci/*.sh",
)


def uploaded_functions(folder: Path) -> tuple[Path, tuple[Declared, ...]] | None:
    """The file of a folder that uploads functions with the AWS CLI, and they; None where there is none.

    A function whose package is made by something that is not understood has a problem.
    """
    for file in _files(folder):
        rows = [row for script in _scripts(file, folder) for row in _functions(script, folder)]
        unlike = {row.name: row for row in rows}
        if unlike:
            return file, tuple(unlike.values())
    return None


def _files(folder: Path) -> Iterator[Path]:
    files = chain.from_iterable(sorted(folder.glob(pattern)) for pattern in _PLACES)
    yield from (file for file in files if file.is_file() and _SIGN.search(read_loosely(file)))


def _scripts(file: Path, folder: Path) -> Iterator[CiScript]:
    text, name = read_loosely(file), shown_name(file, folder)
    if file.name in MAKEFILES:
        for target in make_targets(text):
            yield CiScript(file, f"{name} ({target})", make_script(text, target))
    elif file.suffix == ".sh":
        yield CiScript(file, name, text)
    else:
        yield from ci_scripts(file, name)


def _functions(script: CiScript, folder: Path) -> Iterator[Declared]:
    """The functions that a script uploads, with all that it says of each."""
    packing = Packing(folder, script.file.parent, folder, PackedFiles(), script.name)
    try:
        packing.follow(script.text)
    except ValueError:
        return
    for name in dict.fromkeys(row.name for row, _ in packing.uploads):
        rows = [row for row in packing.uploads if row[0].name == name]
        yield from _function(name, rows, script, folder)


def _function(name: str, rows: list[tuple[Uploaded, Packing]], script: CiScript, folder: Path) -> Iterator[Declared]:
    with_code = [(row, packing) for row, packing in rows if row.archive]
    for upload, packing in with_code[-1:]:
        said = _said(name, [row for row, _ in rows], script, folder)
        packed = script_package(packing, upload.archive) if upload.archive else None
        if not python_runtime(said.runtime):
            yield replace(said, skipped=f"its runtime is {said.runtime}")
        elif packed and upload.archive:
            yield _with_handler(scripted(said, packed, f"`{upload.archive.name}`"))


def _said(name: str, rows: list[Uploaded], script: CiScript, folder: Path) -> Declared:
    return Declared(
        name if re.fullmatch(r"[\w.-]+", name) else plain_name(folder),
        [row for row in rows if row.archive][-1].where,
        handler=_first(row.handler for row in rows),
        runtime=_first(row.runtime for row in rows) or script.python or None,
        architecture=_first(row.architecture for row in rows),
    )


def _first(values: Iterable[str]) -> str | None:
    return next(filter(None, values), None)


def _with_handler(row: Declared) -> Declared:
    """A function whose handler its code shows, where nothing names it."""
    if row.handler or row.problem:
        return row
    seen = dict(chain.from_iterable(map(_handlers, row.parts)))
    best = [handler for handler, sure in seen.items() if sure == max(seen.values())]
    why = f"there are {', '.join(best[:6])}" if best else "no module of the package has one"
    return replace(row, handler=best[0] if len(best) == 1 else UNKNOWN, open_values={"handler": why})


def _handlers(part: Placement) -> Iterator[tuple[str, int]]:
    """(handler, how sure it is one) of the modules of a part of a package."""
    is_folder = part.source.is_dir()
    if not is_folder and part.prefix != part.source.name:
        return
    prefix = f"{part.prefix}/".replace("/", ".") if part.prefix and is_folder else ""
    for candidate in candidates(part.source if is_folder else part.source.parent):
        if candidate.sure >= LIKELY and (is_folder or candidate.file == part.source):
            yield prefix + candidate.handler, candidate.sure
