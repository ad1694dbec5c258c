"""Serverless files (also of osls): functions, their runtime, and what `package` puts where."""

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from lambda_slim.base.files import first_file, read_loosely, read_regular_text
from lambda_slim.formats.dotenv import parse_dotenv
from lambda_slim.formats.serverless_variables import Variables
from lambda_slim.formats.tables import UNKNOWN, as_list, as_several, as_table, known_text, sure_text
from lambda_slim.inputs.functions.globs import glob_rules
from lambda_slim.inputs.functions.records import (
    Asked,
    Declared,
    DeploymentKind,
    QuestionError,
    number,
    python_runtime,
    texts,
)
from lambda_slim.inputs.functions.scripts import package_by_scripts, scripted
from lambda_slim.inputs.functions.serverless_images import image_of
from lambda_slim.inputs.functions.serverless_layers import ServerlessLayers
from lambda_slim.inputs.functions.serverless_wsgi import with_handler
from lambda_slim.inputs.project.declared import declared_in
from lambda_slim.model.layout import Placement

_NAMES = ("serverless.yml", "serverless.yaml", "serverless.json")
_CODE = ("serverless.ts", "serverless.js", "serverless.mjs", "serverless.cjs")
_FIRST = "s-project.json"  # of Serverless 0.x
_ALWAYS_OUT = (
    ".git/**",
    ".gitignore",
    ".DS_Store",
    "npm-debug.log",
    ".env*",
    ".serverless/**",
    ".serverless_plugins/**",
)


def _find(folder: Path) -> Path | None:
    return first_file(folder, (*_NAMES, *_CODE, _FIRST))


def _reads(path: Path, text: str) -> bool:
    named = path.name in (*_NAMES, *_CODE, _FIRST) or path.name.startswith("serverless")
    return named or (path.suffix in (".yml", ".yaml", ".json") and "provider:" in text and "functions:" in text)


_WRITTEN = "wsgi_handler."  # the module that a plugin writes


@dataclass(frozen=True, slots=True)
class _Service:
    """What holds for all functions of a file."""

    file: Path
    provider: Mapping[str, Any]
    package: Mapping[str, Any]
    plugins: tuple[str, ...]
    requirements: Mapping[str, Any]  # of the plugin serverless-python-requirements
    wsgi: Mapping[str, Any]  # of the plugin serverless-wsgi
    lines: Mapping[str, int]
    layers: ServerlessLayers

    @property
    def folder(self) -> Path:
        return self.file.parent


def _refuse_programs(path: Path) -> None:
    """Asks about files whose functions are not read.

    Raises:
        QuestionError: it is one.
    """
    if path.name == _FIRST:
        raise QuestionError(
            f"`{path.name}` is a project of Serverless 0.x, which is not read",
            "its s-function.json files say handlers and runtimes that Lambda has retired since",
            "say --handler and --python, or write [functions]",
        )
    if path.name in _CODE:
        raise QuestionError(
            f"`{path.name}` is a program, which was not run",
            "what it makes of its functions is only known when it runs",
            "run `serverless print --format json > serverless.json` and name that file, or write [functions]",
        )


def _read(path: Path, asked: Asked) -> tuple[Declared, ...]:
    _refuse_programs(path)
    from lambda_slim.formats.yaml_text import load_with_lines

    document, lines = load_with_lines(read_regular_text(path), "functions")
    if not isinstance(document, dict):
        message = "it has no functions"
        raise ValueError(message)
    service = _service(path, document, asked, lines)
    variables = _variables(path, document, asked)
    functions = variables.value(document.get("functions"))
    if functions == UNKNOWN:
        raise QuestionError(
            f"`{path.name}`: its functions are in a file that is not there",
            f"functions: {document.get('functions')}"[:200],
            "name the stage with LAMBDA_SLIM_STAGE or `stage` in the settings, or write [functions]",
        )
    rows = [_function(service, str(name), row) for name, row in _rows(functions)]
    asked_for = {row.name for row in rows if UNKNOWN in (row.handler, row.runtime, row.architecture)}
    whys = {name: _open_values(path, document, name, variables) for name in asked_for}
    return tuple(replace(row, open_values=whys[row.name]) if row.name in asked_for else row for row in rows)


