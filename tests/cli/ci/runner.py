"""A GitHub runner as far as a composite action can see it, and a `gh` that talks to a file."""

import os
import re
import shutil
import stat
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import yaml

_NAME = re.compile(r"\b(?:inputs|steps|github|runner)(?:\.[A-Za-z_][A-Za-z0-9_-]*)+")
_GH = """#!{python}
import json, os, pathlib, shutil, sys
place = pathlib.Path(os.environ["GH_PLACE"])
state = json.loads((place / "state.json").read_text("utf-8"))
words = sys.argv[1:]
file = words[words.index("--input") + 1] if "--input" in words else ""
call = {{"words": [word for word in words if word != file], "token": os.environ.get("GH_TOKEN", "")}}
if file:
    call["body"] = json.loads(pathlib.Path(file).read_text("utf-8"))["body"]
with (place / "calls.jsonl").open("a", encoding="utf-8") as log:
    log.write(json.dumps(call) + "\\n")
path = next((word for word in words if word.startswith("repos/")), "")
if state.get("broken"):
    sys.exit(state["broken"])
if words[:2] == ["run", "list"]:
    print(state.get("run", ""))
elif words[:2] == ["run", "download"]:
    shutil.copytree(place / "artifact", words[words.index("--dir") + 1])
elif "/pulls/" in path:
    print(json.dumps({{"head": {{"sha": state["head"]}}}}))
elif file:
    print("{{}}")
else:
    for page in state["comments"]:  # one document a page, as `gh api --paginate` writes them
        print(json.dumps(page))
"""


@dataclass
class Run:
    """What became of an action: log, the steps' outputs, artifacts, the failed step's exit code."""

    log: str = ""
    code: int = 0
    outputs: dict[str, str] = field(default_factory=dict)


class Runner:
    """Runs composite actions in a folder, with stubs for what is GitHub's: `gh`, up- and downloads of artifacts."""

    def __init__(self, place: Path, workspace: Path, env: dict[str, str]) -> None:
        self.place, self.workspace = place, workspace
        self.artifacts: dict[str, Path] = {}
        programs = place / "bin"
        programs.mkdir()
        self.program("gh", _GH.format(python=sys.executable))
        self.program("lambda-slim", f'#!/bin/sh\nexec "{sys.executable}" -m lambda_slim "$@"\n')
        self.summary = place / "summary.md"
        self.env = {
            **env,
            "PATH": f"{programs}{os.pathsep}{env['PATH']}",
            "RUNNER_TEMP": str(place / "temp"),
            "GITHUB_STEP_SUMMARY": str(self.summary),
            "GITHUB_REPOSITORY": "octo/shop",
            "GITHUB_WORKFLOW": "lambda-slim",
            "GH_PLACE": str(place),
        }
        (place / "temp").mkdir()
        self.answer(comments=[[]])

    def program(self, name: str, text: str) -> None:
        path = self.place / "bin" / name
        path.write_text(text, "utf-8")
        path.chmod(path.stat().st_mode | stat.S_IXUSR)

    def answer(self, **state: object) -> None:
        """What `gh` finds from now on; forgets its calls."""
        import json

        (self.place / "state.json").write_text(json.dumps(state), "utf-8")
        (self.place / "calls.jsonl").write_text("", "utf-8")

    @property
    def calls(self) -> list[dict]:
        import json

        return [json.loads(line) for line in (self.place / "calls.jsonl").read_text("utf-8").splitlines()]

    def run(self, file: Path, *, github: dict[str, object], **inputs: str) -> Run:
        """Runs an action's steps; inputs have `_` for `-`."""
        action = yaml.safe_load(file.read_text("utf-8"))
        known = {f"github.{name}": value for name, value in {"token": "T0KEN", **github}.items()}
        known["runner.temp"] = self.env["RUNNER_TEMP"]
        for name, row in action["inputs"].items():
            known[f"inputs.{name}"] = self._filled(row["default"], known)
        given = {f"inputs.{name.replace('_', '-')}": value for name, value in inputs.items()}
        assert given.keys() <= known.keys()
        known |= given
        found = Run()
        for step in action["runs"]["steps"]:
            if found.code or ("if" in step and not self._value(step["if"], known)):
                continue
            code = self._step(step, known, file.parent, found)
            known[f"steps.{step.get('id')}.outcome"] = "failure" if code else "success"
            found.code = 0 if step.get("continue-on-error") else code
        outputs = action.get("outputs", {})
        found.outputs = {name: self._filled(row["value"], known) for name, row in outputs.items()}
        return found

    def _step(self, step: dict, known: dict, folder: Path, found: Run) -> int:
        if "uses" in step:
            return self._uses(step, known)
        output = self.place / "output"
        output.write_text("", "utf-8")
        env = {name: self._filled(text, known) for name, text in step.get("env", {}).items()}
        assert step["shell"] == "bash"
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
            cwd=self.workspace,
            env={**self.env, **env, "GITHUB_ACTION_PATH": str(folder), "GITHUB_OUTPUT": str(output)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=300,
            check=False,
        )
        found.log += done.stdout
        for line in output.read_text("utf-8").splitlines():
            name, _, value = line.partition("=")
            known[f"steps.{step['id']}.outputs.{name}"] = value
        return done.returncode

    def _uses(self, step: dict, known: dict) -> int:
        given = {name: self._filled(str(text), known) for name, text in step["with"].items()}
        if step["uses"].startswith("actions/upload-artifact@"):
            kept = self.place / f"artifact-{given['name']}"
            shutil.copytree(given["path"], kept, dirs_exist_ok=True)
            self.artifacts[given["name"]] = kept
            known[f"steps.{step['id']}.outputs.artifact-url"] = f"https://example.org/{given['name']}"
            return 0
        assert step["uses"].startswith("actions/download-artifact@")
        assert given["github-token"]
        assert given["run-id"] == "77"
        if given["name"] not in self.artifacts:
            return 1
        shutil.copytree(self.artifacts[given["name"]], given["path"], dirs_exist_ok=True)
        return 0

    def _filled(self, text: str, known: dict) -> str:
        return re.sub(r"\$\{\{(.*?)\}\}", lambda found: _text(self._value(found[1], known)), str(text))

    def _value(self, expression: str, known: dict) -> object:
        """An expression's value: names, texts, `==`, `!=`, `&&` and `||` are all that ours have."""
        words = _NAME.sub(lambda found: repr(known.get(found[0], "")), expression)
        return eval(words.replace("&&", " and ").replace("||", " or "), {"__builtins__": {}})


def _text(value: object) -> str:
    return "true" if value is True else "false" if value is False else str(value)
