"""`init`: a diff, a question, and nothing overwritten."""

import os
import pty
import shutil
import subprocess
import sys
import tomllib

import pytest
import yaml

from lambda_slim.formats.report_json import parse_report

READY = True  # many commands, see `run` in conftest.py

FILES = ("lambda-slim.toml", "lambda-slim.lock", ".pre-commit-config.yaml", ".github/workflows/lambda-slim.yml")


def state(tool):
    return {
        path.relative_to(tool.folder): (path.read_bytes(), path.stat().st_mtime_ns)
        for path in tool.folder.rglob("*")
        if path.is_file()
    }


def test_without_a_terminal_it_shows_and_writes_nothing(tool):
    before = state(tool)
    done = tool("init", code=2)

    assert state(tool) == before
    assert "+++ b/lambda-slim.lock" in done.stdout
    assert "hint:  look at it, add --yes" in done.stderr


def test_what_was_shown_is_what_is_written(tool):
    shown = tool("init", code=2).stdout
    text = (tool.folder / FILES[0]).read_text("utf-8")
    subprocess.run(["git", "init", "-q"], cwd=tool.folder, check=True)
    subprocess.run(["git", "apply", "-"], cwd=tool.folder, input=shown, text=True, check=True)
    applied = {name: (tool.folder / name).read_bytes() for name in FILES}
    for name in FILES[1:]:
        (tool.folder / name).unlink()
    (tool.folder / FILES[0]).write_text(text, "utf-8")

    assert tool("init", "--yes", "-v").stdout == shown
    assert {name: (tool.folder / name).read_bytes() for name in FILES} == applied


def test_afterwards_check_holds_and_init_changes_nothing(tool):
    tool("init", "--yes")
    assert "6 checks hold" in tool("check").stdout
    tool("check", "--config-only")

    before = state(tool)
    assert (
        tool("init").stdout
        == tool("init", "--yes").stdout
        == "nothing to change: settings, budgets and lock are there\n"
    )
    assert state(tool) == before


def test_a_plain_project_ships_nothing_of_it(tool):
    (tool.folder / "lambda-slim.toml").unlink()
    shipped = tool("check", "--against", "none", "--json", "-").stdout
    assert "warning: project: no runtime is named" in tool("check").stderr
    tool("init", "--yes")

    assert tomllib.loads((tool.folder / "lambda-slim.toml").read_text("utf-8"))["python"] == "3.12"
    again = tool("check", "--against", "none", "--json", "-")
    assert again.stderr == ""
    kept = [
        {row.path for row in parse_report(text).functions[0].files if row.decision == "kept"}
        for text in (shipped, again.stdout)
    ]
    assert kept[0] == kept[1] == {"app.py", "helper.py"}


def test_pyproject_takes_them_and_keeps_every_other_byte(tool):
    (tool.folder / "lambda-slim.toml").unlink()
    text = "# ours\r\n[project]\r\nname = 'a'   # spaced\r\nversion = '1'\r\n\r\n[tool.ruff]\r\nline-length=90"
    (tool.folder / "pyproject.toml").write_bytes(text.encode())
    tool("init", "--yes", "--python", "3.12", "--handler", "app.handler", "--no-hook", "--no-workflow")

    made = (tool.folder / "pyproject.toml").read_bytes().decode()
    assert made.startswith(text)
    own = tomllib.loads(made)["tool"]["lambda-slim"]
    assert own["python"] == "3.12"
    assert own["functions"] == {"a": "app.handler"}
    assert set(own["budgets"]) == {"unzipped", "zipped", "modules"}
    assert not (tool.folder / ".github").exists()
    assert not (tool.folder / ".pre-commit-config.yaml").exists()
    tool("check", "-q")


def test_existing_budgets_lock_and_workflow_stay(tool):
    path = tool.folder / "lambda-slim.toml"
    path.write_text(path.read_text("utf-8") + '[budgets]\nzipped = "1 MiB"\n', "utf-8")
    tool("check", "--update")
    tool.write(FILES[3], "on: push\n")
    before = state(tool)
    done = tool("init", "--yes", "--no-hook")

    assert state(tool) == before
    assert "lambda-slim.toml: the budgets are left as they are" in done.stderr
    assert "lambda-slim.yml is left as it is" in done.stderr


