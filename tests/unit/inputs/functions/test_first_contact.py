"""What is found with nothing, or little, configured: by templates, settings, flags and the code itself."""

import json
from pathlib import Path

import pytest

from lambda_slim.base.errors import ConfigError, NothingToDoError, UsageError
from lambda_slim.inputs.project.find import find_project
from lambda_slim.inputs.settings.load import load, unread
from lambda_slim.model.settings import FunctionSettings
from tests.unit.inputs.functions.conftest import HANDLER, shown

SERVERLESS = "AWS::Serverless::Function"


def template(*, parameters=None, **functions):
    rows = {
        name: {"Type": SERVERLESS, "Properties": {"Runtime": "python3.12", **row}} for name, row in functions.items()
    }
    return json.dumps({"Parameters": parameters or {}, "Resources": rows})


def test_settings_add_to_a_template(found, tmp_path):
    text = template(
        One={
            "CodeUri": "src",
            "Handler": "app.handler",
            "Runtime": "python3.11",
            "Architectures": ["arm64"],
            "MemorySize": 1024,
        },
        Two={"CodeUri": "src", "Handler": "app.handler"},
    )
    tables = (
        FunctionSettings("One", handler="app.handler", source=tmp_path / "src"),
        FunctionSettings("Three", handler="src/app.handler", runtime="python3.13"),
    )

    project = found({"template.json": text, "src/app.py": None}, functions=tables)

    assert shown(project) == [
        ("One", "app.handler", "python3.11 arm64"),
        ("Two", "app.handler", "python3.12 x86_64"),
        ("Three", "src/app.handler", "python3.13 x86_64"),
    ]
    assert project.functions[0].memory_mb == 1024


def test_a_function_that_cannot_be_handled_does_not_stop_the_others(found, shipped):
    text = template(
        Users={"CodeUri": "src", "Handler": "api.users.handler"},
        Single={"CodeUri": "src/api/users.py", "Handler": "users.handler"},
        Wrong={"CodeUri": "src", "Handler": "api.gone.handler"},
        Gone={"CodeUri": "nowhere", "Handler": "app.handler"},
    )

    project = found({"template.json": text, "src/api/users.py": None})

    assert [one.name for one in project.functions] == ["Users", "Single"]
    assert shipped(project.functions[1]) == ["users.py"]
    assert {failure.name for failure in project.failures} == {"Wrong", "Gone"}
    told = "\n".join(project.warnings)
    assert "Wrong is left out: there is no module `api.gone`" in told
    assert "Gone is left out: the code of Gone is not there" in told


def test_inline_code_is_a_package_of_its_own(found, shipped):
    text = template(Helper={"Handler": "index.handler", "InlineCode": HANDLER})

    (function,) = found({"template.json": text, "requirements.txt": "six\n"}).functions

    assert (shipped(function), function.requirements) == (["index.py"], None)


def test_inline_code_that_counts_on_cfnresponse_is_left_out(found):
    text = template(Helper={"Handler": "index.handler", "InlineCode": "import cfnresponse\n" + HANDLER})

    with pytest.raises(NothingToDoError) as caught:
        found({"template.json": text})

    assert "imports cfnresponse, which only inline code has" in caught.value.cause


def test_the_handler_flag_wins(found):
    text = template(Helper={"Handler": "index.handler", "InlineCode": HANDLER})
    files = {"template.json": text, "lambda_function.py": None, "a/app.py": None, "b/other.py": None}

    assert found(files, handler="lambda_function.handler").functions[0].handler == "lambda_function.handler"

    text = template(A={"CodeUri": "a", "Handler": "app.handler"}, B={"CodeUri": "b", "Handler": "x.handler"})
    (function,) = found({"template.json": text}, handler="other.handler").functions
    assert (function.name, function.handler) == ("B", "other.handler")


def test_a_handler_in_the_code_of_several_functions_is_a_question(found):
    text = template(A={"CodeUri": "a", "Handler": "x.handler"}, B={"CodeUri": "b", "Handler": "y.handler"})

    with pytest.raises(UsageError, match="is in the code of several functions"):
        found({"template.json": text, "a/app.py": None, "b/app.py": None}, handler="app.handler")


