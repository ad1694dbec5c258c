"""`lambda-slim lint` and `explain` as a user meets them."""

import json
import os
import subprocess
import sys
from importlib.util import find_spec

import pytest

from lambda_slim.cli.main import run
from tests.cli import here

needs_libcst = pytest.mark.skipif(not find_spec("libcst"), reason="libcst is not installed")
BAD = "import boto3\n\n\ndef handler(event, context):\n    return boto3.client('s3').list_buckets()\n"


@pytest.fixture
def project(tmp_path, monkeypatch):
    (tmp_path / "pyproject.toml").write_text("[tool.lambda-slim]\n")
    (tmp_path / "requirements.txt").write_text("pandas\n")
    (tmp_path / "app.py").write_text(BAD)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_findings_have_places_and_exit_1(project, capsys):
    assert run(["lint", "app.py"]) == 1
    out = capsys.readouterr().out
    assert out.startswith("app.py:5:12: LS203 warning: `boto3.client` makes a client again in every invocation\n")
    assert out.endswith("1 file: 1 problem, 0 notes\n")


def test_without_files_it_is_the_project(project, capsys):
    (project / "tests").mkdir()
    (project / "tests" / "app.py").write_text(BAD)
    assert run(["lint"]) == 1
    assert capsys.readouterr().out.count("LS203") == 1


def test_only_the_given_files_are_reported_but_all_are_read(project, capsys):
    (project / "db.py").write_text("import boto3\n\n\ndef load():\n    return boto3.client('s3')\n")
    (project / "app.py").write_text("import db\n\n\ndef handler(event, context):\n    return db.load()\n")
    assert run(["lint", "app.py"]) == 0
    assert run(["lint", "db.py"]) == 1
    assert "\ndb.py:5:12: LS203" in capsys.readouterr().out


def test_clean_is_one_line(project, capsys):
    (project / "app.py").write_text("def handler(event, context):\n    return 1\n")
    assert run(["lint", "app.py"]) == 0
    assert capsys.readouterr().out == "1 file: nothing found\n"


def test_exit_zero_and_settings(project, capsys):
    assert run(["lint", "app.py", "--exit-zero"]) == 0
    (project / "pyproject.toml").write_text('[tool.lambda-slim]\nignore = ["LS203:app.py"]\n')
    assert run(["lint", "app.py"]) == 0


def test_settings_are_found_upwards(project, monkeypatch, capsys):
    (project / "pyproject.toml").write_text('[tool.lambda-slim]\nignore = ["LS203:src/**"]\n')
    (project / "src").mkdir()
    (project / "app.py").rename(project / "src" / "app.py")
    monkeypatch.chdir(project / "src")
    assert run(["lint", "app.py"]) == 0


