"""`lambda-slim audit`: what in a package would break on Lambda, whoever built it."""

import json as json_module
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated

import typer

from lambda_slim.base.errors import ExitCode, UsageError
from lambda_slim.base.files import is_there
from lambda_slim.base.text import shown, shown_place
from lambda_slim.base.units import plural
from lambda_slim.cli import _options as flags
from lambda_slim.cli._spread import spread
from lambda_slim.cli._write import STDOUT, write_result
from lambda_slim.inputs.images.package import is_image
from lambda_slim.inputs.members import read_package
from lambda_slim.inputs.prebuilt import recognised
from lambda_slim.inputs.project.artifacts import is_built
from lambda_slim.inputs.project.find import deployment_file, find_project
from lambda_slim.inputs.project.manifest import built_package
from lambda_slim.inputs.project.targets import default_target, known_target
from lambda_slim.inputs.settings.load import load
from lambda_slim.model.function import Function
from lambda_slim.model.member import Member
from lambda_slim.model.report import Finding
from lambda_slim.model.settings import Settings
from lambda_slim.model.startup_report import StartReport
from lambda_slim.model.target import Target
from lambda_slim.plan.starts.loadable import with_members
from lambda_slim.render.progress import warn
from lambda_slim.tasks.audit import audit_members, audit_modes, audit_zip_size, hidden_files
from lambda_slim.tasks.audit_start import judge_function, judge_package

Package = Annotated[
    Path,
    typer.Argument(
        help="a zip, folder or container image that any tool built, or `.aws-sam/build`", show_default=False
    ),
]


@dataclass(frozen=True, slots=True)
class _Package:
    """One package to look at: its files, where they are, and what it is for."""

    label: str
    members: tuple[Member, ...]
    place: Path
    target: Target
    function: Function | None = None


@dataclass(frozen=True, slots=True)
class _AuditRow:
    """The findings on a package, and whether it can start."""

    package: _Package
    findings: tuple[Finding, ...]
    starts: StartReport


@spread
def command(
    *,
    package: Package,
    python: flags.Python = None,
    arch: flags.Arch = None,
    function: flags.Functions = None,
    handler: flags.Handler = None,
    json: flags.Json = None,
    quiet: flags.Quiet = False,
) -> ExitCode:
    """Checks a package against its runtime; exit 1 where something would break."""
    if not is_there(package):
        raise UsageError(
            f"`{package}` is not there",
            cause=f"no file or folder of this name in `{package.absolute().parent}`",
            hint="name a zip or a folder",
        )
    asked = flags.ProjectFlags(function=function, python=python, arch=arch)
    settings = load(package, overrides=flags.given(asked.settings()))
    audited = []
    for member in _packages(package, settings, handler):
        audited.append(_audit(member, settings, handler))
        if json != STDOUT:
            _tell(audited[-1], quiet=quiet)
    write_result(json, _document(audited))
    broken = any(finding.level == "error" for row in audited for finding in row.findings)
    return ExitCode.FINDINGS if broken else ExitCode.OK


def _audit(package: _Package, settings: Settings, handler: str | None) -> _AuditRow:
    image = package.function.image if package.function else None
    if package.function is not None and (handler is None or image):
        judged = judge_function(package.function, settings)
    else:
        judged = judge_package(package.place, package.target, settings, handler)
    modes = audit_modes(hidden_files(package.place))
    rest = (*audit_members(package.members, package.target, image), *audit_zip_size(package.place))
    return _AuditRow(package, (*modes, *judged.findings, *rest), with_members(judged, package.members, rest).report)


def _document(audited: Sequence[_AuditRow]) -> str:
    """The findings as JSON: an object for one package, a list of objects for several."""
    rows = [
        {
            "name": row.package.label,
            "target": row.package.target.label,
            "findings": [asdict(finding) for finding in row.findings],
            "starts": asdict(row.starts),
        }
        for row in audited
    ]
    if len(rows) == 1:
        return json_module.dumps({key: rows[0][key] for key in ("target", "findings", "starts")}, indent=1) + "\n"
    return json_module.dumps({"packages": rows}, indent=1) + "\n"


def _packages(place: Path, settings: Settings, handler: str | None) -> Iterator[_Package]:
    """The package itself; of a folder with a template (`.aws-sam/build`), those of its functions."""
    if is_image(place):
        yield from _of_image(place, settings, handler)
        return
    if is_built(place) or not deployment_file(place, settings):
        yield _alone(place, settings)
        return
    functions = [function for function in find_project(place, settings).functions if function.artifact]
    if not functions:
        raise UsageError(
            f"`{place.name or place}` is a project, not a package",
            cause="what its functions depend on is not in it",
            hint=f"lambda-slim build {place}, and audit the zips; or sam build, and audit .aws-sam/build",
        )
    for function in functions:
        members = read_package(function.source)
        yield _Package(function.name, members, function.artifact or function.source, function.target, function)


def _of_image(place: Path, settings: Settings, handler: str | None) -> Iterator[_Package]:
    for function in find_project(place, settings, handler=handler).functions:
        yield _Package(function.name, read_package(function.source), function.source, function.target, function)


def _alone(package: Path, asked: Settings) -> _Package:
    members = read_package(package)
    recognition = recognised((member.name, member.data) for member in members)
    built = built_package(package)  # nothing in a small package of ours says its target
    name = asked.runtime or (f"python{recognition.python}" if recognition.python else built and built.runtime)
    name = name or _assumed(package, asked)
    architecture = asked.architecture or recognition.architecture or (built and built.architecture) or "x86_64"
    target = known_target(name, architecture, package.name)
    return _Package(package.name, members, package, target)


def _assumed(package: Path, asked: Settings) -> str:
    """The runtime of a package of sources alone, which run on several: what its project wants, or the usual one."""
    table = asked.table_of(package.stem)
    warnings: list[str] = []
    target = default_target(asked, table, warnings, package.absolute().parent)
    for text in warnings:
        warn(text.replace("building for", "audited for"))
    return target.runtime.name


def _tell(audited: _AuditRow, *, quiet: bool) -> None:
    package, starts = audited.package, audited.starts
    findings = [finding for finding in audited.findings if finding.level == "error" or not quiet]
    for finding in findings:
        sys.stdout.write(f"{finding.level:<8} {finding.rule}  {shown(_place(finding) + finding.message)}\n")
        if finding.hint and not quiet:
            sys.stdout.write(f"{'':<16}{shown(finding.hint)}\n")
    if starts.verdict == "unknown" and not quiet:
        sys.stdout.write(f"{'unknown':<8} whether it starts: {shown(starts.why)}\n")
    head = f"{shown(package.label)}: {package.target.label}, {plural(len(package.members), 'file')}"
    sys.stdout.write(f"{head}: {_verdict(audited)}\n")


def _place(finding: Finding) -> str:
    """Where a finding is, as it stands before its message; "" where it is about the package."""
    return shown_place(finding.file, finding.line, ": ")


def _verdict(audited: _AuditRow) -> str:
    errors = sum(finding.level == "error" for finding in audited.findings)
    verdict = f"{errors} would break on Lambda" if errors else "nothing that would break on Lambda"
    return verdict + {"no": ": it does not start", "yes": "; its imports are there"}.get(audited.starts.verdict, "")
