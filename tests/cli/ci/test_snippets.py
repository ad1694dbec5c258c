"""What docs/ci.md and `init` tell a CI system to do: it fits the system's schema, and its commands do what they say."""

import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from fnmatch import fnmatchcase

import pytest
import yaml

from lambda_slim import __version__
from tests.cli.ci.runner import Runner
from tests.cli.conftest import ROOT

ACTION = "lambda-slim/lambda-slim"
SCHEMAS = {"GitHub": "vendor.github-workflows", "GitLab": "vendor.gitlab-ci"}


def snippets():
    """Fenced blocks of docs/ci.md by the second heading they stand under, in order."""
    found, heading = {}, ""
    for head, text in re.findall(r"^## ([^\n]+)$|^```(?:yaml|sh)\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL):
        heading = head or heading
        if text:
            found.setdefault(heading, []).append(text)
    return found


PAGE = (ROOT / "docs" / "ci.md").read_text("utf-8")
SNIPPETS = snippets()


def fits(schema, *paths):
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema, *map(str, paths)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture
def grown(tool):
    """A project whose package grew past its lock, in a repository with the smaller one as the commit before."""
    tool("check", "--update")
    commit(tool, "init", "-q")
    for text in ("def answer(event):\n    return {'ok': True}\n", f'TEXT = "{"x" * 90_000}"\ndef answer(event): ...\n'):
        tool.write("helper.py", text)
        commit(tool, "add", "-A")
        commit(tool, "commit", "-qm", "state", "--allow-empty")
    return tool


def commit(tool, *words):
    command = ["git", "-c", "user.name=a", "-c", "user.email=a@example.org", "-C", str(tool.folder), *words]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


@pytest.fixture
def shell(grown, tmp_path):
    """Runs lines as a CI system does: one script, ended by the first that fails; `pip` only sees what is asked for."""
    place = tmp_path / "runner"
    place.mkdir()
    runner = Runner(place, grown.folder, grown.env)
    runner.program("pip", f'#!/bin/sh\n[ "$*" = "install lambda-slim=={__version__}" ]\n')

    def run(lines, **env):
        done = subprocess.run(
            ["bash", "-c", "set -e\n" + "\n".join(lines)],
            cwd=grown.folder,
            env={**runner.env, **env},
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        return done.returncode, done.stdout

    return run


def test_workflows_fit_their_schemas(tool, tmp_path):
    tool("init", "--yes", "--no-hook")
    written = [tool.folder / ".github" / "workflows" / "lambda-slim.yml"]
    for system, schema in SCHEMAS.items():
        paths = [tmp_path / f"{system}-{number}.yml" for number in range(len(SNIPPETS[system]))]
        for path, text in zip(paths, SNIPPETS[system], strict=True):
            path.write_text(text, "utf-8")
        fits(schema, *paths, *(written if system == "GitHub" else ()))
    fits("vendor.github-actions", ROOT / "action.yml", ROOT / "action" / "fork" / "action.yml")


def test_versions_and_names_are_those_that_there_are():
    for name, version in re.findall(rf"uses: ({ACTION}\S*)@v(\S+)", PAGE):
        assert version == __version__
        assert (ROOT / name.removeprefix(ACTION).lstrip("/") / "action.yml").is_file()
    assert set(re.findall(r"lambda-slim==(\S+)", PAGE)) == {__version__}

    inputs = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))["inputs"]
    table = PAGE.partition("| input |")[2].partition("\n\n")[0]
    told = [name for row in table.splitlines() for name in re.findall(r"`([a-z-]+)`", row.split("|")[1])]
    assert sorted(told) == sorted(inputs)
    outputs = PAGE.partition("\nOutputs: ")[2].partition(" It runs")[0]
    known = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))["outputs"]
    assert set(known) <= set(re.findall(r"`([a-z-]+)`", outputs))

    (config,) = SNIPPETS["pre-commit"]
    (repo,) = yaml.safe_load(config)["repos"]
    assert repo["rev"] == f"v{__version__}"
    there = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))
    assert repo["hooks"] == [{"id": hook["id"]} for hook in there]


def steps(job):
    return [step["with"] for step in job["steps"] if step.get("uses", "").startswith(f"{ACTION}@")]


def test_the_github_workflow(grown, tmp_path):
    runner = Runner(tmp_path, grown.folder, grown.env)
    (given,) = steps(yaml.safe_load(SNIPPETS["GitHub"][0])["jobs"]["check"])
    pull = {"event.pull_request.number": 7, "event.pull_request.base.sha": commit(grown, "rev-parse", "HEAD~1")}
    done = runner.run(ROOT / "action.yml", github=pull, version="installed", **given)

    assert done.code == 1
    assert "growth of unzipped" in done.log
    assert any("body" in call for call in runner.calls)


