"""`lambda-slim schema`: the JSON schema of the report, the settings or the lock, on stdout."""

import json
import sys
from typing import Annotated

import typer

from lambda_slim.base.errors import ExitCode, UsageError

Name = Annotated[str, typer.Argument(metavar="[report|settings|lock]", help="which document", show_default=True)]


def command(name: Name = "report") -> ExitCode:
    """Prints a JSON schema (draft 2020-12)."""
    from lambda_slim.tasks import schema as schemas

    known = {"report": schemas.report_schema, "settings": schemas.settings_schema, "lock": schemas.lock_schema}
    if name not in known:
        raise UsageError(
            f"there is no schema `{name}`", cause=f"there are {', '.join(known)}", hint="lambda-slim schema report"
        )
    sys.stdout.write(json.dumps(known[name](), indent=2, ensure_ascii=False) + "\n")
    return ExitCode.OK
