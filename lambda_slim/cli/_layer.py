"""`build --layer`: what several functions share, in a layer of its own."""

import os
import sys
from pathlib import Path

from lambda_slim.base.errors import UsageError
from lambda_slim.base.text import shown
from lambda_slim.base.units import show_size
from lambda_slim.cli._session import Session
from lambda_slim.inputs.project.manifest import write_manifest
from lambda_slim.model.report import FunctionReport
from lambda_slim.render.progress import warn
from lambda_slim.tasks.build_options import BuildOptions
from lambda_slim.tasks.shared_layer import LayerBuild, LayerWork, build_with_layer, template_lines


def build_layered(opened: Session, place: Path, output: Path, options: BuildOptions) -> tuple[FunctionReport, ...]:
    """Builds the zips of all functions and the layer, and prints the lines that the template needs.

    Raises:
        UsageError: the zips cannot be told apart from the layer.
        SlimError: as a build says.
    """
    from lambda_slim.cli._describe import describe_package

    functions = opened.project.functions
    outs = {function.name: output / f"{function.name}.zip" for function in functions}
    if output.suffix == ".zip" or place.resolve() in {out.resolve() for out in outs.values()}:
        raise UsageError(
            "--layer needs a folder for the zips",
            cause="it builds several, and the layer beside them",
            hint="name a folder with -o, and another zip for the layer",
        )
    work = LayerWork(opened.settings, options, opened.progress, place, lambda function: outs[function.name])
    build = build_with_layer(functions, work)
    rows = [
        describe_package(function, opened, outs[function.name], report)
        for function, report in zip(functions, build.reports, strict=True)
    ]
    write_manifest(output.absolute(), rows)
    for name, why in build.apart:
        warn(f"{name} keeps what it shares: {why}")
    _tell(build, place, opened)
    return build.reports


def _tell(build: LayerBuild, place: Path, opened: Session) -> None:
    """What the layer holds, and the lines for the template."""
    if build.layer is None or build.proposal is None:
        warn("no layer pays for these functions: each has its own package (docs/layers.md)")
        return
    proposal, layer = build.proposal, build.layer
    home = opened.project.template.parent if opened.project.template else Path()
    lines = template_lines(build, Path(os.path.relpath(place, home)).as_posix(), proposal.target)
    what = f"{place}: {show_size(layer.zipped)} zipped, {show_size(layer.unzipped)} at /opt: "
    sys.stderr.write(shown(f"{what}{', '.join(proposal.distributions)}") + "\n")
    sys.stderr.writelines(f"  {shown(line)}\n" for line in lines)
