"""`check` and `merge` as a team meets them."""

import json
import shutil
import subprocess
import xml.etree.ElementTree as ET
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.cli import here
from tests.cli.conftest import PYTHON

READY = True  # many commands, see `run` in conftest.py


def budgets(tool, text):
    path = tool.folder / "lambda-slim.toml"
    path.write_text(path.read_text("utf-8") + text, "utf-8")


def git(tool, *words):
    command = ["git", "-c", "user.name=a", "-c", "user.email=a@example.org", "-C", str(tool.folder), *words]
    subprocess.run(command, check=True, capture_output=True)


def commit(tool):
    git(tool, "init", "-q")
    git(tool, "add", "-A")
    git(tool, "commit", "-qm", "base")


def test_nothing_to_hold_is_said(tool):
    assert "neither a budget nor an earlier lock" in tool("check").stdout


def test_budgets_hold_and_break(tool):
    budgets(tool, '[budgets]\nunzipped = "1 MiB"\nfiles = 10\n')
    assert "1 function: 2 checks hold" in tool("check").stdout

    budgets(tool, 'zipped = "10 B"\n')
    told = tool("check", code=1).stdout
    assert "✗ zipped" in told
    assert tool("check", "--exit-zero").stdout == told


def test_the_same_check_again_is_the_same_answer_until_something_changes(tool):
    budgets(tool, "[budgets]\nfiles = 1\n")
    first = tool("check", "-q", code=1)
    again = tool("check", "-q", code=1)
    assert (again.stdout, again.stderr) == (first.stdout, first.stderr)

    (tool.folder / "lambda-slim.toml").write_text(
        (tool.folder / "lambda-slim.toml").read_text("utf-8").replace("files = 1", "files = 9"), "utf-8"
    )
    assert "hold" in tool("check", "-q").stdout


def test_a_lock_is_written_compared_and_ratcheted(tool):
    tool("check", "--update")
    lock = tool.folder / "lambda-slim.lock"
    accepted = lock.read_text("utf-8")
    assert json.loads(accepted)["functions"]["One"]["init_modules"] == {"app": 1, "helper": 1}
    assert "3 checks hold" in tool("check").stdout

    big = tool.write("big.py", f'TEXT = "{"x" * 90_000}"\n')
    tool.write(
        "app.py", "import big\nimport helper\n\n\ndef handler(event, context):\n    return helper.answer(event)\n"
    )
    told = tool("check", code=1).stdout
    assert "✗ growth of unzipped" in told
    assert "+ 1 module of `big` at INIT" in told
    tool("check", "--ratchet", code=1)
    assert lock.read_text("utf-8") == accepted

    tool("check", "--update")
    grown = lock.read_text("utf-8")
    assert grown != accepted
    big.write_text("TEXT = 1\n", "utf-8")
    tool("check", "--ratchet")
    assert lock.read_text("utf-8") not in (grown, accepted)


def test_twice_updated_is_the_same_lock(tool):
    tool("check", "--update")
    lock = tool.folder / "lambda-slim.lock"
    before = (lock.read_bytes(), lock.stat().st_mtime_ns)

    assert "wrote" not in tool("check", "--update").stderr
    assert (lock.read_bytes(), lock.stat().st_mtime_ns) == before


def test_against_a_commit(tool):
    budgets(tool, '[budgets]\ngrowth = "1 KiB"\n')
    commit(tool)
    assert "3 checks hold" in tool("check", "--against", "git:HEAD", "-q").stdout
    tool.write("helper.py", f'TEXT = "{"x" * 90_000}"\ndef answer(event):\n    return 1\n')

    told = tool("check", "--against", "git:HEAD", code=1).stdout
    assert "✗ growth of unzipped" in told
    (tool.folder / "helper.py").unlink()
    git(tool, "checkout", "-q", "helper.py")
    tool("check", "--against", "git:HEAD")


