"""Terraform's *.tf files: `aws_lambda_function`, with what its archive holds, and terraform-aws-modules/lambda."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from lambda_slim.base.files import read_loosely
from lambda_slim.formats.tables import UNKNOWN, first_of, sure_text
from lambda_slim.inputs.functions.records import (
    Asked,
    Declared,
    DeploymentKind,
    number,
    numbered,
    python_runtime,
    texts,
)
from lambda_slim.inputs.functions.terraform_archives import Archives
from lambda_slim.inputs.functions.terraform_claims import claimed
from lambda_slim.inputs.functions.terraform_layers import terraform_layers
from lambda_slim.inputs.functions.terraform_module import LOCAL, Instance, TerraformModule, variables_of, with_children
from lambda_slim.model.packing import LAYER_SITE

_SIGNS = "aws_lambda_function|terraform-aws-modules/lambda|terraform-aws-lambda"
_SIGN = re.compile(rf'"(?:{_SIGNS})"|(?:{_SIGNS})[/".]')
_COMMUNITY = re.compile(r"(^|/)terraform-aws-modules/(lambda/aws|terraform-aws-lambda)(\.git)?(//|\?|$)")
# A module that is not here, and is given a handler and a runtime.
_FOREIGN = re.compile(r'module\s+"[^"]+"\s*\{(?=[^{}]*\n\s*handler\s*=)(?=[^{}]*\n\s*runtime\s*=)')
_DEEPEST = 5


def _find(folder: Path) -> Path | None:
    """A file that leads to a function: itself, or through a local module."""
    files = [file for file in sorted(folder.glob("*.tf")) if file.is_file()]
    return next((file for file in files if _leads(file, set())), None)


def _leads(file: Path, seen: set[Path], depth: int = 0) -> bool:
    text = _uncommented(read_loosely(file))
    if _SIGN.search(text) or _FOREIGN.search(text):
        return True
    for source in LOCAL.findall(text) if depth < _DEEPEST else ():
        folder = (file.parent / source).resolve()
        if folder not in seen and folder.is_dir():
            seen.add(folder)
            if any(_leads(inner, seen, depth + 1) for inner in sorted(folder.glob("*.tf")) if inner.is_file()):
                return True
    return False


def _uncommented(text: str) -> str:
    return "\n".join(line for line in text.splitlines() if not line.lstrip().startswith(("#", "//")))


def _reads(path: Path, _: str) -> bool:
    return path.suffix == ".tf"


def _read(path: Path, _: Asked) -> tuple[Declared, ...]:
    return functions_of(path.parent, variables_of(path.parent))


def leads_to_function(folder: Path) -> bool:
    """Whether a folder's *.tf files make a function, by themselves or through a local module."""
    return _find(folder) is not None


def functions_of(root: Path, given: Mapping[str, Any]) -> tuple[Declared, ...]:
    """The functions of a root module.

    Args:
        root: Its folder.
        given: Values of its variables.

    Raises:
        ValueError: a file is not Terraform's language.
    """
    modules = with_children(TerraformModule(root, root, given))
    archives = Archives(modules)
    of_layers = Archives(modules, LAYER_SITE)
    functions: list[Declared] = []
    for module in modules:
        for instance, row in _functions(module, archives):
            layers = None if row.skipped else module.value(instance.block, "layers", instance.scope)
            functions.append(replace(row, layers=terraform_layers(layers, row.where, of_layers)))
    return numbered(functions)


def _functions(module: TerraformModule, archives: Archives) -> Iterator[tuple[Instance, Declared]]:
    for block in module.of("resource", "aws_lambda_function"):
        for instance in module.instances(block):
            yield instance, _resource(instance, archives)
    for block in module.of("module"):
        source = module.value(block, "source")
        for instance in module.instances(block) if isinstance(source, str) else ():
            if _COMMUNITY.search(source):
                yield from ((instance, row) for row in _community(instance, archives))
            elif not source.startswith(".") and {"handler", "runtime"} <= block.attributes.keys():
                yield instance, _foreign(instance, source, archives)


def _foreign(instance: Instance, source: str, archives: Archives) -> Declared:
    """A function of a module that is not here; `filename` is its package, as in a resource."""
    row = _common(instance, "memory_size")
    if row.skipped:
        return row
    if "filename" in instance.block.attributes:
        return archives.placed(row, instance)
    problem = f"module {instance.block.labels[0]} comes from {source}, which is not here"
    hint = "run `terraform show -json PLAN > plan.json` and name that file, or write [functions]"
    return replace(row, problem=problem, hint=hint)


def _common(instance: Instance, memory: str) -> Declared:
    """What a resource and the community's module call alike."""
    module, block = instance.module, instance.block

    def said(name: str) -> Any:
        return module.value(block, name, instance.scope)

    whys = {name: module.why_unknown(block, name) for name in ("handler", "runtime") if said(name) == UNKNOWN}
    runtime = _text(said("runtime"))
    return Declared(
        _name(instance),
        module.where(block),
        handler=_text(said("handler")),
        runtime=runtime,
        architecture=_text(first_of(said("architectures"))),
        memory_mb=number(said(memory), 128),
        timeout_s=number(said("timeout"), 3),
        snap_start=bool(block.inner("snap_start")) or said("snap_start") is True,
        skipped=_skipped(said("package_type"), runtime),
        open_values={name: why for name, why in whys.items() if why},
        above=False,
    )


def _text(value: Any) -> str | None:
    return None if value is None else sure_text(value)


def _skipped(package_type: Any, runtime: str | None) -> str:
    if package_type == "Image":
        return "it is a container image"
    return "" if python_runtime(runtime) else f"its runtime is {runtime}"


def _name(instance: Instance) -> str:
    """Labels of the modules around it and its own, but `this` and the like, and its key."""
    own = instance.block.labels[-1]
    around = instance.module.path
    dull = own in ("this", "default", "main", "lambda", "function", "lambda_function", "func", "fn")
    names = [*around, *([] if dull and around else [own]), *([instance.key] if instance.key else [])]
    return "-".join(re.sub(r"[^A-Za-z0-9_.-]+", "-", name) for name in names)


def _resource(instance: Instance, archives: Archives) -> Declared:
    module, block = instance.module, instance.block
    row = _common(instance, "memory_size")
    if "image_uri" in block.attributes:
        return replace(row, skipped="it is a container image")
    if row.skipped:
        return row
    if row.runtime is None:
        row = replace(row, runtime=UNKNOWN)
    tables = [module.value(inner, "variables", instance.scope) for inner in block.inner("environment")]
    row = replace(
        row, environment_known=all(isinstance(table, dict) for table in tables) and not block.inner("dynamic")
    )
    for table in tables:
        row = replace(row, environment=texts(table))
    return archives.placed(row, instance)


def _community(instance: Instance, archives: Archives) -> Iterator[Declared]:
    """A function of terraform-aws-modules/lambda; layers and what makes no function are none."""
    module, block = instance.module, instance.block

    def said(name: str) -> Any:
        return module.value(block, name, instance.scope)

    if "//modules/" in str(said("source")):  # one that makes images, aliases or deployments
        return
    if said("create_layer") is True or said("create_function") is False or said("create") is False:
        return
    row = replace(_common(instance, "memory_size"), environment=texts(said("environment_variables")))
    row = replace(row, runtime=row.runtime or UNKNOWN, handler=row.handler or UNKNOWN)
    yield row if row.skipped else claimed(row, instance, archives)


KIND = DeploymentKind("Terraform file", _find, _reads, _read)
