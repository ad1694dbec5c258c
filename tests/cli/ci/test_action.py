"""The GitHub action, step by step, in a runner of our own; only `gh` and the artifact store are stand-ins."""

import json
import shutil
import subprocess

import pytest

from tests.cli.ci.runner import Runner
from tests.cli.conftest import ROOT

ACTION = ROOT / "action.yml"
FORK = ROOT / "action" / "fork" / "action.yml"
BOT = {"login": "github-actions[bot]", "type": "Bot"}
PERSON = {"login": "octocat", "type": "User"}
MARKER = "<!-- lambda-slim key=default -->"
PULL = {"event.pull_request.number": 7, "event.pull_request.head.sha": "c0ffee", "event.pull_request.base.ref": "main"}
FORKED = {"event.workflow_run.id": 77, "event.workflow_run.head_sha": "c0ffee"}


@pytest.fixture
def runner(tool, tmp_path):
    place = tmp_path / "runner"
    place.mkdir()
    tool("check", "--update")
    return Runner(place, tool.folder, tool.env)


@pytest.mark.skipif(shutil.which("shellcheck") is None, reason="shellcheck is not there")
def test_scripts_are_sound():
    scripts = sorted((ROOT / "action").glob("*.sh"))
    done = subprocess.run(["shellcheck", "-x", *scripts], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def grow(tool):
    tool.write("helper.py", f'TEXT = "{"x" * 90_000}"\ndef answer(event):\n    return 1\n')


def act(runner, *, github=PULL, **inputs):
    return runner.run(ACTION, github=github, **{"version": "installed", **inputs})


def writes(runner):
    return [(call["words"][2], call["words"][3], call["body"]) for call in runner.calls if "body" in call]


def test_nothing_changed_is_said_in_the_summary_and_nowhere_else(tool, runner):  # nor is what only a base would tell
    path = tool.folder / "lambda-slim.toml"
    path.write_text(path.read_text("utf-8") + '[budgets]\nimport-growth = "10 %"\n', "utf-8")
    done = act(runner)

    assert done.code == 0, done.log
    assert (done.outputs["status"], done.outputs["changed"], done.outputs["delta-bytes"]) == ("passed", "false", "0")
    assert int(done.outputs["unzipped-bytes"]) > 0
    assert "### lambda-slim: 1 function holds" in runner.summary.read_text("utf-8")
    assert not writes(runner)
    kept = runner.artifacts["lambda-slim-default"]
    assert {path.name for path in kept.iterdir()} == {"report.json", "report.html", "comment.md", "pull-request.json"}
    assert json.loads((kept / "pull-request.json").read_text("utf-8")) == {"number": 7, "sha": "c0ffee"}
    assert json.loads((kept / "report.json").read_text("utf-8"))["functions"][0]["name"] == "One"


def test_a_comment_is_made_left_alone_and_changed(tool, runner):
    grow(tool)
    done = act(runner)

    assert done.code == 1
    assert done.outputs["status"] == "failed"
    assert int(done.outputs["delta-bytes"]) > 80_000
    assert "::error title=growth of unzipped::One: growth of unzipped" in done.log
    ((method, path, body),) = writes(runner)
    assert (method, path) == ("POST", "repos/octo/shop/issues/7/comments")
    assert body.startswith(f"{MARKER}\n### lambda-slim: One is ")
    assert body.endswith("\n[All reports](https://example.org/lambda-slim-default)\n")
    assert {call["token"] for call in runner.calls} == {"T0KEN"}

    quoted = {"id": 1, "user": PERSON, "body": body}
    others = {"id": 2, "user": BOT, "body": f"<!-- lambda-slim key=other -->\n{MARKER}"}
    ours = {"id": 3, "user": BOT, "body": body.replace("\n", "\r\n")}
    gone = {"id": 4, "user": None, "body": None}
    runner.answer(comments=[[quoted, others, gone], [ours]])
    assert "comment: left as it is" in act(runner).log
    assert not writes(runner)

    tool.write("helper.py", "def answer(event):\n    return {'ok': True}\n")
    assert act(runner).code == 0
    ((method, path, body),) = writes(runner)
    assert (method, path) == ("PATCH", "repos/octo/shop/issues/comments/3")
    assert "Nothing changed." in body


@pytest.mark.parametrize(
    ("inputs", "github", "made"),
    [
        ({"comment": "always"}, PULL, True),
        ({"comment": "never"}, PULL, False),
        ({"comment": "always"}, {}, False),
    ],
)
def test_when_a_comment_is_made(runner, inputs, github, made):
    assert act(runner, github=github, html="false", **inputs).code == 0
    assert bool(writes(runner)) is made


@pytest.mark.parametrize(
    ("told", "level"),
    [("gh: Resource not accessible by integration (HTTP 403)", "notice"), ("gh: no route to host", "warning")],
)
def test_a_comment_that_cannot_be_written_changes_no_verdict(runner, told, level):
    runner.answer(comments=[[]], broken=told)
    done = act(runner, comment="always")

    assert done.code == 0
    assert f"::{level} title=lambda-slim::" in done.log
    assert told in done.log


def test_what_fails_is_for_the_project_to_say(tool, runner):
    path = tool.folder / "lambda-slim.toml"
    path.write_text(path.read_text("utf-8") + '[budgets]\nfiles = { max = 1, level = "warning" }\n', "utf-8")
    assert act(runner, html="false", comment="never").code == 0
    assert act(runner, html="false", comment="never", fail_on="warn").code == 1
    grow(tool)
    done = act(runner, html="false", comment="never", fail_on="never")
    assert (done.code, done.outputs["status"], done.outputs["report-html"]) == (0, "failed", "")


def test_what_cannot_be_checked_fails_always(tool, runner):
    tool.write("lambda-slim.lock", "<<<<<<< ours\n")
    done = act(runner, fail_on="never")

    assert (done.code, done.outputs["status"], done.outputs["report-json"]) == (2, "error", "")
    assert "conflict markers" in done.log
    assert "::error title=lambda-slim::could not check (exit 2)" in done.log
    assert not runner.artifacts
    assert not writes(runner)


@pytest.mark.parametrize(
    ("inputs", "told"),
    [
        ({"comment_key": "a b"}, "`comment-key: a b`"),
        ({"fail_on": "sometimes"}, "is not error, warn or never"),
        ({"against": "base"}, "needs a pull request"),
    ],
)
def test_inputs_that_make_no_sense(runner, inputs, told):
    done = act(runner, github={}, **inputs)

    assert done.code == 2
    assert told in done.log


def test_against_the_base_and_more_arguments(tool, runner):
    (tool.folder / "lambda-slim.lock").unlink()
    path = tool.folder / "lambda-slim.toml"
    path.write_text(path.read_text("utf-8") + '[budgets]\ngrowth = "1 KiB"\n', "utf-8")

    def git(*words):
        command = ["git", "-c", "user.name=a", "-c", "user.email=a@example.org", "-C", str(tool.folder), *words]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()

    git("init", "-qb", "main")
    git("add", "-A")
    git("commit", "-qm", "base")
    base = git("rev-parse", "HEAD")
    git("checkout", "-qb", "topic")
    grow(tool)
    git("commit", "-qam", "grow")
    git("checkout", "-q", "main")
    git("commit", "-q", "--allow-empty", "-m", "later")
    github = {**PULL, "event.pull_request.base.sha": git("rev-parse", "HEAD")}
    git("checkout", "-q", "topic")

    done = act(runner, github=github, against="base", args="--function 'O*' --level safe", comment="never")
    assert done.code == 1, done.log
    assert int(done.outputs["delta-bytes"]) > 80_000
    assert git("merge-base", "main", "topic") == base


def test_against_the_last_report_of_the_base_branch(tool, runner):
    tool("check", "--json", runner.place / "artifact" / "report.json")
    grow(tool)
    runner.answer(comments=[[]], run=42)
    done = act(runner, against="artifact", comment="never", fail_on="never")
    assert done.code == 0, done.log
    assert int(done.outputs["delta-bytes"]) > 80_000
    (listed, loaded) = (call["words"] for call in runner.calls)
    assert listed[listed.index("--branch") + 1] == "main"
    assert loaded[2] == "42"

    runner.answer(comments=[[]])
    done = act(runner, against="artifact", comment="never")
    assert "no earlier report of `main`" in done.log
    assert done.outputs["delta-bytes"] == ""


LOCKED = 'name = "lambda-slim"\nversion = "1.2.3"\nsource = {{ {} }}\n'


@pytest.mark.parametrize(
    ("file", "text", "version", "wanted"),
    [
        ("uv.lock", LOCKED.format('registry = "https://pypi.org/simple"'), "", "lambda-slim==1.2.3"),
        ("uv.lock", LOCKED.format('editable = "."'), "", str(ROOT)),
        ("requirements-dev.txt", "pytest==8\nlambda-slim==1.2.3 ; sys_platform == 'linux'\n", "", "lambda-slim==1.2.3"),
        ("requirements-dev.txt", "lambda-slim==1.2.3\n", "1.4", "lambda-slim==1.4"),
        ("notes.txt", "lambda-slim==1.2.3\n", "", str(ROOT)),
    ],
)
def test_the_version_is_the_pinned_one_else_the_action_s_own(tool, runner, file, text, version, wanted):
    runner.program("uv", '#!/bin/sh\necho "$@" >"$GH_PLACE/uv"\n')
    tool.write(file, text)
    assert act(runner, version=version).code == 0

    started = (runner.place / "uv").read_text("utf-8")
    assert started.startswith(f"tool run --quiet --python >=3.11 --from {wanted} lambda-slim check . ")


@pytest.mark.e2e
def test_the_action_s_own_copy_is_installed_and_run(tool, runner):
    (runner.place / "bin" / "lambda-slim").unlink()
    for name in ("PYTHONPATH", "LAMBDA_SLIM_CACHE"):
        runner.env.pop(name)
    done = act(runner, version="", comment="never")

    assert done.code == 0, done.log
    assert done.outputs["status"] == "passed"


def forked(runner, **inputs):
    return runner.run(FORK, github=FORKED, **{"version": "installed", **inputs})


def artifact(runner):
    return runner.artifacts["lambda-slim-default"]


def test_a_fork_s_report_becomes_a_comment_afterwards(tool, runner):
    grow(tool)
    runner.answer(comments=[[]], broken="gh: Resource not accessible by integration (HTTP 403)")
    act(runner)
    (artifact(runner) / "comment.md").write_text(f"{MARKER}\nanything\n", "utf-8")
    runner.answer(comments=[[]], head="c0ffee")
    done = forked(runner)

    assert done.code == 0, done.log
    ((method, path, body),) = writes(runner)
    assert (method, path) == ("POST", "repos/octo/shop/issues/7/comments")
    assert body.startswith(f"{MARKER}\n### lambda-slim: One is ")
    assert "anything" not in body


def test_a_fork_that_changed_nothing_gets_no_comment(runner):
    runner.answer(comments=[[]], head="c0ffee")
    assert forked(runner).code == 0  # no artifact either
    act(runner, comment="never")
    assert forked(runner).code == 0
    assert not writes(runner)


@pytest.mark.parametrize(
    ("file", "text", "told"),
    [
        ("pull-request.json", '{"number": "7; rm -rf /", "sha": "c0ffee"}', "is no integer"),
        ("pull-request.json", '{"number": true}', "is no integer"),
        ("pull-request.json", '{"sha": "c0ffee"}', "no comment"),
        ("pull-request.json", '{"number": 8}', "is not the commit that was checked"),
        ("report.json", '{"schema_version": "1.0", "functions": 3}', "the report is damaged"),
    ],
)
def test_a_fork_s_artifact_that_is_not_what_it_says(tool, runner, file, text, told):
    grow(tool)
    act(runner, comment="never")
    (artifact(runner) / file).write_text(text, "utf-8")
    runner.answer(comments=[[]], head="5eed" if '"number": 8' in text else "c0ffee")
    done = forked(runner)

    assert done.code != 0
    assert told in done.log
    assert not writes(runner)
