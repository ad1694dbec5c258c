"""What a tool has built in a folder."""

from dataclasses import replace
from pathlib import Path

from lambda_slim.base.errors import ConfigError, PackageError, SlimError, UsageError, error_text
from lambda_slim.base.files import is_there
from lambda_slim.inputs.builds import cdk, plain, sam, serverless
from lambda_slim.inputs.builds.contents import check_contents, check_kind
from lambda_slim.inputs.builds.records import BuildOutput
from lambda_slim.inputs.builds.unfinished import check_finished
from lambda_slim.inputs.project.artifacts import is_built
from lambda_slim.model.settings import Settings

_TOOLS = (cdk.find, serverless.find, sam.find)  # the most certain first


def find_output(target: Path, settings: Settings, handler: str | None = None) -> BuildOutput:
    """The packages that a folder or zip holds, with the functions of each.

    Args:
        target: A folder that a deployment tool has filled, a package, or a folder of packages.
        settings: Name functions of packages that no manifest names.
        handler: The handler of such a package.

    Raises:
        UsageError: it is not there, or no output of a build.
        ConfigError: a manifest is not what it should be.
        PackageError: a manifest cannot be read.
        SlimError: it is one package, and cannot be read.
    """
    place = target.resolve()  # of a link, what it leads to changes, and its former state lies there
    if not is_there(place):
        raise UsageError(
            f"`{target}` is not there", cause=f"no such file or folder in `{place.parent}`", hint="build first"
        )
    check_kind(place)
    if not handler and (output := _around(place)):
        return output
    if place.is_file():
        return plain.of_package(place, settings, handler)
    if output := _by_manifest(place):
        return output
    check_finished(place)
    check_contents(place, handler, only_layers=True)
    if is_built(place):
        return plain.of_package(place, settings, handler)
    if output := plain.of_folder(place, settings, handler):
        return output
    raise plain.refuse(target)


def _around(place: Path) -> BuildOutput | None:
    """The build that a package lies in, whose manifest says what it is, with its functions as those that are meant."""
    try:
        output = _by_manifest(place.parent)
    except SlimError:
        return None
    packages = [row for row in output.packages if row.place.resolve() == place.resolve()] if output else []
    names = tuple(function.name for row in packages for function in row.functions)
    return replace(output, asked=names) if output and names else None


def _by_manifest(folder: Path) -> BuildOutput | None:
    for tool in _TOOLS:
        try:
            if output := tool(folder):
                return output
        except SlimError:
            raise
        except OSError as error:
            raise PackageError(
                f"what `{folder.name}` says of its functions cannot be read",
                cause=f"{Path(error.filename or folder).name}: {error_text(error)}",
                hint="make it readable, or build again as this user",
            ) from error
        except (ValueError, AttributeError, TypeError, KeyError) as error:
            raise ConfigError(
                f"what `{folder.name}` says of its functions cannot be read",
                cause=str(error) or type(error).__name__,
                hint="the build was interrupted, or is of another version: build again",
            ) from error
    return None
