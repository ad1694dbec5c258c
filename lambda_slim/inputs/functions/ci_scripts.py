"""The commands that a build service runs: workflows of GitHub, jobs of GitLab, buildspecs of CodeBuild."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

from lambda_slim.base.files import read_loosely
from lambda_slim.formats.tables import as_list, as_several, as_table

CI_FILES = ("buildspec*.y*ml", ".github/workflows/*.y*ml", ".gitlab-ci.y*ml")
_PHASES = ("install", "pre_build", "build", "post_build")
_VERSION = re.compile(r"3\.\d{1,2}")


@dataclass(frozen=True, slots=True)
class CiScript:
    """A text of commands.

    Attributes:
        file: Where it stands.
        name: `deploy.yml (release)`, for messages.
        text: The commands, as of a shell script.
        python: The runtime that its file says it is for: `python3.12`; "" for none.
    """

    file: Path
    name: str
    text: str
    python: str = ""


def ci_scripts(file: Path, name: str) -> Iterator[CiScript]:
    """The scripts of a file of a build service, one for each job; none where it cannot be read."""
    document = _document(read_loosely(file))
    if "phases" in document:
        yield from _of_buildspec(file, name, document)
    elif file.name.startswith(".gitlab-ci"):
        yield from _of_gitlab(file, name, document)
    else:
        yield from _of_workflow(file, name, document)


def ci_files(folder: Path) -> list[Path]:
    """The files of build services in a repository."""
    found = chain.from_iterable(sorted(folder.glob(pattern)) for pattern in CI_FILES)
    return [file for file in found if file.is_file()]


def _of_gitlab(file: Path, name: str, document: dict[str, Any]) -> Iterator[CiScript]:
    """GitLab: the commands of a job run in one shell."""
    for job, raw in document.items():
        table = as_table(raw)
        lines = [*as_list(table.get("before_script")), *as_list(table.get("script"))]
        if "script" in table:
            image = str(as_table(table.get("image")).get("name") or table.get("image") or "")
            yield CiScript(file, f"{name} ({job})", "\n".join(map(str, lines)), _python(image))


def _document(text: str) -> dict[str, Any]:
    from lambda_slim.formats.yaml_text import load_yaml  # no function without such a file waits for it

    try:
        return as_table(load_yaml(text)[1])
    except ValueError:
        return {}


def _of_buildspec(file: Path, name: str, document: dict[str, Any]) -> Iterator[CiScript]:
    """CodeBuild: the commands of all phases run in one shell."""
    phases = [as_table(as_table(document.get("phases")).get(phase)) for phase in _PHASES]
    versions = as_table(next((phase["runtime-versions"] for phase in phases if "runtime-versions" in phase), {}))
    lines = [str(line) for phase in phases for line in as_list(phase.get("commands"))]
    yield CiScript(file, f"{name} (commands)", "\n".join(lines), _python(versions.get("python")))


def _of_workflow(file: Path, name: str, document: dict[str, Any]) -> Iterator[CiScript]:
    """GitHub: each step of a job is a shell of its own in the folder of the repository."""
    for job, table in as_table(document.get("jobs")).items():
        steps = list(map(as_table, as_list(as_table(table).get("steps"))))
        said = (as_table(step.get("with")).get("python-version") for step in steps)
        lines = [_step(step) for step in steps if isinstance(step.get("run"), str)]
        yield CiScript(file, f"{name} ({job})", "\n".join(lines), _python(next(filter(None, said), "")))


def _step(step: dict[str, Any]) -> str:
    text = re.sub(r"\$\{\{[^}]*\}\}", "$GITHUB_EXPRESSION", str(step["run"]))
    folder = step.get("working-directory")
    return f"(\ncd {folder or '.'}\n{text}\n)"


def _python(said: Any) -> str:
    version = _VERSION.search(str(as_several(said)[0] if said else ""))
    text = version[0] if version else ""
    return f"python{'3.10' if text == '3.1' else text}" if text else ""  # YAML reads 3.10 as a number