def test_nested_templates_are_followed(found):
    child = template(
        parameters={"R": {"Default": "python3.11"}},
        F={"CodeUri": "code", "Handler": "app.handler", "Runtime": {"Ref": "R"}},
    )
    place = {
        "Type": "AWS::Serverless::Application",
        "Properties": {"Location": "child/t.json", "Parameters": {"R": "python3.13"}},
    }
    other = {**place, "Properties": {"Location": "child/t.json"}}
    text = json.dumps({"Resources": {"One": place, "Two": other}})

    project = found({"template.json": text, "child/t.json": child, "child/code/app.py": None})

    assert shown(project) == [
        ("OneF", "app.handler", "python3.13 x86_64"),
        ("TwoF", "app.handler", "python3.11 x86_64"),
    ]
    assert project.functions[0].where == "child/t.json:1"


def test_a_makefile_is_run_on_request_only(found, monkeypatch):
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "s3cret")
    monkeypatch.setenv("PIP_INDEX_URL", "https://me:s3cret@index.example/simple")
    monkeypatch.setenv("PIP_DEFAULT_TIMEOUT", "60")
    text = json.loads(template(Rate={"CodeUri": "src", "Handler": "app.handler"}))
    text["Resources"]["Rate"]["Metadata"] = {"BuildMethod": "makefile"}
    files = {
        "template.json": json.dumps(text),
        "src/app.py": None,
        "src/Makefile": "build-Rate:\n\tcp *.py $(ARTIFACTS_DIR)\n\tcp -r ../conf $(ARTIFACTS_DIR)\n\ttouch made\n"
        "\tenv > $(ARTIFACTS_DIR)/seen.txt\n",
        "conf/rates.json": "{}",
    }

    with pytest.raises(ConfigError, match="Rate is built by a Makefile, which was not run") as caught:
        found(files)
    assert "sam build" in caught.value.hint

    (function,) = found({}, make=True).functions
    assert function.artifact
    assert not (function.source / "made").exists()
    assert sorted(path.name for path in function.artifact.rglob("*.*")) == ["app.py", "rates.json", "seen.txt"]
    seen = (function.artifact / "seen.txt").read_text()
    assert "s3cret" not in seen
    assert "PIP_DEFAULT_TIMEOUT=60" in seen
    assert f"HOME={Path.home()}\n" not in seen


@pytest.mark.parametrize(
    ("files", "handler", "root"),
    [
        (
            {"service/handlers/orders.py": "def lambda_handler(event, context): ...\n"},
            "service.handlers.orders.lambda_handler",
            ".",
        ),
        ({"app/main.py": "from mangum import Mangum\nhandler = Mangum(app)\n"}, "app.main.handler", "."),
        ({"app/main.py": "lambda_handler = make_handler(app)\n"}, "app.main.lambda_handler", "."),
        (
            {"app/main.py": "try:\n    import x\nexcept ImportError:\n    x = None\nelse:\n    handler = x.handler\n"},
            "app.main.handler",
            ".",
        ),
        ({"svc.py": "@logger.inject_lambda_context\ndef handler(event, context): ...\n"}, "svc.handler", "."),
        ({"api.py": "app = Chalice(app_name='x')\n"}, "api.app", "."),
        ({"my-lambda/get-user.py": HANDLER}, "my-lambda/get-user.handler", "."),
        ({"jobs.py": "def nightly(event, context): ...\n"}, "jobs.nightly", "."),
        (
            {"src/shop/main.py": f"from shop import prices\n{HANDLER}", "src/shop/prices.py": ""},
            "shop.main.handler",
            "src",
        ),
        ({"fn/main.py": f"import helper\n{HANDLER}", "fn/helper.py": ""}, "main.handler", "fn"),
        ({"fn/src/main.py": HANDLER, "fn/requirements.txt": "requests\n"}, "src.main.handler", "fn"),
    ],
)
def test_handlers_that_the_code_shows(found, tmp_path, files, handler, root):
    (function,) = found(
        {**files, "tests/test_x.py": HANDLER, "log.py": "import logging\nhandler = logging.StreamHandler()\n"}
    ).functions

    assert (function.handler, function.source) == (handler, tmp_path / root)


def test_handlers_beside_the_chosen_one_are_named(found):
    project = found({"app.py": f"from jobs import run\n{HANDLER}", "jobs.py": "def run(event, context): ...\n"})

    assert project.functions[0].handler == "app.handler"
    assert any("others lie beside it: jobs.run" in text for text in project.warnings)


def test_handlers_of_another_kind_are_not_taken(found):
    files = {
        "app.py": None,
        "stop.py": "def handler(signum, frame): ...\n",
        "errors.py": "def handler(request, exc): ...\n",
    }

    assert found(files).functions[0].handler == "app.handler"


