"""Whole projects at level `reach`: every event gives the same as the full tree, on paths that no trace has seen.

Each is built around things that only happen at run time: settings that name applications, plugins found by listing,
engines named by an argument, routes that draw pages, errors that import their handlers.
"""

import json
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest

from tests.knowledge.harness import build, environment, install

pytestmark = [pytest.mark.e2e, pytest.mark.slow]

PROJECTS = Path(__file__).parents[1] / "data" / "projects"
NAMES = sorted(path.name for path in PROJECTS.iterdir() if path.is_dir())

RUN = """
import importlib, json, sys
sys.dont_write_bytecode = True
sys.path.insert(0, sys.argv[1])
module, name = sys.argv[2].rsplit(".", 1)
handler = getattr(importlib.import_module(module), name)

class Context:
    function_name, function_version, memory_limit_in_mb, aws_request_id = "f", "1", 128, "r"
    invoked_function_arn = "arn:aws:lambda:eu-west-1:1:function:f"
    log_group_name = log_stream_name = "l"
    def get_remaining_time_in_millis(self):
        return 30000

answers = []
for event in json.load(open(sys.argv[3])):
    try:
        answers.append(handler(event, Context()))
    except Exception as error:
        answers.append(f"{type(error).__name__}: {error}")
print(json.dumps(answers, default=str))
"""


def drive(interpreter, package, handler, events, scratch):
    scratch.mkdir(exist_ok=True)
    done = subprocess.run(
        [str(interpreter), "-I", "-S", "-c", RUN, str(package), handler, str(events)],
        cwd=package,
        env=environment(scratch) | {"AWS_XRAY_SDK_ENABLED": "false", "POWERTOOLS_TRACE_DISABLED": "true"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout.splitlines()[-1])


@pytest.mark.parametrize("bytecode", ["none", "only"])
@pytest.mark.parametrize("name", NAMES)
def test_every_event_gives_the_same(name, bytecode, interpreter, tmp_path):
    source = PROJECTS / name
    handler = (source / "HANDLER").read_text().strip() if (source / "HANDLER").exists() else "app.handler"
    full, project, slim = tmp_path / "full", tmp_path / "project", tmp_path / "slim"
    shutil.copytree(source, project)
    (project / "lambda-slim.toml").write_text(
        f'runtime = "python3.12"\narch = "x86_64"\n\n[functions.it]\nhandler = "{handler}"\n'
    )
    install(("-r", str(source / "requirements.txt")), full, interpreter, "3.12")
    shutil.copytree(source, full, dirs_exist_ok=True)

    build(project, tmp_path / "out.zip", "reach", interpreter, bytecode)
    zipfile.ZipFile(tmp_path / "out.zip").extractall(slim)

    expected = drive(interpreter, full, handler, source / "events.json", tmp_path / "a")
    assert drive(interpreter, slim, handler, source / "events.json", tmp_path / "b") == expected
    assert sum(isinstance(answer, str) and "Error: " in answer for answer in expected) <= 2, expected
