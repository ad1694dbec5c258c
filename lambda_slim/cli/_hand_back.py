"""What the deployment tool receives: packages in a format, a copy of the template, a shared layer."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from lambda_slim.base.errors import UsageError
from lambda_slim.cli._complete import choices
from lambda_slim.cli._session import Session
from lambda_slim.render.progress import warn
from lambda_slim.tasks.hand_back import FORMATS, check_copy, check_format, deploy_copy

Form = Annotated[
    str,
    typer.Option(
        "--format",
        "-f",
        metavar="[zip|folder|oci]",
        help="a zip of every function, a folder with the same files, or a layer for a container image",
        autocompletion=choices(*FORMATS),
    ),
]
Copy = Annotated[Path | None, typer.Option("--template", help="write a copy of the SAM template with these packages")]
LayerZip = Annotated[
    Path | None, typer.Option("--layer", help="put what several functions share into this zip, where that pays")
]


@dataclass(frozen=True, slots=True)
class HandBackFlags:
    """What the deployment tool receives."""

    format: Form = "zip"
    template: Copy = None
    layer: LayerZip = None

    def check(self, output: Path | None, *, dry: bool, every: bool) -> None:
        """Refuses flags that exclude each other.

        Raises:
            UsageError: it does not.
        """
        check_format(self.format, output)
        if every and (self.format != "zip" or self.template):
            raise UsageError(
                "--all writes zips, and no copy of a template",
                cause="each project has its own template",
                hint="build one project at a time",
            )
        if self.template and self.format == "oci":
            raise UsageError(
                "--template is about zips and folders",
                cause="no template takes an image layer as code",
                hint="leave out --format oci",
            )
        if self.layer:
            self._check_layer(self.layer, dry=dry, every=every)
        if dry and self.template:
            raise UsageError(
                "--dry-run and --template exclude each other",
                cause="a dry run builds no package that a template could name",
                hint="leave one of the two out",
            )

    def check_copy(self, opened: Session) -> None:
        """Checks, before anything is built, that the template can be copied.

        Raises:
            UsageError: there is no template to copy, or the copy would take its place.
        """
        if self.template:
            check_copy(opened.project.template, self.template)

    def write_copy(self, opened: Session, packages: Mapping[str, Path]) -> None:
        """Writes the copy of the template, where one was asked for.

        Raises:
            ConfigError: it cannot be made.
        """
        for name in deploy_copy(opened.project.template, self.template, packages) if self.template else ():
            warn(f"{self.template}: {name} is in a loop or in another file, and has its code as before")

    def _check_layer(self, layer: Path, *, dry: bool, every: bool) -> None:
        if layer.suffix != ".zip":
            raise UsageError(f"`{layer}` is not a zip", cause="--layer writes one", hint="--layer shared.zip")
        if every or dry or self.format != "zip" or self.template:
            raise UsageError(
                "--layer builds the zips of one project",
                cause="another flag asks for something else",
                hint="leave out --all, --dry-run, --format and --template",
            )


def is_package(output: Path | None) -> bool:
    """Whether an output is one package, and no folder for several."""
    return output is not None and output.suffix in (".zip", ".tar")


def check_output(opened: Session, output: Path | None) -> None:
    """Refuses one package as the output of several functions.

    Raises:
        UsageError: there are several.
    """
    functions = opened.project.functions
    if is_package(output) and len(functions) > 1:
        raise UsageError(
            f"`{output}` is one package, and there are {len(functions)} functions",
            cause=f"there are: {', '.join(function.name for function in functions)}",
            hint="name a folder, or choose one with -F",
        )