def test_the_github_matrix_has_the_verdict_of_one_run(grown, tmp_path):
    path = grown.folder / "lambda-slim.toml"
    path.write_text(path.read_text("utf-8") + 'Two = "app.handler"\nThree = "app.handler"\n[budgets]\nfiles = 1\n')
    runner = Runner(tmp_path, grown.folder, grown.env)
    jobs = yaml.safe_load(SNIPPETS["GitHub"][2])["jobs"]
    loaded = jobs["verdict"]["steps"][0]["with"]
    (part,), (joined,) = steps(jobs["part"]), steps(jobs["verdict"])

    def act(number, given):
        inputs = {key.replace("-", "_"): text.replace("${{ matrix.part }}", str(number)) for key, text in given.items()}
        pull = {"event.pull_request.number": 7}
        return runner.run(ROOT / "action.yml", github=pull, version="installed", html="false", **inputs)

    whole = act(0, {"comment": "never"})
    for number in jobs["part"]["strategy"]["matrix"]["part"]:
        assert act(number, part).outputs["status"] in ("passed", "failed", "nothing")
    (grown.folder / "parts").mkdir()
    for name, folder in runner.artifacts.items():
        if fnmatchcase(name, loaded["pattern"]):
            folder.rename(grown.folder / loaded["path"] / name)
    done = act(0, joined)

    same = ("status", "unzipped-bytes", "zipped-bytes", "delta-bytes")
    assert {name: done.outputs[name] for name in same} == {name: whole.outputs[name] for name in same}
    assert (done.code, whole.code) == (1, 1)
    (body,) = (call["body"] for call in runner.calls if "body" in call)
    assert "3 of 3 functions fail" in body


def test_the_gitlab_job(grown, shell):
    job = yaml.safe_load(SNIPPETS["GitLab"][0])["lambda-slim"]
    folder = str(grown.folder)
    env = {name: text.replace("$CI_PROJECT_DIR", folder) for name, text in job["variables"].items()}
    code, told = shell(job["script"], **env)

    assert code == 1, told
    assert ET.parse(grown.folder / job["artifacts"]["reports"]["junit"]).getroot().get("failures") == "1"
    assert all((grown.folder / path).exists() for path in (*job["artifacts"]["paths"], *job["cache"]["paths"]))


def test_the_gitlab_parts(grown, shell):
    jobs = yaml.safe_load(SNIPPETS["GitLab"][1])
    path = grown.folder / "lambda-slim.toml"
    path.write_text(path.read_text("utf-8") + "".join(f'F{number} = "app.handler"\n' for number in range(4)), "utf-8")
    whole = grown("check", code=1).stdout.splitlines()
    for index in range(1, jobs["lambda-slim part"]["parallel"] + 1):
        code, told = shell(jobs["lambda-slim part"]["script"], CI_NODE_INDEX=str(index), CI_NODE_TOTAL="4")
        assert code == 0, told
    code, told = shell(jobs["lambda-slim"]["script"])

    assert code == 1
    assert sorted(told.splitlines()) == sorted(whole)
    assert ET.parse(grown.folder / "junit.xml").getroot().get("failures") == "5"  # four are not in the lock


def test_the_codebuild_buildspec(grown, shell):
    spec = yaml.safe_load(SNIPPETS["AWS CodeBuild"][0])
    code, told = shell(spec["phases"]["install"]["commands"])
    assert code == 0, told
    code, told = shell(spec["phases"]["build"]["commands"])

    assert code == 1, told
    report = spec["reports"]["lambda-slim"]
    assert ET.parse(grown.folder / report["base-directory"] / report["files"][0]).getroot().tag == "testsuites"
    assert all((grown.folder / path).is_file() for path in spec["artifacts"]["files"])


def test_any_other_shell(grown, shell):
    (lines,) = SNIPPETS["Any other system"]
    code, told = shell([lines])
    assert (code, told.splitlines()[-1]) == (1, "over budget; reports/comment.md says what to do")
    assert "growth of unzipped" in (grown.folder / "reports" / "comment.md").read_text("utf-8")

    commit(grown, "commit", "-qm", "again", "--allow-empty")
    code, told = shell([lines])
    assert (code, told.splitlines()[-1]) == (0, "holds")