def test_a_function_that_nothing_names_is_found_in_the_commit_too(tool):
    (tool.folder / "lambda-slim.toml").write_text('[budgets]\ngrowth = "1 KiB"\n', "utf-8")
    commit(tool)
    told = tool("check", "--handler", "app.handler", "--python", PYTHON, "--against", "git:HEAD", "-q").stdout
    assert "3 checks hold" in told

    tool.write("odd.py", "def run(event, context):\n    return 1\n")
    asked = ("check", "--handler", "odd.run", "--python", PYTHON, "--against", "git:HEAD", "-q")
    assert "1 not known" in tool(*asked).stdout  # it is new
    git(tool, "add", "-A")
    git(tool, "commit", "-qm", "odd")
    assert "3 checks hold" in tool(*asked).stdout


def test_a_project_that_is_new_has_nothing_to_be_compared_with(tool):
    budgets(tool, '[budgets]\ngrowth = "1 KiB"\n')
    new = tool.folder / "services" / "new"
    new.mkdir(parents=True)
    git(tool, "init", "-q")
    git(tool, "commit", "-qm", "empty", "--allow-empty")
    for path in tool.folder.glob("*.*"):
        if path.name != ".git":
            shutil.copy(path, new)

    for target in (".", "services/new"):  # no function there yet; no such folder yet
        told = tool("check", target, "--against", "git:HEAD").stdout
        assert "  - growth   " in told
        assert "limit" not in told
        assert "1 not known" in told


def test_places_are_those_of_the_repository(tool):
    below = tool.folder / "services" / "one"
    below.mkdir(parents=True)
    for name in ("app.py", "helper.py", "lambda-slim.toml"):
        (tool.folder / name).rename(below / name)
    git(tool, "init", "-q")
    text = (below / "lambda-slim.toml").read_text("utf-8") + "[budgets]\nfiles = 1\n"
    (below / "lambda-slim.toml").write_text(text, "utf-8")
    shared = text.replace('"app.handler"', '{ handler = "app.handler", source = "services/one" }')
    (tool.folder / "shared.toml").write_text(shared, "utf-8")

    told = tool("check", "services/one", "--format", "github", code=1).stdout
    assert told.startswith("::error file=services/one/lambda-slim.toml,line=5,title=files::")
    told = tool("check", "services/one", "--config", "shared.toml", "--format", "github", code=1).stdout
    assert told.startswith("::error file=shared.toml,line=5,title=files::")


def test_a_new_function_is_told(tool):
    tool("check", "--update")
    path = tool.folder / "lambda-slim.toml"
    path.write_text(path.read_text("utf-8") + 'Two = "app.handler"\n', "utf-8")

    told = tool("check", code=1).stdout
    assert "What changed in Two\n  ~ a new function   +" in told
    assert "lambda-slim.lock has no Two (it has One)" in told
    tool("check", "--update")
    tool("check")


def test_a_lock_of_another_name_does_not_hold(tool):
    """The name of a plain folder's function is written down by init; a lock without the function is no pass."""
    (tool.folder / "lambda-slim.toml").unlink()
    tool("init", "--yes", "--python", "3.12", "--no-hook", "--no-workflow")
    elsewhere = tool.folder.with_name("elsewhere")
    shutil.copytree(tool.folder, elsewhere)

    tool("check", "-C", str(elsewhere))

    path = elsewhere / "lambda-slim.toml"
    path.write_text(path.read_text("utf-8").replace("project = ", "other = "), "utf-8")
    assert "lambda-slim.lock has no other (it has project)" in tool("check", "-C", str(elsewhere), code=1).stdout


def test_against_a_report_and_a_lock_elsewhere(tool):
    tool("check", "--json", "before.json")
    tool("check", "--update")
    (tool.folder / "lambda-slim.lock").rename(tool.folder / "old.lock")
    tool.write("helper.py", f'TEXT = "{"x" * 90_000}"\ndef answer(event):\n    return 1\n')

    for baseline in ("before.json", "old.lock"):
        assert "✗ growth of unzipped" in tool("check", "--against", baseline, code=1).stdout
    tool("check", "--against", "none")


