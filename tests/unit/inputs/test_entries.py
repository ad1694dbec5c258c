"""What starts before or instead of the handler."""

from dataclasses import replace

import pytest

from lambda_slim.base.errors import HandlerError
from lambda_slim.inputs.project.entries import with_entries
from lambda_slim.inputs.project.find import find_project
from lambda_slim.inputs.settings.load import load
from lambda_slim.model.function import Function
from lambda_slim.model.layer import Layer
from lambda_slim.model.settings import Settings
from lambda_slim.tasks.prepare import plan_function, prepare
from tests.unit.factory import TARGET
from tests.unit.inputs.test_layers import write

HANDLER = "def handler(event, context):\n    pass\n"


def function(folder, handler="app.handler", layers=(), **environment):
    return Function("F", handler, folder, TARGET, layers=layers, environment=environment)


def test_a_script_in_place_of_a_handler(tmp_path):
    run = "#!/bin/sh\nPYTHONPATH=/var/task/extra exec python -m uvicorn web.main:app\n"
    write(tmp_path, {"run.sh": run, "web/main.py": "app = 1\n"})

    found = with_entries(function(tmp_path, "run.sh", AWS_LAMBDA_EXEC_WRAPPER="/opt/bootstrap"))

    assert (found.script, found.entry, found.module) == ("run.sh", "web.main.app", "web.main")
    assert found.roots == ("uvicorn", "uvicorn.__main__", "web.main")
    assert found.python_path == ("extra",)


def test_the_handler_behind_a_vendors_is_a_root(tmp_path):
    wrapped = function(tmp_path, "datadog_lambda.handler.handler", DD_LAMBDA_HANDLER="svc/entry.main")

    assert with_entries(wrapped).roots == ("svc.entry",)
    assert with_entries(function(tmp_path, "app.handler", DD_LAMBDA_HANDLER="svc/entry.main")).roots == ()


def test_where_the_vendors_handler_is_only_in_a_layer_the_own_one_is_run(tmp_path):
    write(tmp_path, {"svc/__init__.py": "", "svc/entry.py": HANDLER})
    layers = (Layer("arn:…", provides=("datadog_lambda",)),)
    wrapped = function(tmp_path, "datadog_lambda.handler.handler", layers, DD_LAMBDA_HANDLER="svc/entry.handler")

    prepared = prepare(with_entries(wrapped), Settings(root=tmp_path))

    assert prepared.function.started == "svc/entry.handler"
    assert prepared.function.handler == "datadog_lambda.handler.handler"


def test_a_handler_that_no_dependency_has_is_an_error(tmp_path):
    write(tmp_path, {"app.py": HANDLER, "requirements.txt": "", "template.yaml": ""})
    (tmp_path / "template.yaml").write_text(
        "Resources: {F: {Type: 'AWS::Serverless::Function', Properties: {Handler: ap.handler, Runtime: python3.12}}}"
    )
    found = find_project(tmp_path, load(tmp_path)).functions[0]

    with pytest.raises(HandlerError, match="no module `ap`") as caught:
        prepare(found, load(tmp_path))
    assert "app.handler" in caught.value.hint


@pytest.mark.parametrize(
    "files",
    [
        {"app.py": "import os\n" + HANDLER + "CALL = 'python -m helper --x'\n"},
        {"app.py": HANDLER, "tools/go.sh": "exec $PY -m helper\n"},
    ],
)
def test_a_module_that_a_command_starts_is_reached_with_its_program_part(tmp_path, files):
    helper = "if __name__ == '__main__':\n    import deep\n"
    write(tmp_path, {**files, "helper.py": helper, "deep.py": "", "idle.py": ""})

    reached = plan_function(function(tmp_path), Settings(root=tmp_path, level="reach")).facts.reach.modules

    assert {"app", "helper", "deep"} <= reached
    assert "idle" not in reached


def test_a_wrapper_script_in_the_package_starts_modules(tmp_path):
    write(tmp_path, {"app.py": HANDLER, "wrap.sh": 'python -m prep\nexec "$@"\n', "prep.py": ""})

    found = with_entries(function(tmp_path, AWS_LAMBDA_EXEC_WRAPPER="/var/task/wrap.sh"))

    assert found.roots == ("prep", "prep.__main__")
    assert found.started == "app.handler"


def test_a_console_script_that_the_functions_script_starts_ships(tmp_path):
    """Its distribution is reached through its entry point, and its first line names Lambda's Python."""
    package = write(
        tmp_path,
        {
            "run.sh": "PATH=$PATH:$LAMBDA_TASK_ROOT/bin exec serve web:app\n",
            "web.py": "app = 1\n",
            "serving/__init__.py": "",
            "serving/cli.py": "",
            "bin/serve": "#!/home/me/bin/python\n",
            "bin/other": "#!/home/me/bin/python\n",
            "serving-1.dist-info/METADATA": "Name: serving\n",
            "serving-1.dist-info/entry_points.txt": "[console_scripts]\nserve = serving.cli:main\n",
            "serving-1.dist-info/RECORD": "serving/__init__.py,,\nserving/cli.py,,\nbin/serve,,\nbin/other,,\n",
        },
    )
    asked = function(package, "run.sh", AWS_LAMBDA_EXEC_WRAPPER="/opt/bootstrap")

    planned = plan_function(with_entries(replace(asked, artifact=package)), Settings(root=package, level="reach"))

    kept = {file.path for file in planned.plan.kept}
    assert {"bin/serve", "serving/cli.py", "web.py"} <= kept
    assert "bin/other" not in kept
