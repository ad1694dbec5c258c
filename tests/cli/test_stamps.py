"""An answer is given again only where nothing that it came from, and nothing that was written, has changed."""

import os
import time
from pathlib import Path

import pytest

from lambda_slim.base.answer_record import RECORD
from lambda_slim.base.stamps import Stamp, replay
from lambda_slim.cli._options import ProgressFlags, ProjectFlags
from lambda_slim.cli._session import session
from lambda_slim.cli._stamp import watched_by
from lambda_slim.tasks.prepare import prepare
from tests.cli.conftest import PYTHON


def stamps(tool):
    return {path.name: path.stat().st_ino for path in Path(tool.env["LAMBDA_SLIM_CACHE"]).glob("stamps/*")}


def test_a_build_is_answered_again_and_makes_what_was_touched_anew(tool):
    tool.write("data.txt", "1")
    time.sleep(0.05)
    first = tool("build")
    zipped, manifest = tool.folder / "dist/One.zip", tool.folder / "dist/lambda-slim.manifest.json"
    package, listed, known = zipped.read_bytes(), manifest.read_text("utf-8"), stamps(tool)
    again = tool("build")
    assert (again.stdout, again.stderr) == (first.stdout, first.stderr)
    assert stamps(tool) == known
    assert len(known) == 1

    zipped.write_bytes(package[:-1] + b"x")
    tool("build")
    assert zipped.read_bytes() == package
    zipped.unlink()
    manifest.unlink()
    assert tool("build").stdout == first.stdout
    assert zipped.read_bytes() == package
    assert manifest.read_text("utf-8") == listed
    tool.write("data.txt", "2")
    tool("build")
    assert zipped.read_bytes() != package


def test_an_answer_that_was_asked_for_from_another_folder_is_given_again(tool):
    Path(tool.env["LAMBDA_SLIM_CACHE"]).mkdir()  # `python -m` imports from the folder that it is started in
    time.sleep(0.05)
    tool.folder, project = tool.folder.parent, tool.folder.name
    tool("check", "--exit-zero", "-C", project)
    known = stamps(tool)
    tool("check", "--exit-zero", "-C", project)
    assert len(known) == 1
    assert stamps(tool) == known


def test_an_analysis_is_answered_again_with_the_words_of_the_cache(tool):
    time.sleep(0.05)
    tool("analyze", "--no-import")
    known = stamps(tool)
    again = tool("analyze", "--no-import")
    assert len(known) == 1
    assert stamps(tool) == known
    assert again.stderr == "1 report from today's cache, as nothing changed (--fresh measures again)\n"
    fresh = tool("analyze", "--no-import", "-q", "--top", "8")
    assert fresh.stderr == ""


REQUIREMENTS = "-r ../shared/base.txt\n"
TEMPLATE = f"""Resources:
  One:
    Type: AWS::Serverless::Function
    Properties: {{CodeUri: src/, Handler: app.handler, Runtime: python{PYTHON}}}
"""