def test_all_outputs_come_from_one_run(tool):
    budgets(tool, '[budgets]\nzipped = "10 B"\n')
    files = {"--json": "r.json", "--markdown": "r.md", "--junit": "r.xml", "--sarif": "r.sarif", "--html": "r.html"}
    summary = tool.folder / "summary.md"
    told = tool(
        "check",
        "--format",
        "github",
        *(word for pair in files.items() for word in pair),
        code=1,
        GITHUB_STEP_SUMMARY=str(summary),
    ).stdout

    assert told.startswith("::error file=lambda-slim.toml,line=5,title=zipped::One: zipped ")
    assert json.loads((tool.folder / "r.json").read_text())["functions"][0]["checks"][0]["status"] == "failed"
    assert (tool.folder / "r.md").read_text() == summary.read_text()
    assert ET.parse(tool.folder / "r.xml").getroot().find("testsuite").get("failures") == "1"
    assert json.loads((tool.folder / "r.sarif").read_text())["runs"][0]["results"][0]["ruleId"] == "zipped"
    assert "<html" in (tool.folder / "r.html").read_text()


def test_an_output_that_cannot_be_written_hides_no_verdict(tool):
    budgets(tool, "[budgets]\nfiles = 1\n")
    done = tool("check", "--json", ".", "--markdown", "new/comment.md", code=3)

    assert "1 of 1 check failed" in done.stdout
    assert "error: cannot write `.`\ncause: it is a folder\n" in done.stderr


def test_a_handler_that_cannot_start_fails(tool):
    tool.write("app.py", "def handler(event, context)\n    return 1\n")
    told = tool("check", code=1).stdout

    assert "LS200  app.py:1   Python" in told
    assert "cannot compile it" in told
    tool.write("app.py", "")
    tool("check", code=2)


def test_exit_codes(tool, tmp_path):
    tool("check")
    budgets(tool, "[budgets]\nfiles = 1\n")
    tool("check", code=1)
    tool("check", "--exit-zero")
    tool("check", "--against", "missing", "--exit-zero", code=2)
    tool("check", tmp_path / "cache", "--exit-zero", code=5)
    tool.write("requirements.txt", "anything==1\n")
    nowhere = {"UV_DEFAULT_INDEX": "http://127.0.0.1:9/simple", "UV_HTTP_TIMEOUT": "1", "UV_HTTP_RETRIES": "0"}
    error = tool("check", "--exit-zero", code=3, **nowhere).stderr
    assert len(error.splitlines()) == 3
    assert "1 not known" in tool("check", "--offline", **nowhere).stdout


def test_shards_are_joined(tool, tmp_path):
    path = tool.folder / "lambda-slim.toml"
    path.write_text(
        path.read_text("utf-8") + 'Two = "app.handler"\nThree = "app.handler"\n[budgets]\nfiles = 1\n', "utf-8"
    )
    whole = tool("check", code=1).stdout
    for number in (1, 2):
        tool("check", "--shard", f"{number}/2", "--exit-zero", "--json", tmp_path / f"part-{number}.json")

    parts = [tmp_path / "part-1.json", tmp_path / "part-2.json"]
    assert "no function in this part" in tool("check", "--shard", "4/4", "--json", tmp_path / "part-4.json").stdout
    parts.append(tmp_path / "part-4.json")
    joined = tool("merge", *parts, "--markdown", tmp_path / "all.md", code=1).stdout
    assert sorted(joined.splitlines()) == sorted(whole.splitlines())
    assert "3 of 3 functions fail" in (tmp_path / "all.md").read_text("utf-8")
    assert "is in `part-1.json` and in `part-1.json`" in tool("merge", parts[0], parts[0], code=2).stderr