def test_no_handler_names_what_came_close(found):
    with pytest.raises(NothingToDoError) as caught:
        found(
            {
                "a.py": "def handler(event): ...\n",
                "b.py": "async def lambda_handler(event, context): ...\n",
                "c.py": "class H:\n    def run(self, event, context): ...\n",
                "d.py": "def main(event): ...\n",
            }
        )

    assert "a.handler (line 1) takes 1 arguments, and Lambda gives 2" in caught.value.cause
    assert "b.lambda_handler (line 1) is `async def`, which Lambda does not await" in caught.value.cause
    assert "c.H.run (line 1) is a method" in caught.value.cause
    assert "d.main (line 1) takes (event), not (event, context)" in caught.value.cause


def test_a_function_is_called_as_its_project(found):
    files = {"app.py": None, "pyproject.toml": '[project]\nname = "shop-api"\nversion = "1"\n'}

    assert [one.name for one in found(files).functions] == ["shop-api"]


def test_relative_requirements_begin_in_the_nearest_folder_that_has_them(found, tmp_path):
    text = template(One={"CodeUri": "src/one", "Handler": "main.handler"})
    files = {
        "svc/template.json": text,
        "svc/src/one/main.py": None,
        "svc/src/one/requirements.txt": "../lib\n-e ./tools\n",
    }
    files |= {"lib/pyproject.toml": "", "svc/tools/pyproject.toml": "", ".git/HEAD": ""}

    (function,) = found(files, target="svc").functions

    assert function.requirements
    assert function.requirements.project == tmp_path / "svc"


def test_settings_of_the_working_folder(tmp_path, found):
    found({"app.py": None})
    found({"sub/app.py": None}, target="sub")
    (tmp_path / "lambda-slim.toml").write_text('level = "reach"\n[functions]\nRoot = "app.handler"\n', "utf-8")

    settings = load(tmp_path / "sub", working=tmp_path)
    assert settings.level == "reach"
    assert [one.name for one in find_project(tmp_path / "sub", settings).functions] == ["sub"]
    assert load(tmp_path / "sub").level == "auto"
    assert unread(tmp_path / "sub", settings, tmp_path) == ""

    elsewhere = load(tmp_path.parent, working=tmp_path)
    assert "lambda-slim.toml of the working folder is not read" in unread(tmp_path.parent, elsewhere, tmp_path)


def test_settings_elsewhere_do_not_replace_the_target(tmp_path, found):
    found(
        {
            "proj/template.json": template(F={"CodeUri": ".", "Handler": "app.handler"}),
            "proj/app.py": None,
            "ci/app.py": None,
        }
    )
    (tmp_path / "ci/slim.toml").write_text('template = "gone.yaml"\n[functions.F]\nhandler = "app.handler"\n', "utf-8")

    settings = load(tmp_path / "proj", config=tmp_path / "ci/slim.toml")
    (function,) = find_project(tmp_path / "proj", settings).functions

    assert (function.name, function.source) == ("F", tmp_path / "proj")


@pytest.mark.parametrize(
    ("files", "runtime"),
    [
        ({"pyproject.toml": "[project]\nrequires-python = '>=3.13'\n"}, "python3.13"),
        ({"pyproject.toml": "[project]\nrequires-python = '>=3.9,<3.12'\n"}, "python3.11"),
        ({"pyproject.toml": "[project]\nrequires-python = '>=3.8'\n"}, "python3.12"),
        ({"pyproject.toml": "[tool.poetry.dependencies]\npython = '~3.10'\n"}, "python3.10"),
        ({"pyproject.toml": "[project]\nrequires-python = 'three'\n"}, "python3.12"),
        ({"Pipfile": "[requires]\npython_version = '3.11'\n"}, "python3.11"),
        ({".python-version": "3.13.1\n", "Pipfile": "[requires]\npython_version = '3.11'\n"}, "python3.13"),
        ({"src/fn/.python-version": "3.10\n", "Pipfile": "[requires]\npython_version = '3.11'\n"}, "python3.11"),
    ],
)
def test_the_runtime_is_what_the_project_wants(found, files, runtime):
    (function,) = found({**files, "src/fn/app.py": None}).functions

    assert function.target.runtime.name == runtime


UPLOADED = """\
resource "aws_lambda_function" "f" {
  s3_bucket = "b"
  s3_key = "main.zip"
  handler = "job.main"
  runtime = "python3.11"
}
"""


def test_code_that_something_else_uploads_is_where_its_handler_is(found):
    project = found({"infra/main.tf": UPLOADED, "jobs/job.py": "def main(event, context): ...\n", "job.py": "X = 1\n"})

    assert shown(project) == [("f", "job.main", "python3.11 x86_64")]
    assert project.functions[0].source.name == "jobs"
    assert any("its code is in S3" in text and "that of jobs" in text for text in project.warnings)