def test_json_and_github(project, capsys):
    assert run(["lint", "app.py", "--json", "-"]) == 1
    document = json.loads(capsys.readouterr().out)
    assert [(one["rule"], one["line"], one["column"]) for one in document["findings"]] == [("LS203", 5, 12)]
    assert run(["lint", "app.py", "--format", "github"]) == 1
    assert capsys.readouterr().out.startswith("::warning file=app.py,line=5,col=12,title=LS203::`boto3.client`")
    (project / "app.py").write_text(
        "import boto3\n\n\ndef handler(event, context):\n" + "    boto3.client('s3')\n" * 30
    )
    assert run(["lint", "app.py", "--format", "github"]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 10
    assert lines[-1].endswith("and 21 more; see the report")


def test_a_file_that_is_no_python_is_a_finding(project, capsys):
    (project / "broken.py").write_bytes(b"\xff\xfe\x00")
    (project / "worse.py").write_text("def f(:\n")
    assert run(["lint", "broken.py", "worse.py"]) == 1
    out = capsys.readouterr().out
    assert "broken.py:1:1: LS200 error" in out
    assert "worse.py:1:7: LS200 error: cannot be parsed: invalid syntax" in out


def test_nothing_to_lint_and_wrong_usage(project, capsys):
    (project / "app.py").unlink()
    assert run(["lint"]) == 5
    assert run(["lint", "pyproject.toml"]) == 5
    assert run(["lint", "missing.py"]) == 2
    assert run(["lint", "--format", "xml"]) == 2
    assert capsys.readouterr().err.count("error:") == 4


DEFERRABLE = """import pandas as pd  # rows


def handler(event, context):
    if event:
        return pd.DataFrame(event)
    return 0
"""


@needs_libcst
def test_fix_shows_writes_and_is_done(project, capsys):
    (project / "app.py").write_text(DEFERRABLE)
    assert run(["lint", "app.py", "--diff"]) == 1
    would = capsys.readouterr().out
    assert (project / "app.py").read_text() == DEFERRABLE

    assert run(["lint", "app.py", "--fix"]) == 1
    out = capsys.readouterr().out
    assert out.startswith("--- a/app.py\n+++ b/app.py\n@@ -1,7 +1,5 @@\n-import pandas as pd  # rows\n")
    assert "\nfixed: app.py: LS202: `import pandas as pd` moved into the function that uses it\n" in out
    assert out.partition("fixed: ")[0] == would.partition("would fix: ")[0]
    patched = (project / "app.py").read_text()

    assert run(["lint", "app.py", "--fix"]) == 0
    assert capsys.readouterr().out == "1 file: nothing found\n"
    assert (project / "app.py").read_text() == patched


@needs_libcst
def test_fix_says_what_it_refuses_and_writes_nothing(project, capsys):
    (project / "app.py").write_text(DEFERRABLE.replace("pandas", "torch"))
    before = (project / "app.py").stat().st_mtime_ns
    assert run(["lint", "app.py", "--fix"]) == 0
    assert "not fixed: app.py:1:1: LS202: importing `torch` may change something outside it" in capsys.readouterr().out
    assert (project / "app.py").stat().st_mtime_ns == before


@needs_libcst
def test_json_stays_json_beside_a_diff(project, capsys):
    (project / "app.py").write_text(DEFERRABLE)
    assert run(["lint", "app.py", "--fix", "--json", "-"]) == 1
    told = capsys.readouterr()
    assert json.loads(told.out)["findings"] == []
    assert told.err.startswith("--- a/app.py")


@here.apart
def test_without_libcst_fix_says_how_to_get_it(tool):
    tool.write("app.py", DEFERRABLE)
    tool.write("none/libcst.py", "raise ImportError('no libcst here')\n")
    path = f"{tool.env['PYTHONPATH']}{os.pathsep}{tool.folder / 'none'}"
    told = tool("lint", "app.py", "--fix", code=2, PYTHONPATH=f"{tool.folder / 'none'}{os.pathsep}{path}").stderr
    assert told.splitlines()[0] == "error: `lint --fix` needs libcst"
    assert 'pip install "lambda-slim[fix]"' in told
    assert len(told.splitlines()) == 3
    assert (tool.folder / "app.py").read_text() == DEFERRABLE


@needs_libcst
def test_as_a_hook_of_pre_commit_it_fails_once(tool, tmp_path):
    """`args: [--fix]`: the run that changes a file fails and shows the difference; when that is staged, it passes."""
    tool.write("app.py", DEFERRABLE)
    tool.write("requirements.txt", "pandas\n")
    hook = f"{{id: fix, name: fix, language: system, types: [python], entry: {sys.executable} -m lambda_slim lint -q"
    tool.write(".pre-commit-config.yaml", f"repos: [{{repo: local, hooks: [{hook}, args: [--fix]}}]}}]\n")
    (tool.folder / "helper.py").unlink()

    def command(*words):
        env = {**tool.env, "PRE_COMMIT_HOME": str(tmp_path / "pre-commit")}
        return subprocess.run(words, cwd=tool.folder, env=env, capture_output=True, text=True, check=False)

    assert not command("git", "init", "-q").returncode
    command("git", "add", "-A")
    first = command(sys.executable, "-m", "pre_commit", "run", "fix")
    assert first.returncode == 1
    assert "files were modified by this hook" in first.stdout
    assert "+        import pandas as pd  # rows" in first.stdout
    command("git", "add", "-A")
    again = command(sys.executable, "-m", "pre_commit", "run", "fix")
    assert again.returncode == 0, again.stdout


def test_explain_tells_a_rule_by_id_and_name(capsys):
    for name in ("LS203", "ls203", "client-in-handler"):
        assert run(["explain", name]) == 0
        out = capsys.readouterr().out
        assert out.startswith("LS203 client-in-handler (warning): ")
        assert "# lambda-slim: ignore[LS203]" in out
        assert all(len(line) <= 120 for line in out.splitlines())


def test_explain_lists_and_names_the_nearest(capsys):
    assert run(["explain"]) == 0
    assert "LS212" in capsys.readouterr().out
    assert run(["explain", "LS9203"]) == 2
    assert "did you mean `LS203`" in capsys.readouterr().err
    assert run(["explain", "test-suits"]) == 2
    assert "`test-suites`" in capsys.readouterr().err


def test_recipes_and_junk_are_explained(capsys):
    assert run(["explain", "recipe:botocore"]) == 0
    assert run(["explain", "test-suites"]) == 0
    assert run(["explain", "recipe:no-such-thing"]) == 2
    assert "nothing that ships imports it" in capsys.readouterr().out