def test_hooks_join_those_that_are_there(tool):
    text = "repos:\n- repo: https://example.org/a  # why\n  rev: v1\n  hooks:\n  - id: a\n"
    tool.write(".pre-commit-config.yaml", text)
    tool("init", "--yes")

    made = (tool.folder / ".pre-commit-config.yaml").read_text("utf-8")
    assert made.startswith(text)
    assert len(yaml.safe_load(made)["repos"]) == 2
    valid = [sys.executable, "-m", "pre_commit", "validate-config", str(tool.folder / ".pre-commit-config.yaml")]
    subprocess.run(valid, check=True, capture_output=True)


def test_far_smaller_functions_have_their_own_budgets(tool):
    tool.write(
        "big/app.py", f"import other\nTEXT = {os.urandom(90_000).hex()!r}\ndef handler(event, context):\n    return 1\n"
    )
    tool.write("big/other.py", "")
    tool.write("small/app.py", "def handler(event, context):\n    return 1\n")
    tables = "".join(f'[functions.{name}]\nhandler = "app.handler"\nsource = "{name}"\n' for name in ("big", "small"))
    tool.write("lambda-slim.toml", f'python = "{sys.version_info[0]}.{sys.version_info[1]}"\n{tables}')
    tool("init", "--yes")

    table = tomllib.loads((tool.folder / "lambda-slim.toml").read_text("utf-8"))
    assert table["budgets"]["modules"] == 7
    assert set(table["functions"]["small"]["budgets"]) == {"unzipped", "zipped", "modules"}
    assert "budgets" not in table["functions"]["big"]
    assert "hold" in tool("check", "-q").stdout


def test_a_project_below_its_repository(tool):
    subprocess.run(["git", "init", "-q"], cwd=tool.folder.parent, check=True)
    tool("init", "--yes")

    place = tool.folder.parent
    workflow = place / ".github" / "workflows" / "lambda-slim-project.yml"
    assert "check project --format" in workflow.read_text("utf-8")
    assert 'args: ["project"]' in (place / FILES[2]).read_text("utf-8")
    assert (tool.folder / FILES[1]).is_file()

    shutil.copytree(tool.folder, place / "other", ignore=shutil.ignore_patterns("*.lock"))
    done = tool("init", "../other", "--yes")
    assert "wrote .github/workflows/lambda-slim-other.yml\n" in done.stderr
    assert "wrote other/lambda-slim.lock\n" in done.stderr
    hooks = [hook for repo in yaml.safe_load((place / FILES[2]).read_text("utf-8"))["repos"] for hook in repo["hooks"]]
    assert [hook["args"] for hook in hooks if hook["id"] == "lambda-slim-check"] == [["project"], ["other"]]
    before = (place / FILES[2]).read_bytes()
    tool("init", "../other", "--yes")
    tool("init", "--yes")
    assert (place / FILES[2]).read_bytes() == before


def test_another_ci_system_gets_no_github_workflow(tool):
    tool.write(".gitlab-ci.yml", "check: { script: [make] }\n")
    done = tool("init", "--yes")

    assert "docs/ci.md" in done.stderr
    assert not (tool.folder / ".github").exists()


@pytest.mark.parametrize(("answer", "written"), [("y\n", True), ("n\n", False)])
def test_on_a_terminal_it_asks(tool, answer, written):
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "lambda_slim", "init"],
        cwd=tool.folder,
        env=tool.env,
        stdin=theirs,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as child:
        os.write(ours, answer.encode())
        out, err = child.communicate(timeout=60)
    os.close(ours)
    os.close(theirs)

    assert child.returncode == 0
    assert "+++ b/lambda-slim.lock" in out
    assert "Write 4 files?" in err
    assert (tool.folder / "lambda-slim.lock").is_file() is written


def test_what_makes_no_sense_is_said(tool, tmp_path):
    assert "is not a percentage" in tool("init", "--headroom", "lots", code=2).stderr
    package = tmp_path / "package"
    package.mkdir()
    (package / "app.py").write_text("def handler(event, context):\n    return 1\n", "utf-8")
    (package / "a-1.dist-info").mkdir()
    (package / "a-1.dist-info" / "METADATA").write_text("Metadata-Version: 2.1\nName: a\nVersion: 1\n", "utf-8")
    assert "is a built package" in tool("init", package, "--python", "3.12", code=2).stderr
    tool("init", tmp_path / "cache", code=2)