def _variables(path: Path, document: dict[str, Any], asked: Asked) -> Variables:
    def read(name: str) -> str | None:
        place = Path(os.path.normpath(path.parent / name))
        return read_loosely(place) if place.is_file() else None

    first = Variables(document, asked.stage or "dev", environment_of(path.parent, asked.stage or "dev"), read)
    provider = as_table(first.value(document.get("provider")))
    said = known_text(provider.get("stage"))
    stage = asked.stage or ("dev" if said is None else said)
    return Variables(document, stage, environment_of(path.parent, stage), read)


def environment_of(folder: Path, stage: str) -> dict[str, str]:
    """The environment, and under it what the service's `.env` files say, that of the stage first."""
    names = (".env", ".env.local", f".env.{stage}", f".env.{stage}.local")
    files = [folder / name for name in names if (folder / name).is_file()]
    tables = [parse_dotenv(read_loosely(file)) for file in files]
    return {key: value for table in [*tables, dict(os.environ)] for key, value in table.items()}


def _open_values(path: Path, document: Mapping[str, Any], name: str, variables: Variables) -> dict[str, str]:
    """Why only the deployment knows the handler or the runtime of a function: variables that nothing sets."""
    whys = {}
    own, provider = as_table(as_table(document.get("functions")).get(name)), as_table(document.get("provider"))
    for key in ("handler", "runtime", "architecture"):
        raw = own.get(key, provider.get(key) if key != "handler" else None)
        variables.missing.clear()
        if not isinstance(raw, str) or variables.value(raw) != UNKNOWN or not variables.missing:
            continue
        names = list(dict.fromkeys(variables.missing))
        whys[key] = f"it is `{raw}`, and nothing sets {' or '.join(names)}{_examples(path.parent, names)}"
    return whys


def _examples(folder: Path, names: list[str]) -> str:
    """What a file of examples says of variables; nobody said that it is what is deployed."""
    for file in sorted((*folder.glob(".env.*"), *folder.glob("*env*example*"), *folder.glob("*env*sample*"))):
        if file.is_file() and file.name.endswith((".example", ".sample", ".template", ".dist", "-example")):
            values = parse_dotenv(read_loosely(file))
            rows = [f"{name}={values[name]}" for name in names if values.get(name)]
            if rows:
                return f"; {file.name} has {', '.join(rows)}: copy it to .env if that is what you deploy"
    return "; set it in .env or in the environment"


def _service(path: Path, document: dict[str, Any], asked: Asked, lines: Mapping[str, int]) -> _Service:
    variables = _variables(path, document, asked)
    custom = as_table(variables.value(document.get("custom")))
    plugins = tuple(map(str, as_list(document.get("plugins"))))
    requirements = as_table(custom.get("pythonRequirements"))
    layered = "serverless-python-requirements" in plugins and requirements.get("layer")
    return _Service(
        path,
        as_table(variables.value(document.get("provider"))),
        as_table(variables.value(document.get("package"))),
        plugins,
        requirements,
        as_table(custom.get("wsgi")),
        lines,
        ServerlessLayers(
            path.parent,
            as_table(variables.value(document.get("layers"))),
            _in_layer(path.parent, requirements) if layered else None,
        ),
    )


def _in_layer(folder: Path, requirements: Mapping[str, Any]) -> Path | None:
    """What the layer of the plugin for requirements is made from."""
    declared = declared_in(folder)
    return _named_list(requirements, folder) or (declared.path if declared else None)


def _rows(functions: Any) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """(name, function); a list of tables is merged, as `functions: [${file(a.yml)}, …]` is."""
    tables = as_several(functions)
    for table in tables:
        for name, row in as_table(table).items():
            if isinstance(row, dict):
                yield name, row