def test_a_package_of_another_tool_is_checked_as_it_is(tool, tmp_path):
    package = tmp_path / "package"
    (package / "pkg").mkdir(parents=True)
    (package / "app.py").write_text("def handler(event, context):\n    return 1\n", "utf-8")
    (package / ".env").write_text("AWS_SECRET_ACCESS_KEY=abcdefghijklmnopqrstuvwxyzabcdefghijklmnop\n", "utf-8")
    (package / "pkg-1.dist-info").mkdir()
    (package / "pkg-1.dist-info" / "METADATA").write_text("Metadata-Version: 2.1\nName: pkg\nVersion: 1\n", "utf-8")
    told = tool("check", package, "--python", "3.12", "--handler", "app.handler", code=1).stdout

    assert ".env" in told
    assert "abcdefghijkl" not in told


def test_a_package_that_lambda_could_not_read_is_refused(tool, tmp_path):
    """`zipfile.writestr` makes 0600, and a repository that was zipped along has every secret of its past."""
    with zipfile.ZipFile(tmp_path / "p.zip", "w") as file:
        for name in ("app.py", "helper.py", ".git/HEAD"):
            file.writestr(name, "def handler(event, context):\n    return 1\n")
    arguments = (tmp_path / "p.zip", "--python", "3.12", "--handler", "app.handler")
    told = tool("check", *arguments, code=1).stdout

    assert "LS117" in told
    assert "not readable for others than its owner, nor are 2 other files" in told
    assert ".git/HEAD" in told
    audited = tool("audit", tmp_path / "p.zip", "--python", "3.12", code=1).stdout
    assert "LS117" in audited


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[budgets]\nunziped = '1 MiB'\n", "lambda-slim.toml:5: there is no budget `unziped`"),
        ("[budgets]\nunzipped = 60\n", "`unzipped` cannot be used"),
        (
            "[functions.Two]\nhandler = 'app.handler'\nbudgets = {files = 1, growht = 2}\n",
            "lambda-slim.toml:6: there is no budget `growht`",
        ),
        ("[budgets]\nunzipped = '-1 MiB'\n", "`unzipped` cannot be used"),
        ("[budgets]\nunzipped = '1 MiB'\nzipped = '2 MiB'\n", "contradict each other"),
    ],
)
def test_budgets_that_cannot_be_used(tool, text, told):
    budgets(tool, text)

    for flag in ((), ("--config-only",)):
        error = tool("check", *flag, code=2).stderr
        assert told in error
        assert [line.partition(":")[0] for line in error.splitlines()] == ["error", "cause", "hint"]


@pytest.mark.parametrize(
    ("lock", "told"),
    [
        ("<<<<<<< ours\n", "conflict markers"),
        ('{"lock_version": 7, "functions": {}}', "has version 7"),
        ('{"lock_version": 1, "functions": {"One": {"files": 3}}}', "function One: there is no `distributions`"),
        ('{"lock_version": 1, "functions": []}', "cannot be read"),
        ("[]", "cannot be read"),
        ("\x00", "cannot be read"),
    ],
)
def test_a_lock_that_cannot_be_used(tool, lock, told):
    tool.write("lambda-slim.lock", lock)

    error = tool("check", code=2).stderr
    assert told in error
    assert [line.partition(":")[0] for line in error.splitlines()] == ["error", "cause", "hint"]
    assert told in tool("check", "--config-only", code=2).stderr
    assert told in tool("check", "--ratchet", code=2).stderr
    assert (tool.folder / "lambda-slim.lock").read_text("utf-8") == lock
    tool("check", "--update")
    assert "hold" in tool("check").stdout


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--against", "missing.lock"), "`missing.lock` cannot be read"),
        (("--against", "git:HEAD"), "needs a git repository"),
        (("--shard", "3/2"), "is not i/n"),
        (("--update", "--ratchet"), "exclude each other"),
        (("--shard", "1/2", "--update"), "cannot write the lock"),
        (("--format", "yaml"), "is not known"),
        (("--json", "-", "--markdown", "-"), "would both go to standard output"),
    ],
)
def test_what_makes_no_sense_is_said(tool, arguments, told):
    assert told in tool("check", *arguments, code=2).stderr


