"""A function that Lambda starts through a script of its package is proved through it."""

import pytest

from tests.e2e.conftest import PYTHON

pytestmark = [pytest.mark.e2e, pytest.mark.slow]

APP = """import os, greet
MODE = os.environ["MODE"]
def handler(event, context):
    return {"mode": MODE, "word": greet.WORD}
"""
SETTINGS = f"""runtime = "python{PYTHON}"
level = "reach"
[functions.F]
handler = "app.handler"
events = ["events/*.json"]
environment = {{ AWS_LAMBDA_EXEC_WRAPPER = "/var/task/start/wrap.sh" }}
"""
WRAPPER = """#!/bin/bash
export MODE=wrapped
export PYTHONPATH="/var/task/lib:$PYTHONPATH"
exec "${@:1:$#-1}" -X dev "${@: -1}"
"""


@pytest.fixture
def project(tmp_path):
    files = {
        "app.py": APP,
        "lib/greet.py": "WORD = 'hello'\n",
        "events/a.json": "{}",
        "lambda-slim.toml": SETTINGS,
        "start/wrap.sh": WRAPPER,
    }
    for name, text in files.items():
        place = tmp_path / "project" / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text)
    return tmp_path / "project"


def test_what_the_wrapper_sets_is_there(tool, project):
    told = tool("build", project, "--level", "reach", "-v", "-o", project / "out.zip")

    assert "1 event" in told
    package = tool.unpack(project / "out.zip")
    assert (package / "start" / "wrap.sh").is_file()
    assert (package / "lib" / "greet.py").is_file()


@pytest.mark.parametrize("wrapper", [None, "#!/bin/sh\nexit 3\n", "#!/bin/sh\nexec /var/task/no-such-program\n"])
def test_a_wrapper_that_starts_nothing_is_never_green(tool, project, wrapper):
    script = project / "start" / "wrap.sh"
    script.unlink() if wrapper is None else script.write_text(wrapper)

    told = tool("build", project, "--level", "reach", "-v", "-o", project / "out.zip", code=1)

    assert "does not start" in told


def test_a_wrapper_in_a_layer_is_run_too(tool, project):
    (project / "start/wrap.sh").unlink()
    (project / "layer/lib").mkdir(parents=True)
    (project / "lib/greet.py").rename(project / "layer/lib/greet.py")
    (project / "layer/wrap").write_text(WRAPPER.replace("/var/task/lib", "/opt/lib"))
    settings = SETTINGS.replace("/var/task/start/wrap.sh", "/opt/wrap") + 'layers = ["layer"]\n'
    (project / "lambda-slim.toml").write_text(settings)
    (project / ".lambdaslimignore").write_text("layer/\n")

    told = tool("build", project, "--level", "reach", "-v", "-o", project / "out.zip")
    assert "1 event" in told

    (project / "layer/lib/greet.py").unlink()
    told = tool("build", project, "--level", "reach", "-v", "-o", project / "out.zip", code=1)
    assert "does not start" in told
