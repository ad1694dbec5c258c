"""A GitHub workflow that checks on every pull request."""

import json
import re
import shlex
from collections.abc import Iterable
from importlib.resources import files

from lambda_slim.base.text import clause


def workflow_path(folder: str) -> str:
    """Where the workflow of a project belongs, below its repository's folder.

    >>> workflow_path("services/new api")
    '.github/workflows/lambda-slim-services-new-api.yml'
    """
    slug = re.sub(r"[^A-Za-z0-9]+", "-", folder).strip("-")
    return f".github/workflows/lambda-slim{clause('-{}', slug)}.yml"


def workflow_yaml(pythons: Iterable[str], requirement: str, folder: str = "") -> str:
    """The workflow.

    Args:
        pythons: The targets' minor versions.
        requirement: What to install.
        folder: The project's folder below the repository's; "" where they are one.
    """
    versions = sorted(set(pythons), key=lambda text: tuple(map(int, text.split("."))))
    if len(versions) == 1:
        listed = json.dumps(versions[0])
    else:
        listed = "|\n" + "\n".join(f"            {version}" for version in versions)
    text = files("lambda_slim.tasks.init").joinpath("workflow.yaml").read_text("utf-8")
    said = {
        "{python}": listed,
        "{name}": json.dumps(f"lambda-slim: {folder}") if folder else "lambda-slim",
        "{package}": requirement if "@" not in requirement else f"--spec {shlex.quote(requirement)} lambda-slim",
        "{folder}": clause(" {}", folder, shlex.quote),
    }
    for name, value in said.items():
        text = text.replace(name, value)
    return text