def test_a_commit_that_is_not_there(tool):
    commit(tool)

    assert "git knows no commit `v9`" in tool("check", "--against", "git:v9", code=2).stderr


def test_a_base_that_cannot_be_analysed(tool):
    tool.write("app.py", "def other(event, context):\n    return 1\n")
    commit(tool)
    tool.write("app.py", "def handler(event, context):\n    return 1\n")

    assert "git:HEAD" in tool("check", "--against", "git:HEAD", code=2).stderr


def test_no_function_is_said_and_may_be_allowed(tool, tmp_path):
    empty = tmp_path / "empty"
    empty.mkdir()

    tool("check", empty, code=5)
    assert "nothing to check" in tool("check", empty, "--allow-none").stderr


def test_a_checkout_that_cannot_be_written(tool):
    tool.folder.chmod(0o555)
    try:
        tool("check")
    finally:
        tool.folder.chmod(0o755)


@here.apart
def test_two_checks_at_once_on_one_cache(tool, tmp_path):
    """Both right, and what they leave behind too: whatever is asked next from that cache is the same."""
    budgets(tool, "[budgets]\nfiles = 1\n")

    def check(number):
        report = tmp_path / f"{number}.json"
        told = tool("check", "-q", "--json", report, code=1).stdout
        (found,) = json.loads(report.read_text("utf-8"))["functions"]
        return told, found["package"]["sha256"], str(found["checks"]), str(found["init_modules"])

    with ThreadPoolExecutor(4) as pool:
        found = set(pool.map(check, range(4)))
    cache = Path(tool.env["LAMBDA_SLIM_CACHE"])
    kept = [path for path in cache.rglob("*") if path.is_file()]
    assert found == {check(9)}
    assert len(list((cache / "builds").iterdir())) == 1
    assert not [path for path in kept if path.suffix == ".tmp" or path.name.startswith(".")]

    for path in kept:
        path.write_bytes(path.read_bytes()[:-7])  # cut off, as a full disk or a crash leaves it
    assert found == {check(10)}


def test_budgets_of_a_function_that_is_not_there_are_told(tool):
    """A misspelt name would otherwise hold nothing, and nobody would know."""
    template = (
        "Resources: {Orders: {Type: AWS::Serverless::Function, Properties: {CodeUri: ., Handler: app.handler}}}\n"
    )
    tool.write("template.yaml", "Transform: AWS::Serverless-2016-10-31\n" + template)
    tool.write("lambda-slim.toml", f'python = "{PYTHON}"\n[functions.Ordrs.budgets]\nunzipped = "1 B"\n')

    told = tool("check").stderr
    assert "`Ordrs` is no function of template.yaml; did you mean `Orders`?" in told


def test_the_same_bytes_are_not_timed(tool, tmp_path):
    """Of unchanged code there is no alarm, whatever the machine does: nothing runs."""
    budgets(tool, '[budgets]\nimport-growth = "0 %"\n')
    commit(tool)
    report = tmp_path / "r.json"
    told = tool("check", "--against", "git:HEAD", "-v", "--json", report)
    (row,) = [row for row in json.loads(report.read_text())["functions"][0]["checks"] if row["id"] == "import-growth"]

    assert (row["status"], row["value"]) == ("passed", 0)
    assert "timing INIT" not in told.stderr


def test_what_cannot_be_built_and_is_not_locked_needs_no_rule_explained(tool):
    tool("check", "--update")
    path = tool.folder / "lambda-slim.toml"
    path.write_text(path.read_text("utf-8") + 'Two = "app.handler"\n', "utf-8")

    assert "explain lock" not in tool("check", code=1).stdout
