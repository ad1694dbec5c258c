"""`lambda-slim audit`: what in a package would break on Lambda, whoever built it."""

import json as json_module
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated

import typer

from lambda_slim.base.errors import ExitCode, UsageError
from lambda_slim.base.files import is_there, write_text
from lambda_slim.cli import _options as flags
from lambda_slim.cli._session import override
from lambda_slim.inputs.prebuilt import recognised
from lambda_slim.inputs.project.artifacts import is_built
from lambda_slim.inputs.project.find import find_project, template_of
from lambda_slim.inputs.project.targets import known_target
from lambda_slim.inputs.settings.load import load
from lambda_slim.model.member import Member
from lambda_slim.model.report import Finding
from lambda_slim.model.settings import Settings
from lambda_slim.model.target import Target
from lambda_slim.tasks.audit import audit_members, audit_modes, audit_zip_size, hidden_files, read_members

Package = Annotated[
    Path, typer.Argument(help="a zip or folder that any tool built, or `.aws-sam/build`", show_default=False)
]


@dataclass(frozen=True, slots=True)
class _Package:
    """One package to look at: its files, where they are, and what it is for."""

    label: str
    members: tuple[Member, ...]
    place: Path
    target: Target


def command(
    package: Package,
    python: flags.Python = None,
    arch: flags.Arch = None,
    function: flags.Functions = None,
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
    overrides = override(runtime=flags.runtime(python), architecture=arch, select=tuple(function or ()))
    broken = False
    rows = []
    for one in _packages(package, load(package, overrides=overrides)):
        modes = audit_modes(hidden_files(one.place))
        findings = (*modes, *audit_members(one.members, one.target), *audit_zip_size(one.place))
        broken |= any(finding.level == "error" for finding in findings)
        rows.append({"name": one.label, "target": one.target.label, "findings": [asdict(found) for found in findings]})
        if json != Path("-"):
            _tell(one, findings, quiet=quiet)
    if json:
        told = {key: value for key, value in rows[0].items() if key != "name"} if len(rows) == 1 else {"packages": rows}
        text = json_module.dumps(told, indent=1) + "\n"
        sys.stdout.write(text) if json == Path("-") else write_text(json, text)
    return ExitCode.FINDINGS if broken else ExitCode.OK


def _packages(place: Path, settings: Settings) -> Iterator[_Package]:
    """The package itself; of a folder with a template (`.aws-sam/build`), those of its functions."""
    if is_built(place) or not template_of(place, settings):
        yield _alone(place, settings)
        return
    functions = [one for one in find_project(place, settings).functions if one.artifact]
    if not functions:
        raise UsageError(
            f"`{place.name or place}` is a project, not a package",
            cause="what its functions depend on is not in it",
            hint=f"lambda-slim build {place}, and audit the zips; or sam build, and audit .aws-sam/build",
        )
    for one in functions:
        yield _Package(one.name, read_members(one.source), one.artifact or one.source, one.target)


def _alone(package: Path, asked: Settings) -> _Package:
    members = read_members(package)
    seen = recognised((member.name, member.data) for member in members)
    name = asked.runtime or (f"python{seen.python}" if seen.python else None)
    if name is None:
        raise UsageError(f"which Python is `{package.name}` for?", cause="nothing in it says", hint="say --python 3.12")
    target = known_target(name, asked.architecture or seen.architecture or "x86_64", package.name)
    return _Package(package.name, members, package, target)


def _tell(package: _Package, findings: Sequence[Finding], *, quiet: bool) -> None:
    for one in findings:
        if quiet and one.level != "error":
            continue
        place = f"{one.file}: " if one.file else ""
        sys.stdout.write(f"{one.level:<8} {one.rule}  {place}{one.message}\n")
        if one.hint and not quiet:
            sys.stdout.write(f"{'':<16}{one.hint}\n")
    errors = sum(one.level == "error" for one in findings)
    verdict = f"{errors} would break on Lambda" if errors else "nothing that would break on Lambda"
    sys.stdout.write(f"{package.label}: {package.target.label}, {len(package.members)} files: {verdict}\n")