@pytest.fixture
def repository(tmp_path, monkeypatch):
    for name, text in {
        "shared/base.txt": "# nothing\n",
        "service/template.yaml": TEMPLATE,
        "service/src/app.py": "def handler(event, context):\n    return 1\n",
        "service/src/requirements.txt": "-r ../../shared/base.txt\n",
        "service/lambda-slim.toml": '[functions.One]\nevents = ["../events/*.json"]\n',
        "events/a.json": "{}",
        "bin/tool": "",
    }.items():
        path = tmp_path / "repository" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    (tmp_path / "repository/.git").mkdir()
    monkeypatch.setenv("LAMBDA_SLIM_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("PATH", f"{tmp_path / 'repository/bin'}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.delenv("GITHUB_STEP_SUMMARY", raising=False)
    monkeypatch.chdir(tmp_path / "repository/service")
    time.sleep(0.05)
    return tmp_path / "repository"


CHANGES = {
    "an included requirements file": ("shared/base.txt", "# other\n"),
    "an event": ("events/a.json", "[]"),
    "another event": ("events/b.json", "[]"),
    "the template": ("service/template.yaml", TEMPLATE + "\n"),
    "own code": ("service/src/app.py", "def handler(event, context):\n    return 2\n"),
    "settings above": ("lambda-slim.toml", ""),
    "what git ignores, above": (".gitignore", "*.txt"),
    "settings of uv above": ("uv.toml", ""),
    "a pyproject.toml above": ("pyproject.toml", ""),
    "an interpreter on PATH": ("bin/python3.12", ""),
    "the Python of a version manager": ("service/.python-version", "3.12"),
    "ignored files": ("service/.lambdaslimignore", "x"),
}


@pytest.mark.parametrize(("name", "text"), CHANGES.values(), ids=CHANGES)
def test_what_an_answer_depends_on_is_watched(repository, name, text):
    arguments = ["check"]
    stamp = Stamp(arguments)
    with session(Path(), ProjectFlags(), ProgressFlags(), {"offline": True}) as opened:
        stamp.watch(watched_by(opened))
        prepare(opened.project.functions[0], opened.settings)
    stamp.keep(("held\n", 0))
    assert replay(arguments) == 0
    (repository / name).write_text(text, "utf-8")

    assert replay(arguments) is None


def test_what_is_written_beside_the_project_meanwhile_is_no_matter(repository):
    log = repository / "log.txt"
    log.write_text("")
    arguments = ["check"]
    stamp = Stamp(arguments)
    with session(Path(), ProjectFlags(), ProgressFlags(), {"offline": True}) as opened:
        stamp.watch(watched_by(opened))
        prepare(opened.project.functions[0], opened.settings)
        log.write_text("the terminal of somebody else")
    stamp.keep(("held\n", 0))
    log.write_text("and more")
    assert replay(arguments) == 0


def test_an_index_that_may_change_its_mind_is_asked_again_after_ten_minutes(repository):
    RECORD.start()
    (repository / "service/src/requirements.txt").write_text("./lib\n")
    (repository / "service/src/lib").mkdir()
    (repository / "service/src/lib/pyproject.toml").write_text(
        '[project]\nname = "lib"\nversion = "1"\n[build-system]\nrequires = []\nbuild-backend = "backend"\n'
        'backend-path = ["."]\n'
    )
    (repository / "service/src/lib/backend.py").write_text(BACKEND)
    with session(Path(), ProjectFlags(), ProgressFlags(), {}) as opened:
        prepare(opened.project.functions[0], opened.settings)
    RECORD.stop()

    assert RECORD.until <= time.time() + 600


BACKEND = """import zipfile


def build_wheel(folder, config_settings=None, metadata_directory=None):
    with zipfile.ZipFile(f"{folder}/lib-1-py3-none-any.whl", "w") as archive:
        archive.writestr("lib.py", "")
        archive.writestr("lib-1.dist-info/METADATA", "Metadata-Version: 2.1\\nName: lib\\nVersion: 1\\n")
        archive.writestr("lib-1.dist-info/WHEEL", "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
        archive.writestr("lib-1.dist-info/RECORD", "")
    return "lib-1-py3-none-any.whl"
"""


def test_all_that_a_repository_deploys_is_answered_again_until_something_of_it_changes(tool):
    tool.write("other/lambda-slim.toml", f'python = "{PYTHON}"\n[functions]\nTwo = "main.handler"\n')
    tool.write("other/main.py", "def handler(event, context):\n    return 1\n")
    tool.write("other/requirements.txt", "-r ../../shared.txt\n")
    shared = tool.write("../shared.txt", "# read by a worker alone\n")
    time.sleep(0.05)
    first = tool("build", "--all")
    zipped, known = tool.folder / "other/dist/Two.zip", stamps(tool)
    package = zipped.read_bytes()
    again = tool("build", "--all")
    assert (again.stdout, again.stderr) == (first.stdout, first.stderr)
    assert len(known) == 1
    assert stamps(tool) == known

    shared.write_text("# other\n", "utf-8")
    time.sleep(0.05)
    assert tool("build", "--all").stdout == first.stdout  # the zips that lie there now are no part of the project
    assert stamps(tool) != known
    zipped.unlink()
    assert tool("build", "--all").stdout == first.stdout
    assert zipped.read_bytes() == package
    tool.write("other/main.py", "def handler(event, context):\n    return 2\n")
    tool("build", "--all")
    assert zipped.read_bytes() != package
    tool.write("third/lambda-slim.toml", f'python = "{PYTHON}"\n[functions]\nThree = "absent.handler"\n')
    kept = stamps(tool)
    assert "absent" in tool("build", "--all", code=2).stdout
    assert stamps(tool) == kept  # what failed is tried again


def test_checks_of_all_that_a_repository_deploys_are_answered_again_until_a_lock_or_a_function_changes(tool):
    tool.write("other/lambda-slim.toml", f'python = "{PYTHON}"\n[functions]\nTwo = "main.handler"\n')
    tool.write("other/main.py", "def handler(event, context):\n    return 1\n")
    tool("check", "--all", "--update")
    time.sleep(0.05)
    assert stamps(tool) == {}
    first = tool("check", "--all")
    known = stamps(tool)
    again = tool("check", "--all")
    assert (again.stdout, again.stderr) == (first.stdout, first.stderr)
    assert len(known) == 1
    assert stamps(tool) == known

    tool.write("other/main.py", "def handler(event, context):\n    return 'other'\n")
    time.sleep(0.05)
    changed = tool("check", "--all").stdout
    assert changed != first.stdout
    assert tool("check", "--all").stdout == changed
    assert stamps(tool) != known
    known = stamps(tool)
    (tool.folder / "other/lambda-slim.lock").unlink()
    time.sleep(0.05)
    tool("check", "--all")
    assert stamps(tool) != known
