"""A GitHub workflow that checks on every pull request."""

import json
import shlex
from collections.abc import Iterable
from importlib.resources import files

from lambda_slim import __version__

NAME = ".github/workflows/lambda-slim.yml"


def workflow_yaml(pythons: Iterable[str], folder: str = "") -> str:
    """The workflow.

    Args:
        pythons: The targets' minor versions.
        folder: The project's folder below the repository's; "" where they are one.
    """
    versions = sorted(set(pythons), key=lambda text: tuple(map(int, text.split("."))))
    if len(versions) == 1:
        listed = json.dumps(versions[0])
    else:
        listed = "|\n" + "\n".join(f"            {version}" for version in versions)
    text = files("lambda_slim.initial").joinpath("workflow.yaml").read_text("utf-8")
    said = {
        "{python}": listed,
        "{package}": f"lambda-slim=={__version__}",
        "{folder}": f" {shlex.quote(folder)}" if folder else "",
    }
    for name, value in said.items():
        text = text.replace(name, value)
    return text
