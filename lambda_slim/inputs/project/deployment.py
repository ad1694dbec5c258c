"""Which deployment file says what a target deploys, and what it says."""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from lambda_slim.base.errors import ConfigError, SeveralDeploymentsError, SlimError, UsageError
from lambda_slim.base.files import is_odd, read_regular_text
from lambda_slim.inputs.functions.records import Asked, Declared, DeploymentKind, QuestionError
from lambda_slim.inputs.functions.uploaded import with_code
from lambda_slim.inputs.project.artifacts import is_environment
from lambda_slim.inputs.project.declared import refuse_odd
from lambda_slim.inputs.project.passed_over import passed_over, uploaded_elsewhere
from lambda_slim.model.settings import Settings

_DEPTH = 5  # folders below the target in which deployment files are looked for
_MOST = 12  # deployment files that are read to see whether they have functions
_SHOWN = 6
_TEMPLATES = ("template.yaml", "template.yml", "template.json")
_FILES = (*_TEMPLATES, "serverless.yml", "serverless.yaml", "main.tf", "Dockerfile", "cdk.json", "Pulumi.yaml")
_ELSEWHERE = frozenset(
    {
        "test",
        "tests",
        "testing",
        "docs",
        "doc",
        "example",
        "examples",
        "sample",
        "samples",
        "fixtures",
        "benchmarks",
        "node_modules",
        "vendor",
        "vendored",
        "venv",
        "build",
        "dist",
        "site-packages",
        "cdk.out",
    }
)


@dataclass(frozen=True, slots=True)
class Deployment:
    """A deployment file and its functions."""

    kind: str
    file: Path
    rows: tuple[Declared, ...]


def deployment_of(
    place: Path, settings: Settings, warnings: list[str], *, told: bool, others: list[Declared], deep: bool = True
) -> Deployment | None:
    """The deployment file of a target, else the only one in the folders below it.

    Args:
        place: The target: a file, or a folder.
        settings: `template` and `stage`.
        warnings: What is passed over is added.
        others: Functions below that are not for this tool are added.
        deep: Whether the folders below are looked into.
        told: Whether flags or settings name handlers: then a file that is not understood is passed over.

    Raises:
        ConfigError: the file cannot be read, or is seen and not understood.
        UsageError: there are several, none above the others; or the target is neither file nor folder.
    """
    if place.is_file():
        return _of_file(place, settings)
    _refuse_pipe(place)
    if settings.template and _speaks_of(settings, place):
        return _of_file(settings.template, settings)
    asked = Asked(settings.stage)
    try:
        return _of_folder(place, asked, warnings, others, deep=deep)
    except SlimError as error:
        if not told:
            raise
        warnings.append(f"{error.message}; passed over, as handlers are named")
        return None


def _of_folder(
    place: Path, asked: Asked, warnings: list[str], others: list[Declared], *, deep: bool
) -> Deployment | None:
    here = _in_folder(place, asked)
    if not deep or (here is not None and not _is_of_images(here)):
        return here
    return _below(place, asked, warnings, others) or here or _by_scripts(place)


def _by_scripts(place: Path) -> Deployment | None:
    """What a script uploads with the AWS CLI, where no other deployment file says anything."""
    from lambda_slim.inputs.functions.upload_scripts import uploaded_functions

    uploaded = uploaded_functions(place)
    return Deployment("script that uploads", *uploaded) if uploaded else None


def _refuse_pipe(place: Path) -> None:
    if is_odd(place):
        raise UsageError(f"`{place.name}` cannot be read", cause="it is a pipe or a device", hint="name a folder")


def _speaks_of(settings: Settings, place: Path) -> bool:
    """Whether the template that the settings name is the target's; settings that lie elsewhere do not replace it."""
    home = settings.file.parent if settings.file else place
    return place in (home, *home.parents) or bool(settings.template and place in settings.template.parents)


def _of_file(place: Path, settings: Settings) -> Deployment | None:
    """What a file says; None where it is no deployment file."""
    from lambda_slim.inputs.functions import sam
    from lambda_slim.inputs.functions.kinds import KINDS

    if place.suffix in (".zip", ".py", ".whl", ".jar"):
        return None
    try:
        text = read_regular_text(place)
    except (OSError, ValueError) as error:
        raise _unreadable(place, "deployment file", error) from error
    # A name that a tool looks for says more than words that others use too: `Resources` is in serverless.yml as well.
    named = (kind for kind in KINDS if kind.find(place.parent) == place)
    kind = next(named, None) or next((kind for kind in KINDS if kind.reads(place, text)), sam.KIND)
    return Deployment(kind.name, place, with_code(_rows(kind, place, Asked(settings.stage)), place.parent))


def _in_folder(folder: Path, asked: Asked) -> Deployment | None:
    """The first deployment file of a folder that has functions, else the first of all."""
    from lambda_slim.inputs.functions import kinds, templates

    refuse_odd(folder, _FILES)
    first = None
    for kind in kinds.KINDS:
        if file := kind.find(folder):
            deployment = Deployment(kind.name, file, with_code(_rows(kind, file, asked), folder))
            if _has_functions(deployment) and not templates.is_printed(file, deployment.rows):
                return deployment
            first = first or deployment
    return first or _of_other_name(folder, asked)


