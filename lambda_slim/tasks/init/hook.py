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
    import yaml

    from lambda_slim.formats.yaml_text import load_yaml

    if _there(text, folder):
        return text
    entry = _entry(requirement, folder)
    newline = "\r\n" if "\r\n" in text else "\n"
    try:
        before = load_yaml(text)[1]
        made = _insert(text, entry, newline)
        after = load_yaml(made or "")[1]
    except ValueError:
        return None
    if made is None:
        return None
    wanted = dict(before) if isinstance(before, dict) else {}
    wanted["repos"] = [*(wanted.get("repos") or []), *yaml.safe_load(entry)]
    return made if after == wanted and (before is None or isinstance(before, dict)) else None


def _there(text: str, folder: str) -> bool:
    """Whether hooks of ours are there; of several projects in one repository each has its own."""
    found = re.search(r"^[^#\n]*\bid:\s*['\"]?lambda-slim-", text, re.MULTILINE)
    named = rf"^[^#\n]*\bargs:.*(?<![\w/-]){re.escape(folder)}(?![\w/ -])"
    return bool(found and (not folder or re.search(named, text, re.MULTILINE)))


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

    root: Any = yaml.compose(text, yaml.SafeLoader)
    if root is None:
        return text + ("" if not text or text.endswith("\n") else newline) + f"repos:\n{entry}".replace("\n", newline)
    pairs = root.value if isinstance(root, yaml.MappingNode) and not root.flow_style else []
    key, repos = next(((key, value) for key, value in pairs if key.value == "repos"), (None, None))
    if not pairs or (repos is not None and not isinstance(repos, yaml.SequenceNode)):
        return None
    if key is None or repos is None:
        end = text if text.endswith("\n") else text + newline
        return end + f"repos:\n{entry}".replace("\n", newline)
    if repos.flow_style:
        start, stop = repos.start_mark.index, repos.end_mark.index
        head = text[:start].rstrip(" ")
        return None if repos.value else head + (newline + entry.replace("\n", newline)).rstrip("\r\n") + text[stop:]
    return _append(text, entry, repos, newline)


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
