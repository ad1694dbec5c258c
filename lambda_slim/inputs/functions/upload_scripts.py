"""Scripts that upload a package with the AWS CLI, where nothing else says what is deployed.

Read are `buildspec.yml`, workflows of GitHub, shell scripts and Makefiles; none of them is run.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from typing import Any

from lambda_slim.base.files import read_loosely
from lambda_slim.formats.makefile import MAKEFILES, make_script, make_targets
from lambda_slim.formats.tables import UNKNOWN, as_list, as_several, as_table
from lambda_slim.formats.yaml_text import load_yaml
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
_PHASES = ("install", "pre_build", "build", "post_build")
_VERSION = re.compile(r"3\.\d{1,2}")


@dataclass(frozen=True, slots=True)
class _Script:
    """A text of commands; `python` is the version that its file says it is for."""

    file: Path
    name: str
    text: str
    python: str = ""


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


def _scripts(file: Path, folder: Path) -> Iterator[_Script]:
    text, name = read_loosely(file), shown_name(file, folder)
    if file.name in MAKEFILES:
        for target in make_targets(text):
            yield _Script(file, f"{name} ({target})", make_script(text, target))
    elif file.suffix == ".sh":
        yield _Script(file, name, text)
    else:
        document = _document(text)
        yield from _of_buildspec(file, name, document) if "phases" in document else _of_workflow(file, name, document)


def _document(text: str) -> dict[str, Any]:
    try:
        return as_table(load_yaml(text)[1])
    except ValueError:
        return {}


def _of_buildspec(file: Path, name: str, document: dict[str, Any]) -> Iterator[_Script]:
    """CodeBuild: the commands of all phases run in one shell."""
    phases = [as_table(as_table(document.get("phases")).get(phase)) for phase in _PHASES]
    versions = as_table(next((phase["runtime-versions"] for phase in phases if "runtime-versions" in phase), {}))
    lines = [str(line) for phase in phases for line in as_list(phase.get("commands"))]
    yield _Script(file, f"{name} (commands)", "\n".join(lines), _python(versions.get("python")))


def _of_workflow(file: Path, name: str, document: dict[str, Any]) -> Iterator[_Script]:
    """GitHub: each step of a job is a shell of its own in the folder of the repository."""
    for job, table in as_table(document.get("jobs")).items():
        steps = list(map(as_table, as_list(as_table(table).get("steps"))))
        said = (as_table(step.get("with")).get("python-version") for step in steps)
        lines = [_step(step) for step in steps if isinstance(step.get("run"), str)]
        yield _Script(file, f"{name} ({job})", "\n".join(lines), _python(next(filter(None, said), "")))


def _step(step: dict[str, Any]) -> str:
    text = re.sub(r"\$\{\{[^}]*\}\}", "$GITHUB_EXPRESSION", str(step["run"]))
    folder = step.get("working-directory")
    return f"(\ncd {folder or '.'}\n{text}\n)"


def _python(said: Any) -> str:
    version = _VERSION.search(str(as_several(said)[0] if said else ""))
    text = version[0] if version else ""
    return f"python{'3.10' if text == '3.1' else text}" if text else ""  # YAML reads 3.10 as a number


def _functions(script: _Script, folder: Path) -> Iterator[Declared]:
    """The functions that a script uploads, with all that it says of each."""
    packing = Packing(folder, script.file.parent, folder, PackedFiles(), script.name)
    try:
        packing.follow(script.text)
    except ValueError:
        return
    for name in dict.fromkeys(row.name for row, _ in packing.uploads):
        rows = [row for row in packing.uploads if row[0].name == name]
        yield from _function(name, rows, script, folder)


def _function(name: str, rows: list[tuple[Uploaded, Packing]], script: _Script, folder: Path) -> Iterator[Declared]:
    with_code = [(row, packing) for row, packing in rows if row.archive]
    for upload, packing in with_code[-1:]:
        said = _said(name, [row for row, _ in rows], script, folder)
        packed = script_package(packing, upload.archive) if upload.archive else None
        if not python_runtime(said.runtime):
            yield replace(said, skipped=f"its runtime is {said.runtime}")
        elif packed and upload.archive:
            yield _with_handler(scripted(said, packed, f"`{upload.archive.name}`"))


def _said(name: str, rows: list[Uploaded], script: _Script, folder: Path) -> Declared:
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
