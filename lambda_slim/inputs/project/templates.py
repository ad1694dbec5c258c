"""Functions that a SAM or CloudFormation template names."""

import os
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING

from lambda_slim.base.errors import ConfigError
from lambda_slim.base.files import read_regular_text
from lambda_slim.inputs.prebuilt import unpacked
from lambda_slim.inputs.project.artifacts import is_built
from lambda_slim.inputs.project.declared import requirements_of
from lambda_slim.inputs.project.layers import function_layers, template_layers
from lambda_slim.inputs.project.targets import known_target
from lambda_slim.knowledge.runtimes import runtimes
from lambda_slim.model.function import Function
from lambda_slim.model.settings import FunctionSettings, Settings

if TYPE_CHECKING:
    from lambda_slim.formats.template import TemplateFunction


def from_template(template: Path, settings: Settings, warnings: list[str]) -> list[Function]:
    """The functions of a template, with what the settings add to them; what is left out is a warning.

    A function whose code is a zip, or a folder that was already built (`sam build`), ships what is in it.

    Raises:
        ConfigError: the template cannot be read; the code of a function that is asked for is not there.
    """
    from lambda_slim.formats.template import parse_template

    try:
        rows = parse_template(read_regular_text(template))
    except (OSError, ValueError) as error:
        raise ConfigError(
            f"`{template.name}` cannot be read as a template",
            cause=str(error),
            hint="is it a SAM or CloudFormation template?",
        ) from error
    found = []
    tables = {table.name: table for table in settings.functions}
    warnings += _strangers(settings, [row.name for row in rows], template.name)
    for row in rows:
        where, asked = f"{template.name}:{row.line}", settings.selects(row.name)
        own = tables.get(row.name) or FunctionSettings(row.name)
        if why := row.skipped or _unknown(row, own, settings):
            if asked:
                warnings.append(f"{where}: {row.name} is left out: {why}")
            continue
        code = Path(os.path.normpath(template.parent / (row.code or "")))
        if code.exists():
            found.append(_function(row, own, code, settings, template, where))
        elif asked:
            raise ConfigError(
                f"{where}: the code of {row.name} is not there",
                cause=f"no `{row.code}` beside {template.name}",
                hint="check CodeUri, or choose other functions with -F",
            )
    return found


def _strangers(settings: Settings, names: list[str], template: str) -> list[str]:
    """Tables of functions that the template does not have: what they ask for, budgets too, holds for nothing."""
    found = []
    for table in settings.functions:
        if table.name not in names:
            near = get_close_matches(table.name, names, 1)
            hint = f"; did you mean `{near[0]}`?" if near else ""
            found.append(f"{table.where or table.name}: `{table.name}` is no function of {template}{hint}")
    return found


def _unknown(row: "TemplateFunction", own: FunctionSettings, settings: Settings) -> str:
    """What nobody says of a function that must be known to build it."""
    from lambda_slim.formats.intrinsics import UNKNOWN

    said = (
        ("Handler", "handler", own.handler or row.handler),
        ("Runtime", "runtime", settings.runtime or own.runtime or row.runtime),
        ("Architectures", "arch", settings.architecture or own.architecture or row.architecture),
        ("CodeUri", "", row.code),
    )
    for name, key, value in said:
        if value == UNKNOWN:
            say = f"say `{key}` in [functions.{row.name}]" if key else "write it out"
            return f"its {name} is missing, or only known at deployment; {say} or give the parameter a default"
    if said[1][2] == row.runtime and row.runtime not in runtimes():
        return f"its runtime {row.runtime} is none that I know ({', '.join(runtimes())})"
    return ""


def _function(
    row: "TemplateFunction", own: FunctionSettings, code: Path, settings: Settings, template: Path, where: str
) -> Function:
    artifact = code if code.is_file() or (is_built(code) and not own.requirements) else None
    return Function(
        name=row.name,
        handler=own.handler or row.handler,
        source=own.source or unpacked(code),
        target=known_target(
            settings.runtime or own.runtime or row.runtime,
            settings.architecture or own.architecture or row.architecture,
            where,
        ),
        requirements=None if artifact else requirements_of(own, code, template.parent),
        artifact=artifact,
        memory_mb=own.memory_mb or row.memory_mb,
        timeout_s=row.timeout_s,
        environment={**row.environment, **own.environment},
        layers=(*template_layers(row.layers, template), *function_layers(own, settings)),
        events=own.events,
        snap_start=row.snap_start,
        where=where,
    )
