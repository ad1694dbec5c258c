"""The hooks, run by the real pre-commit in a repository of its own; one installation for all tests."""

import fcntl
import os
import shutil
import subprocess
import sys

import pytest

from tests.cli.conftest import ROOT

pytestmark = [pytest.mark.e2e, pytest.mark.network]
NOWHERE = {"UV_DEFAULT_INDEX": "http://127.0.0.1:9/simple", "HTTPS_PROXY": "http://127.0.0.1:9"}
HOOKS = ("lambda-slim-lint", "lambda-slim-config", "lambda-slim-lock", "lambda-slim-check")


def git(folder, *words, env=None, code=0):
    identity = ("-c", "user.name=a", "-c", "user.email=a@example.org")
    done = subprocess.run(
        ["git", *identity, "-C", str(folder), *words], env=env, capture_output=True, text=True, check=False
    )
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout + done.stderr


@pytest.fixture(scope="session")
def hooks(tmp_path_factory):
    """This repository as it is now, as a commit that hooks can be installed from; the same for all test processes."""
    place = tmp_path_factory.getbasetemp().parent / "hooks"
    place.mkdir(exist_ok=True)
    with (place / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        repo = place / "repo"
        if not (repo / ".git").exists():
            for name in ("lambda_slim", "pyproject.toml", "README.md", "LICENSE", ".pre-commit-hooks.yaml"):
                source = ROOT / name
                ignored = shutil.ignore_patterns("__pycache__")
                shutil.copytree(source, repo / name, ignore=ignored) if source.is_dir() else shutil.copy(source, repo)
            git(repo, "init", "-q")
            git(repo, "add", "-A")
            git(repo, "commit", "-qm", "as it is")
    return place


@pytest.fixture
def project(tool, hooks):
    """A project with all four hooks; `run(stage)` gives the exit code and what pre-commit prints."""
    rev = git(hooks / "repo", "rev-parse", "HEAD").strip()
    rows = "".join(f"      - id: {name}\n" for name in HOOKS)
    tool.write(".pre-commit-config.yaml", f"repos:\n  - repo: {hooks / 'repo'}\n    rev: {rev}\n    hooks:\n{rows}")
    git(tool.folder, "init", "-qb", "main")
    git(tool.folder, "add", "-A")
    git(tool.folder, "commit", "-qm", "first")
    tool.env = {name: value for name, value in tool.env.items() if not name.startswith(("PYTHONPATH", "GIT_"))}
    tool.env |= {"PRE_COMMIT_HOME": str(hooks / "home"), "PRE_COMMIT_COLOR": "never"}
    return tool


def run(project, *words, **env):
    git(project.folder, "add", "-A")
    done = subprocess.run(
        [sys.executable, "-m", "pre_commit", *(words or ("run",))],
        cwd=project.folder,
        env={**project.env, **env},
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def states(told):
    """Hook name to Passed, Failed or Skipped, in order."""
    lines = [line for line in told.splitlines() if line.endswith(("Passed", "Failed", "Skipped"))]
    return [(line.partition("...")[0], line.rpartition(".")[2].rpartition(")")[2]) for line in lines]


def test_try_repo_passes_and_prints_nothing(project, hooks):
    (project.folder / ".pre-commit-config.yaml").unlink()
    project("check", "--update", PYTHONPATH=str(ROOT))
    code, told = run(project, "try-repo", str(hooks / "repo"), "--all-files", "--hook-stage", "pre-push")

    assert code == 0, told
    shown = [line for line in told.rpartition("====\n")[2].splitlines() if not line.startswith("[INFO]")]
    assert len(shown) == len(HOOKS)
    assert [state for _, state in states("\n".join(shown))] == ["Passed"] * len(HOOKS)


def test_what_is_of_no_concern_is_skipped(project):
    project.write("README.md", "# changed\n")
    project.write("notes/plan.txt", "changed\n")
    code, told = run(project)
    assert code == 0
    assert [state for _, state in states(told)] == ["Skipped"] * 3

    project.write("helper.py", "def answer(event):\n    return {}\n")
    code, told = run(project)
    assert code == 0
    assert [state for _, state in states(told)] == ["Passed", "Skipped", "Skipped"]


def test_lint_says_what_is_wrong_with_a_changed_file(project):
    project.write("app.py", "import boto3\n\n\ndef handler(event, context):\n    return boto3.client('s3')\n")
    code, told = run(project)

    assert code == 1
    assert "app.py:5:" in told
    assert "LS203" in told


def test_settings_that_cannot_be_used(project):
    path = project.folder / "lambda-slim.toml"
    path.write_text(path.read_text("utf-8") + "[budgets]\nunziped = '1 MiB'\n", "utf-8")
    code, told = run(project, "run", "lambda-slim-config")

    assert code == 1
    assert "- exit code: 2" in told
    assert "error: lambda-slim.toml:5: there is no budget `unziped`" in told
    assert "hint:  did you mean `unzipped`?" in told


def test_sizes_are_held_without_a_network(project):
    path = project.folder / "lambda-slim.toml"
    path.write_text(path.read_text("utf-8") + "[budgets]\nfiles = 1\n", "utf-8")
    code, told = run(project, "run", "lambda-slim-lock", **NOWHERE)
    assert code == 1
    assert "One: files 2 over 1" in told
    assert "to accept: lambda-slim.toml:5 has the limits" in told

    project.write("requirements.txt", "not-there-anywhere==1\n")
    code, told = run(project, "run", "lambda-slim-lock", "--verbose", **NOWHERE)
    assert code == 0, told
    assert "1 not known" in told


def test_commit_and_push_are_stopped(project, tmp_path):
    git(tmp_path, "init", "-q", "--bare", "remote")
    git(project.folder, "remote", "add", "origin", str(tmp_path / "remote"))
    assert run(project, "install", "-t", "pre-commit", "-t", "pre-push")[0] == 0
    path = f"{os.path.dirname(sys.executable)}{os.pathsep}{project.env['PATH']}"  # noqa: PTH120
    env = {**project.env, "PATH": path}
    assert git(project.folder, "push", "-q", "origin", "main", env=env).count("Passed") == 4

    project("check", "--update", PYTHONPATH=str(ROOT))
    git(project.folder, "add", "-A")
    git(project.folder, "commit", "-qm", "lock", env=env)
    project.write("helper.py", f'TEXT = "{"x" * 90_000}"\ndef answer(event):\n    return 1\n')
    git(project.folder, "add", "-A")
    git(project.folder, "commit", "-qm", "grows", env=env)  # the lock is held where the package is built: on push
    told = git(project.folder, "push", "-q", "origin", "main", env=env, code=1)
    assert "One: growth of unzipped" in told
    assert "to accept: the same command with `--update` writes a new lock" in told

    project.write("lambda-slim.lock", "<<<<<<< ours\n")
    git(project.folder, "add", "-A")
    assert "conflict markers" in git(project.folder, "commit", "-qm", "broken", env=env, code=1)


def test_a_repository_without_a_function_passes(project):
    for name in ("app.py", "lambda-slim.toml"):
        (project.folder / name).unlink()
    project.write("pyproject.toml", "[project]\nname = 'a'\nversion = '1'\n")
    code, told = run(project, "run", "--hook-stage", "pre-push")

    assert code == 0, told
    assert [state for _, state in states(told)] == ["Skipped", "Passed", "Passed", "Passed"]