def _of_other_name(folder: Path, asked: Asked) -> Deployment | None:
    """The only template with functions in a folder that has none with a usual name."""
    from lambda_slim.inputs.functions import sam
    from lambda_slim.inputs.functions.templates import other_templates

    files = list(other_templates(folder))
    if len(files) > 1:
        raise UsageError(
            "which of the templates here is meant?",
            cause=f"functions are in {', '.join(file.name for file in files[:_SHOWN])}",
            hint=f"name one, for example {files[0].name}",
        )
    if not files:
        return None
    return Deployment(sam.KIND.name, files[0], with_code(_rows(sam.KIND, files[0], asked), folder))


def _is_of_images(deployment: Deployment) -> bool:
    """Whether all of a deployment's functions are container images, which Dockerfiles below may make."""
    return bool(deployment.rows) and all("container image" in row.skipped for row in deployment.rows)


def _has_functions(deployment: Deployment) -> bool:
    return any(not row.skipped for row in deployment.rows)


def _rows(kind: DeploymentKind, file: Path, asked: Asked) -> tuple[Declared, ...]:
    try:
        return kind.read(file, asked)
    except QuestionError as error:
        raise ConfigError(error.message, cause=error.cause, hint=error.hint) from error
    except (OSError, ValueError, SyntaxError, RecursionError, AttributeError, TypeError, LookupError) as error:
        raise _unreadable(file, kind.name, error) from error  # a broken document has anything in the place of a table


def _unreadable(file: Path, kind: str, error: Exception) -> ConfigError:
    name = "template" if "template" in kind else kind
    return ConfigError(
        f"`{file.name}` cannot be read as a {name}",
        cause=str(error) or type(error).__name__,
        hint=f"is it a {kind}?",
    )


def _below(place: Path, asked: Asked, warnings: list[str], others: list[Declared]) -> Deployment | None:
    """The only deployment file with functions in the folders below."""
    deployments: list[Deployment] = []
    questions: list[tuple[Path, SlimError]] = []
    for folder in _tops(list(_folders(place))[:_MOST]):
        try:
            deployment = _found_below(folder, place, asked)
        except SlimError as error:
            questions.append((folder, error))
            continue
        if deployment is None:
            continue
        if _has_functions(deployment):
            deployments.append(deployment)
            continue
        rows = passed_over(deployment.file, deployment.rows, place)
        others += rows
        warnings += (f"{row.where}: {row.name} is left out: {row.skipped}" for row in rows)
        questions += [(folder, error) for error in uploaded_elsewhere(rows)]
    if questions or len(deployments) > 1:
        raise _question(place, deployments, questions)
    if not deployments:
        return None
    warnings.append(
        f"the functions are those of {os.path.relpath(deployments[0].file, place)}, a {deployments[0].kind}"
    )
    return deployments[0]


def _tops(folders: list[Path]) -> list[Path]:
    """The folders but those that are Terraform modules of others: they are deployed by those alone."""
    from lambda_slim.inputs.functions.terraform_module import local_modules

    inner = {module for folder in folders for module in local_modules(folder) if module != folder}
    return [folder for folder in folders if folder not in inner]


def _found_below(folder: Path, place: Path, asked: Asked) -> Deployment | None:
    """As `_in_folder`; code that something else uploads is looked for in the whole target."""
    deployment = _in_folder(folder, asked)
    if deployment is None or _has_functions(deployment):
        return deployment
    return replace(deployment, rows=with_code(deployment.rows, place))


def _question(place: Path, deployments: Sequence[Deployment], questions: Sequence[tuple[Path, SlimError]]) -> SlimError:
    """What is to be asked: which deployment is meant, or what the only one leaves open."""
    if len(deployments) + len(questions) > 1:
        files = [*(deployment.file for deployment in deployments), *(folder for folder, _ in questions)]
        return _several(place, sorted(files))
    folder, question = questions[0]
    question.message = f"{os.path.relpath(folder, place)}: {question.message}"
    return question


def _folders(place: Path) -> Iterator[Path]:
    """Folders below that have a deployment file, none of them below another one."""
    base = len(place.parts)
    for name, folders, _ in os.walk(place):
        folder = Path(name)
        if folder != place and _deploys(folder):
            folders.clear()
            yield folder
            continue
        deep = len(folder.parts) - base >= _DEPTH
        folders[:] = [] if deep else sorted(inner for inner in folders if _is_looked_into(folder / inner))


def _deploys(folder: Path) -> bool:
    """Whether a folder has a deployment file, also a template with a name of its own."""
    from lambda_slim.inputs.functions.kinds import KINDS
    from lambda_slim.inputs.functions.templates import other_templates

    return any(kind.find(folder) for kind in KINDS) or next(other_templates(folder), None) is not None


def _is_looked_into(folder: Path) -> bool:
    name = folder.name
    hidden = name.startswith((".", "_")) or name.lower() in _ELSEWHERE or name.endswith((".dist-info", ".egg-info"))
    return not (hidden or is_environment(folder))


def _several(place: Path, files: list[Path]) -> SeveralDeploymentsError:
    names = [os.path.relpath(file, place) for file in files]
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    near = files[0].parent if files[0].is_file() else files[0]
    return SeveralDeploymentsError(
        "which of the deployments here is meant?",
        cause=f"there are {', '.join(names[:_SHOWN])}{more}",
        hint=f"say --all for all of them, or name one, for example {os.path.relpath(near, place)}",
    )
