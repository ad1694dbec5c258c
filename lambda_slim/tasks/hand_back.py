"""Gives packages back to the tool that deploys them: a copy of the template, or folders."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from lambda_slim.base.errors import ConfigError, UsageError
from lambda_slim.base.files import read_regular_text, write_text
from lambda_slim.base.journal import PlaceMove, commit, digest_place
from lambda_slim.base.progress import Progress
from lambda_slim.bundle.folder import lay_zip
from lambda_slim.inputs.project.manifest import file_digest, relative_to
from lambda_slim.model.function import Function
from lambda_slim.model.settings import Settings
from lambda_slim.tasks.build import BuildOptions, Built, build_function
from lambda_slim.tasks.prepare import Shared
from lambda_slim.tasks.scratch import scratch_beside

if TYPE_CHECKING:
    from lambda_slim.formats.template_edit import PointedTemplate

FORMATS = ("zip", "folder", "oci")


def check_format(form: str, output: Path | None) -> None:
    """Refuses an unknown format, and an output whose name belongs to another format.

    Raises:
        UsageError: it is.
    """
    if form not in FORMATS:
        raise UsageError(
            f"`--format {form}` is not known", cause=f"there are {', '.join(FORMATS)}", hint=f"--format {FORMATS[0]}"
        )
    other = {"zip": ".tar", "folder": ".zip .tar", "oci": ".zip"}[form].split()
    if output and output.suffix in other:
        kind = {"zip": "zips", "folder": "folders", "oci": "image layers"}[form]
        raise UsageError(
            f"`{output}` is a {output.suffix[1:]}", cause=f"--format {form} writes {kind}", hint="name a folder"
        )


def package_place(output: Path, name: str, form: str) -> Path:
    """Where a function's package goes: the zip or tar that was named, else below the folder."""
    if output.suffix == {"zip": ".zip", "oci": ".tar"}.get(form):
        return output
    return output / (name + {"zip": ".zip", "folder": "", "oci": ".oci"}[form])


def deploy_copy(template: Path | None, out: Path, packages: Mapping[str, Path]) -> tuple[str, ...]:
    """Writes a template whose functions have the packages as their code.

    Args:
        template: The one that was built from.
        out: Where the copy goes.
        packages: Function names to their zips or folders.

    Returns:
        Names of functions that the template does not have by themselves, so that the copy has their code as it was.

    Raises:
        UsageError: there is no template, or the copy would take its place.
        ConfigError: it is none of SAM or CloudFormation, or an alias stands for functions whose packages differ.
    """
    check_copy(template, out)
    assert template is not None  # check_copy saw to it
    home, goal = template.absolute().parent, out.absolute().parent
    codes = {name: relative_to(goal, path.absolute()) for name, path in packages.items()}

    def moved(path: str) -> str:
        there = home / path
        return relative_to(goal, Path(os.path.normpath(there))) if "://" not in path and there.exists() else path

    from lambda_slim.formats.template_edit import pointed

    try:
        copy = pointed(read_regular_text(template), codes, moved)
    except ValueError as error:
        raise ConfigError(f"`{template.name}` cannot be copied", cause=str(error), hint="fix it") from error
    _check_shared(template, copy, packages)
    write_text(out, copy.text)
    return copy.missing


def _check_shared(template: Path, copy: "PointedTemplate", packages: Mapping[str, Path]) -> None:
    """Refuses functions that would get the package of another one, which is not theirs."""
    for name, owner in copy.shared:
        digests = {file_digest(packages[each]) if each in packages else each for each in (name, owner)}
        if len(digests) > 1:
            raise ConfigError(
                f"`{template.name}` cannot be copied: {name} has the properties of {owner}, by an alias",
                cause="their packages are not the same, and the copy could only name one of them",
                hint=f"write out the properties of {name}, or merge them: `<<: *name`",
            )


def check_copy(template: Path | None, out: Path) -> None:
    """Refuses what cannot be copied, before anything is built.

    Raises:
        UsageError: see `deploy_copy`.
    """
    if template is None or template.suffix not in (".yaml", ".yml", ".json", ".template"):
        shown = f"functions are those of {template.name}" if template else "no deployment file names the functions"
        raise UsageError(
            "--template needs a SAM or CloudFormation template to copy",
            cause=shown,
            hint="name the zips in your deployment file; docs/deploying.md has a line for each tool",
        )
    if out.resolve() == template.resolve():
        raise UsageError(
            f"`{out}` is the template that is built from",
            cause="source and package would share a field, and the next build would take the package for the source",
            hint="name another file; it may lie beside it",
        )


def check_folder(out: Path, *, ours: bool) -> None:
    """Refuses to replace a folder that lambda-slim did not write.

    Raises:
        UsageError: it is there, and the manifest beside it does not list it.
    """
    if not ours and out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise UsageError(
            f"`{out}` is there, and lambda-slim did not write it",
            cause="no lambda-slim.manifest.json beside it lists it",
            hint="name another folder with -o, or remove it",
        )


def build_folder(
    function: Function, settings: Settings, out: Path, options: BuildOptions, progress: Progress, shared: Shared
) -> Built:
    """As `build_function`, as a folder that holds what the zip would; it takes its place when it is whole.

    Raises:
        SlimError: as `build_function`; the folder is then as it was.
    """
    with scratch_beside(out) as scratch:
        built = build_function(function, settings, scratch / "package.zip", options, progress, shared)
        new = scratch / "package"
        lay_zip(scratch / "package.zip", new)
        commit(scratch, [PlaceMove(str(out.absolute()), str(new), "", digest_place(out), digest_place(new))])
        return built
