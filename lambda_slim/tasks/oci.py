"""`build --format oci`: the package as an image layer, and the Dockerfile that puts it above the AWS base image."""

from dataclasses import replace
from pathlib import Path

from lambda_slim.base.errors import UsageError
from lambda_slim.base.files import atomic, write_text
from lambda_slim.base.journal import PlaceMove, commit, digest_place
from lambda_slim.base.progress import Progress
from lambda_slim.bundle.oci import dockerfile, layer_of, layout_tar, oci_files, write_layout
from lambda_slim.bundle.reading import MOST_READ, zip_members
from lambda_slim.model.function import Function
from lambda_slim.model.report import FunctionReport
from lambda_slim.model.settings import Settings
from lambda_slim.tasks.build import BuildOptions, Built, build_function
from lambda_slim.tasks.prepare import Shared
from lambda_slim.tasks.scratch import scratch_beside

_OF_ZIPS = frozenset({"LS112", "LS113"})  # findings about limits that an image does not have


def build_oci(
    function: Function, settings: Settings, out: Path, options: BuildOptions, progress: Progress, shared: Shared
) -> Built:
    """As `build_function`, as an OCI layout (a folder, or a tar), with a Dockerfile beside it.

    Raises:
        SlimError: as `build_function`; what was there is then as it was.
        UsageError: a folder is there that is no layout.
    """
    if out.exists() and not (out.is_file() or (out / "oci-layout").is_file() or not any(out.iterdir())):
        raise UsageError(
            f"`{out}` is there, and is not an OCI layout",
            cause="it would be replaced",
            hint="name another folder with -o, or remove it",
        )
    with scratch_beside(out) as scratch:
        asked = replace(options, limit=MOST_READ)
        built = build_function(function, settings, scratch / "package.zip", asked, progress, shared)
        members = zip_members(scratch / "package.zip")
        files = oci_files(members, function.target, function.handler, release=settings.release)
        _write(files, out, scratch)
    layer = layer_of(files)
    if out.suffix != ".tar":
        text = dockerfile(function.target, function.handler, f"{out.name}/{layer.path}")
        write_text(out.with_name(f"{out.name.removesuffix('.oci')}.Dockerfile"), text)
    return replace(built, report=_as_image(built.report, out, layer.digest.partition(":")[2]))


def _as_image(report: FunctionReport, out: Path, digest: str) -> FunctionReport:
    """A report of a zip as one of an image layer."""
    findings = tuple(finding for finding in report.findings if finding.rule not in _OF_ZIPS)
    package = report.package
    named = replace(package, path=out.as_posix(), sha256=digest, code_sha256="") if package else None
    return replace(report, package=named, findings=findings)


def _write(files: dict[str, bytes], out: Path, scratch: Path) -> None:
    if out.suffix == ".tar":
        with atomic(out) as file:
            file.write(layout_tar(files))
        return
    new = scratch / "layout"
    write_layout(files, new)
    commit(scratch, [PlaceMove(str(out.absolute()), str(new), "", digest_place(out), digest_place(new))])