def test_a_template_with_a_name_of_its_own(found):
    project = found({"orders.json": template(F={"CodeUri": "src", "Handler": "app.handler"}), "src/app.py": None})

    assert [function.source.name for function in project.functions] == ["src"]


def test_each_handler_with_a_folder_is_a_function(found):
    project = found(
        {
            "a/lambda_function.py": None,
            "a/requirements.txt": "six\n",
            "b/c/lambda_function.py": "import helper\ndef lambda_handler(event, context): return helper.X\n",
            "b/c/helper.py": "X = 1\n",
            "pkg/__init__.py": "",
            "pkg/get.py": "from .core import X\ndef handler(event, context): return X\n",
            "pkg/put.py": None,
            "pkg/core.py": "X = 1\n",
        }
    )

    assert [(one.name, one.handler, one.source.name) for one in project.functions] == [
        ("a", "lambda_function.handler", "a"),
        ("pkg-get", "pkg.get.handler", project.root.name),
        ("pkg-put", "pkg.put.handler", project.root.name),
        ("b-c", "lambda_function.lambda_handler", "c"),
    ]
    assert any("each handler is a function of its own" in text for text in project.warnings)


def test_code_that_something_else_uploads_is_a_question(found):
    job = "def main(event, context): ...\n"

    with pytest.raises(UsageError, match="which folder has the code") as caught:
        found({"infra/main.tf": UPLOADED, "jobs/job.py": job, "old/job.py": job})
    (function,) = found({}, target="jobs", handler="job.main").functions

    assert caught.value.hint == "name the folder, and say --handler job.main --python 3.11"
    assert function.handler == "job.main"


def test_a_container_image_leads_to_its_dockerfile(found):
    terraform = 'resource "aws_lambda_function" "f" {\n  package_type = "Image"\n  image_uri = "x"\n}\n'
    docker = 'FROM public.ecr.aws/lambda/python:3.12\nCOPY main.py ${LAMBDA_TASK_ROOT}\nCMD [ "main.handler" ]\n'

    project = found({"main.tf": terraform, "src/fn/Dockerfile": docker, "src/fn/main.py": None})

    assert shown(project) == [("fn", "main.handler", "python3.12 x86_64")]
    assert "the functions are those of src/fn/Dockerfile" in project.warnings[-1]


def test_several_deployments_below_are_a_question(found):
    text = template(F={"CodeUri": ".", "Handler": "app.handler"})

    with pytest.raises(UsageError, match="which of the deployments here is meant") as caught:
        found({"a/template.json": text, "b/template.json": text, "a/app.py": None, "b/app.py": None})

    assert "a/template.json, b/template.json" in caught.value.cause


def test_what_sam_has_built_by_a_makefile_is_taken_as_it_is(found):
    text = json.loads(template(Rate={"CodeUri": "Rate", "Handler": "app.handler"}))
    text["Resources"]["Rate"]["Metadata"] = {"BuildMethod": "makefile", "SamResourceId": "Rate"}

    (function,) = found({"template.json": json.dumps(text), "Rate/app.py": None}).functions

    assert function.handler == "app.handler"


TEMPLATE = """\
Resources:
  F:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.11
      Handler: app.handler
      Code: src
"""


def test_a_folder_called_env_is_looked_into_where_it_is_no_environment(found):
    text = 'module "f" {\n  source = "terraform-aws-modules/lambda/aws"\n  handler = "app.handler"\n'
    text += '  runtime = "python3.13"\n  source_path = "../../code"\n}\n'

    project = found({"fn/env/dev/main.tf": text, "fn/code/app.py": None})

    assert [function.target.runtime.name for function in project.functions] == ["python3.13"]


def test_templates_with_names_of_their_own_count_in_folders_below(found):
    project = found({"deploy/stack-orders.yml": TEMPLATE, "deploy/src/app.py": None})

    assert [function.target.runtime.name for function in project.functions] == ["python3.11"]


def test_of_several_templates_with_names_of_their_own_one_must_be_named(found):
    with pytest.raises(UsageError) as caught:
        found({"a.yml": TEMPLATE, "b.yml": TEMPLATE, "src/app.py": None})

    assert caught.value.message == "which of the templates here is meant?"
    assert "a.yml, b.yml" in caught.value.cause


def test_where_no_function_looks_like_a_handler_those_that_are_there_are_named(found):
    with pytest.raises(NothingToDoError) as caught:
        found({"src/near.py": "def run(a, b, c):\n    return 2\n", "src/data.py": "X = 1\n"})

    assert "seen, and like no handler: src.near.run (line 1) takes (a, b, c)" in caught.value.cause


