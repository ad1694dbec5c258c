"""`lambda-slim audit`: what in a package would break on Lambda, whoever built it."""

import json as json_module
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from lambda_slim.audit import audit_members, audit_zip_size, read_members
from lambda_slim.commands import _options as flags
from lambda_slim.commands._session import override
from lambda_slim.errors import ExitCode, UsageError
from lambda_slim.files import is_there, write_text
from lambda_slim.package import opened, recognise
from lambda_slim.project import known_target
from lambda_slim.settings import load

Package = Annotated[Path, typer.Argument(help="a zip or folder that any tool built", show_default=False)]


def command(
    package: Package,
    python: flags.Python = None,
    arch: flags.Arch = None,
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
    asked = load(package, overrides=override(runtime=flags.runtime(python), architecture=arch))
    with opened(package) as folder:
        seen = recognise(folder)
        name = asked.runtime or (f"python{seen.python}" if seen.python else None)
        if name is None:
            raise UsageError(
                f"which Python is `{package.name}` for?", cause="nothing in it says", hint="say --python 3.12"
            )
        target = known_target(name, asked.architecture or seen.architecture or "x86_64", package.name)
        members = read_members(folder)
        findings = (*audit_members(members, target), *audit_zip_size(package))
    if json:
        text = (
            json_module.dumps({"target": target.label, "findings": [asdict(one) for one in findings]}, indent=1) + "\n"
        )
        sys.stdout.write(text) if json == Path("-") else write_text(json, text)
    if json != Path("-"):
        for one in findings:
            if not (quiet and one.level != "error"):
                place = f"{one.file}: " if one.file else ""
                sys.stdout.write(f"{one.level:<8} {one.rule}  {place}{one.message}\n")
                if one.hint and not quiet:
                    sys.stdout.write(f"         {'':<5}  {one.hint}\n")
        errors = sum(one.level == "error" for one in findings)
        verdict = f"{errors} would break on Lambda" if errors else "nothing that would break on Lambda"
        sys.stdout.write(f"{package.name}: {target.label}, {len(members)} files: {verdict}\n")
    return ExitCode.FINDINGS if any(one.level == "error" for one in findings) else ExitCode.OK
