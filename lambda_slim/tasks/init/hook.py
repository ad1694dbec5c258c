"""The pre-commit hooks, put into `.pre-commit-config.yaml` as text; comments and every other byte stay."""

import json
import re
from importlib.resources import files
from typing import Any

NAME = ".pre-commit-config.yaml"
_HEAD = "  - repo: local  # lambda-slim, see docs/ci.md\n    hooks:\n"


def hooks_yaml() -> str:
    """The hooks as `.pre-commit-hooks.yaml` has them."""
    return files("lambda_slim.tasks.init").joinpath("hooks.yaml").read_text("utf-8")


def insert_hooks(text: str, requirement: str, folder: str = "") -> str | None:
    """The configuration with our hooks.

    Args:
        text: `.pre-commit-config.yaml`; "" where there is none.
        requirement: What to install into the hooks' environment.
        folder: The project's folder below the repository's; "" where they are one.

    Returns:
        The text as it is where our hooks for this folder are in it; None where they cannot be put in as text.
    """
    from lambda_slim.formats.yaml_text import load_yaml

    if _there(text, folder):
        return text
    entry = _entry(requirement, folder)
    try:
        before = load_yaml(text)[1]  # first: it refuses what is too much to read
        made = _insert(text, entry, "\r\n" if "\r\n" in text else "\n")
        after = load_yaml(made or "")[1]
    except ValueError:
        return None
    return made if _as_meant(before, after, entry) else None


def _as_meant(before: Any, after: Any, entry: str) -> bool:
    """Whether the configuration is the same, with an item more."""
    import yaml

    if before is not None and not isinstance(before, dict):
        return False
    wanted = dict(before or {})
    repos = wanted.get("repos") or []
    if not isinstance(repos, list):
        return False
    wanted["repos"] = [*repos, *yaml.safe_load(entry)]
    return bool(after == wanted)


def _there(text: str, folder: str) -> bool:
    """Whether hooks of ours are there; of several projects in one repository each has its own."""
    ours = re.search(r"^[^#\n]*\bid:\s*['\"]?lambda-slim-", text, re.MULTILINE)
    named = rf"^[^#\n]*\bargs:.*(?<![\w/-]){re.escape(folder)}(?![\w/ -])"
    return bool(ours and (not folder or re.search(named, text, re.MULTILINE)))


def _entry(requirement: str, folder: str) -> str:
    """Our item of `repos`, two columns in, in an environment of its own; with a folder only for what lies in it."""
    lines = []
    for line in hooks_yaml().splitlines():
        lines.append(f"      {_below(line, folder) if folder else line}")
        if line == "  language: python":
            lines.append(f"        additional_dependencies: [{json.dumps(requirement)}]")
        if folder and line.startswith("  entry: lambda-slim check"):
            lines.append(f"        args: [{json.dumps(folder)}]")
        if folder and line == "  types: [python]":
            lines.append(f"        files: {json.dumps(f'^{re.escape(folder)}/')}")
    return _HEAD + "\n".join(lines) + "\n"


def _below(line: str, folder: str) -> str:
    """A hook's line for a project below its repository: its name says so, and its files lie there."""
    if line.startswith("  name: "):
        name = line.removeprefix("  name: ")
        return f"  name: {json.dumps(f'{name}: {folder}')}"
    if line.startswith("  files: "):
        return line.replace("(^|/)", f"^{re.escape(folder)}/(.*/)?".replace("'", "''"))
    return line


def _insert(text: str, entry: str, newline: str) -> str | None:
    import yaml

    item = entry.replace("\n", newline)
    root: Any = yaml.compose(text, yaml.SafeLoader)
    if root is None:
        return _ended(text, newline) + f"repos:{newline}{item}"
    if not isinstance(root, yaml.MappingNode) or root.flow_style or not root.value:
        return None
    repos = next((value for key, value in root.value if key.value == "repos"), None)
    if repos is None:
        return _ended(text, newline) + f"repos:{newline}{item}"
    if not isinstance(repos, yaml.SequenceNode):
        return None
    return _into_empty(text, item, repos, newline) if repos.flow_style else _append(text, entry, repos, newline)


def _ended(text: str, newline: str) -> str:
    """The text with a newline at its end."""
    return text if not text or text.endswith("\n") else text + newline


def _into_empty(text: str, item: str, repos: Any, newline: str) -> str | None:
    """In place of an empty list in brackets; None where it is not empty."""
    if repos.value:
        return None
    head = text[: repos.start_mark.index].rstrip(" ")
    return head + (newline + item).rstrip("\r\n") + text[repos.end_mark.index :]


def _append(text: str, entry: str, repos: Any, newline: str) -> str:
    """Behind the last item: its last row that is neither blank nor only a comment."""
    rows = re.findall(r"[^\n]*\n|[^\n]+", text)
    place = min(len(rows), repos.end_mark.line + (1 if repos.end_mark.column else 0))
    while not rows[place - 1].strip() or rows[place - 1].lstrip().startswith("#"):
        place -= 1
    indent = repos.start_mark.column
    moved = "".join(f"{' ' * indent}{line[2:]}{newline}" for line in entry.splitlines())
    if not rows[place - 1].endswith("\n"):
        rows[place - 1] += newline
    return "".join([*rows[:place], moved, *rows[place:]])