def test_handlers_of_one_folder_count_from_one_root(found):
    handler = "def lambda_handler(event, context):\n    return 1\n"
    files = {
        "src/common/tools.py": "",
        "src/handlers/api/get.py": f"from common import tools\n{handler}",
        "src/handlers/api/put.py": handler,
        "src/handlers/own/helper.py": "",
        "src/handlers/own/run.py": f"import helper\n{handler}",
    }
    assert sorted(function.handler for function in found(files).functions) == [
        "handlers.api.get.lambda_handler",
        "handlers.api.put.lambda_handler",
        "run.lambda_handler",
    ]


@pytest.mark.parametrize("target", [".", ".chalice/config.json"])
@pytest.mark.parametrize("inner", ["chalicelib/names.py", "vendor/own/names.py"])
def test_the_requirements_of_a_chalice_project_are_those_beside_its_app(found, target, inner):
    app = "from chalice import Chalice\napp = Chalice('a')\n@app.route('/')\ndef index():\n    return 1\n"
    files = {".chalice/config.json": "{}", "app.py": app, inner: "", "requirements.txt": "chalice==1.31.2\nsix\n"}

    (function,) = found(files, target).functions

    assert "six" in function.requirements.path.read_text("utf-8")


CDK = "from aws_cdk import aws_lambda\naws_lambda.Function(None, 'F', runtime=aws_lambda.Runtime.PYTHON_3_12)\n"
SCRIPT = 'import * as lambda from "aws-cdk-lib/aws-lambda";\nnew lambda.Function(this, "F", {runtime: PYTHON_3_12});\n'
PULUMI = "import pulumi_aws as aws\naws.lambda_.Function('f', runtime='python3.12')\n"


@pytest.mark.parametrize(
    ("name", "program"), [("cdk/app.py", CDK), ("infra/bin/stack.ts", SCRIPT), ("__main__.py", PULUMI)]
)
def test_code_is_not_guessed_where_a_program_that_nothing_starts_makes_the_functions(found, name, program):
    files = {"app.py": None, name: program}
    with pytest.raises(UsageError, match="makes functions, and no cdk") as error:
        found(files)

    assert name in error.value.message
    assert "--handler app.handler" in error.value.hint
    assert shown(found(files, handler="app.handler"))[0][1] == "app.handler"


@pytest.mark.parametrize(
    ("name", "program"),
    [
        ("node_modules/construct/index.ts", SCRIPT),
        ("infra/stack.py", "import aws_cdk as cdk\ncdk.aws_s3.Bucket(None, 'B')\n"),
        ("infra/stack.ts", SCRIPT.replace("PYTHON_3_12", "NODEJS_22_X")),
        ("settings.py", "runtime = 'python3.12'\n"),
    ],
)
def test_a_program_that_makes_no_python_function_does_not_stand_in_the_way(found, name, program):
    assert shown(found({"app.py": None, name: program}))[0][1] == "app.handler"


JAVA = {
    "infra/main.tf": 'resource "aws_lambda_function" "f" {\n  runtime = "java21"\n  handler = "a.B"\n}\n',
    "service/template.json": template(F={"Runtime": "nodejs22.x", "Handler": "a.b", "CodeUri": "."}),
    "api/serverless.yml": "service: s\nprovider: {name: aws, runtime: ruby3.3}\nfunctions:\n  f:\n    handler: a.b\n",
}


@pytest.mark.parametrize("name", JAVA)
def test_code_that_a_deployment_of_another_language_does_not_name_is_a_question(found, name):
    files = {"tools/app.py": None, name: JAVA[name]}
    with pytest.raises(UsageError, match=r"is `tools\.app\.handler` a function") as error:
        found(files)

    assert error.value.cause.startswith(f"{name}:")
    assert "whose runtime is" in error.value.cause
    assert found(files, handler="tools.app.handler").functions


def test_without_python_code_a_deployment_of_another_language_is_nothing_to_do(found):
    with pytest.raises(NothingToDoError, match="no handler found"):
        found({"infra/main.tf": JAVA["infra/main.tf"]})


def test_a_chalice_app_that_is_no_python_says_where(found):
    app = "from chalice import Chalice\napp = Chalice(app_name='a')\n@app.route('/')\ndef index()\n    return 1\n"
    with pytest.raises(ConfigError, match=r"`app\.py` cannot be read as Python") as error:
        found({".chalice/config.json": "{}", "app.py": app})

    assert error.value.cause.startswith("line 4: ")
