"""Which modules are compiled: those that INIT loads, on every machine the same."""

import sys
from dataclasses import replace
from pathlib import Path

import pytest

from lambda_slim.inputs.project.find import find_project
from lambda_slim.inputs.settings.load import load
from lambda_slim.model.run import LoadedModules
from lambda_slim.run.tracing import run_trace
from lambda_slim.tasks.prepare import plan_function
from lambda_slim.tasks.shape_function import shape_function

LONG = "#" * (9 << 10) + "\n"  # less source than that gets no bytecode
FILES = {
    "app.py": LONG + "import early\nfrom factory import create\n\napp = create()\n\n\n"
    "def handler(event, context):\n    import rare\n\n    return rare.x\n",
    "early.py": "x = 1\n",
    "factory.py": "def create():\n    import late\n\n    return late.x\n\n\ndef unused():\n    import never\n",
    **dict.fromkeys(("late.py", "rare.py", "never.py"), "x = 1\n"),
}


def project(folder, files, **overrides):
    """A function of some files, and the settings."""
    for name, text in files.items():
        (folder / name).write_text(text)
    python = f"3.{sys.version_info[1]}"
    (folder / "lambda-slim.toml").write_text(f'python = "{python}"\n[functions]\nF = "app.handler"\n')
    settings = load(folder, overrides=overrides)
    return find_project(folder, settings).functions[0], settings


@pytest.mark.parametrize("level", ["safe", "reach"])
def test_what_init_loads_is_compiled_also_what_a_factory_loads(tmp_path, level):
    function, settings = project(tmp_path, FILES, level=level)
    shaped = shape_function(plan_function(function, settings))

    compiled = {member.origin for member in shaped.members if member.name.endswith(".pyc")}
    assert compiled - {"_lambda_slim_guard.py"} == {"app.py", "early.py", "factory.py", "late.py"}
    assert {"rare.py", "late.py", "app.py"} <= {member.name for member in shaped.members}, "first-party sources stay"


@pytest.mark.parametrize("startup", ["eager", "lazy"])
def test_what_only_an_event_loads_is_compiled_where_the_first_event_counts_too(tmp_path, startup):
    planned = plan_function(*project(tmp_path, FILES, level="reach", startup=startup))
    at_init = frozenset({"app", "early", "factory", "late"})
    shaped = shape_function(replace(planned, loaded=LoadedModules(at_init, at_init | {"rare"})))

    compiled = {member.origin for member in shaped.members if member.name.endswith(".pyc")}
    assert ("rare.py" in compiled) is (startup == "lazy")
    assert "never.py" not in compiled


def test_a_module_whose_import_failed_is_compiled_too_and_one_that_was_read_as_text_is_not(tmp_path):
    app = (
        LONG
        + "try:\n    import broken\nexcept ImportError:\n    pass\nopen(__file__.replace('app', 'form')).close()\n\n\n"
        "def handler(event, context):\n    pass\n"
    )
    files = {"app.py": app, "broken.py": "import winreg\n", "form.py": "x = 1\n"}
    function, settings = project(tmp_path, files, level="trace")
    trace, _ = run_trace(tmp_path, function, Path(sys.executable), [("e", b"{}")], replace(settings, offline=True))
    shaped = shape_function(plan_function(function, settings, trace=trace))

    compiled = {member.origin for member in shaped.members if member.name.endswith(".pyc")}
    assert compiled - {"_lambda_slim_guard.py"} == {"app.py", "broken.py"}


@pytest.mark.parametrize(("size", "ships"), [(11 << 10, True), (13 << 10, False)])
def test_by_default_nothing_is_left_out_that_is_smaller_than_the_guard_for_it(tmp_path, size, ships):
    files = {"app.py": "def handler(event, context):\n    pass\n", "idle.py": "#" * size}
    function, settings = project(tmp_path, files, level="reach")
    settings = replace(settings, level_why="ours to choose")
    planned = plan_function(function, settings)

    assert planned.facts.reach.modules == {"app"}, "what ships for its size is not run"
    names = {member.name for member in shape_function(planned).members}
    little = {"app.py", "idle.py"}
    assert names == little if ships else "_lambda_slim_guard.py" in names - little
    asked = shape_function(plan_function(planned.function, replace(settings, level_why="")))
    assert "idle.py" not in {member.name for member in asked.members}