def _function(service: _Service, name: str, row: Mapping[str, Any]) -> Declared:
    runtime = _said(row.get("runtime", service.provider.get("runtime")))
    where = f"{service.file.name}:{service.lines.get(name, 1)}"
    said = Declared(
        name,
        where,
        handler=_said(row.get("handler")),
        runtime=runtime or UNKNOWN,
        architecture=_said(row.get("architecture", service.provider.get("architecture"))),
        memory_mb=number(row.get("memorySize", service.provider.get("memorySize")), 1024),
        timeout_s=number(row.get("timeout", service.provider.get("timeout")), 6),
        environment={**texts(service.provider.get("environment")), **texts(row.get("environment"))},
        environment_known=_knows_environment(service, row),
        layers=service.layers.of(row.get("layers", service.provider.get("layers")), where),
        snap_start=bool(row.get("snapStart")),
        skipped=_skipped(row, runtime),
    )
    if "image" in row:
        return image_of(service.folder, service.provider, row["image"], said)
    return said if said.skipped else _placed(service, row, said)


def _knows_environment(service: _Service, row: Mapping[str, Any]) -> bool:
    """Whether all variables are declared here: both tables can be read, and no plugin adds to them."""
    tables = (service.provider.get("environment"), row.get("environment"))
    readable = all(table is None or isinstance(table, dict) for table in tables)
    return readable and not any("dotenv" in plugin or "env" in plugin.split("-") for plugin in service.plugins)


def _skipped(row: Mapping[str, Any], runtime: str | None) -> str:
    if "image" in row:
        return "it is a container image"
    if not python_runtime(runtime):
        return f"its runtime is {runtime}"
    handler = str(row.get("handler", ""))
    return "its runtime is not said, and Serverless takes Node.js" if not runtime and ".py" not in handler else ""


def _placed(service: _Service, row: Mapping[str, Any], said: Declared) -> Declared:
    """The function with the files that `package` puts into it."""
    own = as_table(row.get("package"))
    artifact = own.get("artifact", service.package.get("artifact"))
    if isinstance(artifact, str):
        place = service.folder / artifact
        if place.is_file():
            return replace(said, package=place)
        packed = package_by_scripts(Path(os.path.normpath(place)), service.folder)
        if packed:
            return scripted(said, packed, f"`{artifact}`")
        problem = f"{said.name}: its package `{artifact}` is not there"
        return replace(said, problem=problem, hint="build it first, or leave `artifact` out")
    module = row.get("module")
    alone = bool(own.get("individually", service.package.get("individually")))
    source = service.folder / module if isinstance(module, str) and alone else service.folder
    rules = (*_default_rules(service), *_package_rules(service.package), *_package_rules(own))
    said = replace(said, parts=(Placement(source, "", rules),))
    layered = service.layers.required is not None
    said = replace(said, installs=not layered, requirements=_named_list(service.requirements, source))
    written = (said.handler or "").startswith(_WRITTEN) and not (service.folder / "wsgi_handler.py").exists()
    return with_handler(said, service.wsgi) if written else said


def _named_list(requirements: Mapping[str, Any], source: Path) -> Path | None:
    """What the plugin for requirements reads, where that is not the usual file."""
    name = known_text(requirements.get("fileName"))
    place = None if name is None else source / name
    return place if place and place.name != "requirements.txt" else None


def _default_rules(service: _Service) -> Iterator[tuple[bool, str]]:
    for pattern in (*_ALWAYS_OUT, service.file.name, "node_modules/**"):
        yield from glob_rules(pattern, keep=False)


def _package_rules(table: Mapping[str, Any]) -> Iterator[tuple[bool, str]]:
    """What `exclude`, `include` and `patterns` say, in the order in which Serverless takes them."""
    for pattern in as_list(table.get("exclude")):
        yield from glob_rules(str(pattern).removeprefix("!"), keep=str(pattern).startswith("!"))
    for pattern in (*as_list(table.get("include")), *as_list(table.get("patterns"))):
        text = str(pattern)
        yield from glob_rules(text.removeprefix("!"), keep=not text.startswith("!"))


def _said(value: Any) -> str | None:
    return None if value is None else sure_text(value)


KIND = DeploymentKind("Serverless file", _find, _reads, _read)
