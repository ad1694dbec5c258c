"""CDK, Chalice, Zappa, SST, Pulumi: what is read, and what is a question."""

import json

import pytest

from lambda_slim.base.errors import ConfigError, SlimError
from tests.unit.inputs.functions.conftest import HANDLER, shown

CDK_FUNCTION = {
    "Type": "AWS::Lambda::Function",
    "Properties": {
        "Code": {"S3Bucket": {"Fn::Sub": "cdk-assets-${AWS::AccountId}"}, "S3Key": "abc.zip"},
        "Handler": "app.handler",
        "Runtime": "python3.13",
        "Architectures": ["arm64"],
    },
}


def synthesised(resources):
    """A cdk.out with one stack."""
    stack = {"type": "aws:cloudformation:stack", "properties": {"templateFile": "Stack.template.json"}}
    files = {
        "abc": {"source": {"path": "asset.abc", "packaging": "zip"}, "destinations": {"x": {"objectKey": "abc.zip"}}}
    }
    return {
        "cdk.json": "{}",
        "requirements.txt": "aws-cdk-lib\n",
        "cdk.out/cdk.out": '{"version":"36.0.0"}',
        "cdk.out/manifest.json": json.dumps({"artifacts": {"Stack": stack}}),
        "cdk.out/Stack.template.json": json.dumps({"Resources": resources}),
        "cdk.out/Stack.assets.json": json.dumps({"files": files}),
        "cdk.out/asset.abc/app.py": None,
    }


@pytest.mark.parametrize("target", [".", "cdk.out"])
def test_what_cdk_synthesised(found, shipped, target):
    provider = {**CDK_FUNCTION, "Properties": {**CDK_FUNCTION["Properties"], "Runtime": "nodejs22.x"}}
    rows = {
        "Orders": CDK_FUNCTION,
        "LogRetentionaae0aa3c5b4d4f87b02d85b201efdd8aFD4BFC8A": CDK_FUNCTION,
        "Js": provider,
    }
    project = found(synthesised(rows), target=target)

    assert shown(project) == [("Orders", "app.handler", "python3.13 arm64")]
    assert shipped(project.functions[0]) == ["app.py"]
    assert project.functions[0].requirements is None, "aws-cdk-lib is for the app, not for its functions"
    assert any("Js is left out: its runtime is nodejs22.x" in text for text in project.warnings)


def test_a_cdk_app_that_was_not_synthesised_is_a_question(found):
    with pytest.raises(ConfigError, match=r"there is no cdk\.out") as caught:
        found({"cdk.json": "{}", "app.py": "", "lambda/index.py": None})

    assert "cdk synth" in caught.value.hint
    assert found({}, handler="lambda/index.handler").functions[0].handler == "lambda/index.handler"


CHALICE = """\
from chalice import Chalice, Rate
app = Chalice(app_name="x")
@app.route("/")
def index(): return {}
@app.schedule(Rate(5), name="tick")
def every(event): return 1
"""


def test_a_chalice_project(found, shipped):
    settings = {
        "app_name": "x",
        "stages": {
            "dev": {"environment_variables": {"A": "1"}, "lambda_functions": {"tick": {"lambda_memory_size": 256}}}
        },
    }
    project = found(
        {
            ".chalice/config.json": json.dumps(settings),
            "app.py": CHALICE,
            "chalicelib/util.py": "",
            "vendor/lib/__init__.py": "",
            "other.py": "",
            "requirements.txt": "six\n",
        }
    )

    assert [(one.name, one.handler, one.memory_mb) for one in project.functions] == [
        ("app", "app.app", 128),
        ("tick", "app.every", 256),
    ]
    assert shipped(project.functions[0]) == ["app.py", "chalicelib/util.py", "lib/__init__.py"]
    assert project.functions[1].environment == {"A": "1"}
    requirements = project.functions[0].requirements
    assert requirements
    assert requirements.path.read_text("utf-8").endswith("requirements.txt\nchalice\n")


@pytest.mark.parametrize(
    ("files", "told", "hint"),
    [
        ({"zappa_settings.json": '{"dev": {"app_function": "web",}}'}, "stage dev names no app", "zappa package dev"),
        ({"zappa_settings.toml": '[prod]\nproject_name = "x"\n'}, "stage prod names no app", "zappa package prod"),
        (
            {"sst.config.ts": 'new sst.aws.Function("F", {handler: "src/api.handler", runtime: "python3.12"})'},
            "is an SST app",
            "[functions]",
        ),
        (
            {"Pulumi.yaml": "name: x\nruntime: python\n", "__main__.py": "lambda_.Function('f', **options())\n"},
            "Pulumi program in python",
            "[functions]",
        ),
    ],
)
def test_programs_are_questions_that_say_what_to_do(found, files, told, hint):
    with pytest.raises(ConfigError) as caught:
        found({**files, "web.py": HANDLER})

    assert told in caught.value.message
    assert hint in caught.value.hint
    assert found({}, handler="web.handler").functions[0].handler == "web.handler"


@pytest.mark.parametrize(
    "app",
    [CHALICE, CHALICE.replace('app = Chalice(app_name="x")\n', "from chalicelib import app\n")],
)
def test_a_chalice_project_whose_settings_are_in_no_repository(found, shipped, app):
    project = found({"app.py": app, "chalicelib/__init__.py": "handler = 1\n", "tests/t.py": "", "main.py": None})

    assert [one.handler for one in project.functions] == ["app.app", "app.every"]
    assert shipped(project.functions[0]) == ["app.py", "chalicelib/__init__.py"]


def test_a_flask_app_is_no_chalice_project(found):
    text = 'from flask import Flask\napp = Flask("x")\n@app.route("/")\ndef index(): return {}\n'
    assert found({"app.py": text, "main.py": None}).functions[0].handler == "main.handler"


ZAPPA = {
    "app_function": "web.site.app",
    "project_name": "shop",
    "runtime": "python3.13",
    "aws_region": "eu-west-1",
    "exclude": ["*.csv", "notes"],
    "environment_variables": {"A": "1"},
    "aws_environment_variables": {"B": "2"},
    "events": [{"function": "jobs.nightly", "expression": "rate(1 day)"}],
}


@pytest.mark.parametrize(("lists", "asked"), [("flask\n", True), ("flask\nZappa==0.61\n", False)])
def test_zappa_starts_an_app(found, shipped, lists, asked):
    files = {"web/site.py": "app = 1\n", "jobs.py": "", "x.csv": "", "notes/a.txt": "", "venv/lib/y.py": ""}
    project = found({"zappa_settings.json": json.dumps({"dev": ZAPPA}), "requirements.txt": lists, **files})

    (function,) = project.functions
    assert (function.name, function.handler, function.environment) == ("shop", "handler.lambda_handler", {"B": "2"})
    assert function.roots == ("web.site", "jobs")
    assert shipped(function) == [
        "handler.py",
        "jobs.py",
        "requirements.txt",
        "web/site.py",
        "zappa_settings.json",
        "zappa_settings.py",
    ]
    assert ("\nzappa\n" in function.requirements.path.read_text("utf-8")) is asked
    written = {}
    exec((function.layout[-1].source / "zappa_settings.py").read_text("utf-8"), written)
    assert (written["APP_MODULE"], written["APP_FUNCTION"], written["API_STAGE"]) == ("web.site", "app", "dev")
    assert written["ENVIRONMENT_VARIABLES"] == {"AWS_REGION": "eu-west-1", "A": "1"}
    assert (written["DJANGO_SETTINGS"], written["LOG_LEVEL"]) == (None, "DEBUG")


def test_zappa_starts_django(found):
    text = '[prod]\ndjango_settings = "web.settings"\nruntime = "python3.13"\n'
    (function,) = found({"zappa_settings.toml": text, "web/settings.py": "", "requirements.txt": "zappa\n"}).functions

    assert function.roots == ("web.settings", "zappa.ext.django_zappa")
    assert "APP_MODULE" not in (function.layout[-1].source / "zappa_settings.py").read_text("utf-8")


def test_zappa_with_a_handler_of_ones_own(found):
    text = json.dumps(
        {"dev": {"lambda_handler": "app.handler", "runtime": "python3.13", "memory_size": 256, "project_name": "shop"}}
    )

    (function,) = found({"zappa_settings.json": text, "app.py": None}).functions

    assert (function.name, function.handler, function.target.runtime.name, function.memory_mb) == (
        "shop",
        "app.handler",
        "python3.13",
        256,
    )


PULUMI = """\
name: demo
runtime: yaml
config: {rt: {default: python3.13}}
resources:
  orders:
    type: aws:lambda:Function
    properties:
      runtime: ${rt}
      handler: app.handler
      architectures: [arm64]
      code:
        fn::assetArchive:
          .: {fn::fileArchive: ./src}
          conf/rates.json: {fn::fileAsset: ./rates.json}
  bucket: {type: aws:s3:Bucket}
"""


def test_a_pulumi_project_in_yaml(found, shipped):
    project = found({"Pulumi.yaml": PULUMI, "src/app.py": None, "rates.json": "{}"})

    assert shown(project) == [("orders", "app.handler", "python3.13 arm64")]
    assert shipped(project.functions[0]) == ["app.py", "conf/rates.json"]


def test_the_only_deployment_file_below_is_taken_and_said(found):
    project = found({"infra/Pulumi.yaml": PULUMI, "infra/src/app.py": None, "infra/rates.json": "{}"})

    assert [one.name for one in project.functions] == ["orders"]
    assert "the functions are those of infra/Pulumi.yaml" in project.warnings[0]


STACK = {"type": "aws:cloudformation:stack", "properties": {"templateFile": "a.template.json"}}
RESOURCES = {"F": {"Type": "AWS::Lambda::Function", "Properties": "x"}, "B": {"Properties": ["x"]}}
PLAN = {"format_version": "1.2", "terraform_version": "1.9"}


@pytest.mark.parametrize(
    ("manifest", "assets"),
    [
        ([], {}),
        ({"artifacts": []}, {}),
        ({"artifacts": {"a": 3}}, {}),
        ({"artifacts": {"a": {**STACK, "properties": "x"}}}, {}),
        ({"artifacts": {"a": STACK}}, []),
        ({"artifacts": {"a": STACK}}, {"files": 3}),
        ({"artifacts": {"a": STACK}}, {"files": {"k": 7}}),
        ({"artifacts": {"a": STACK}}, {"files": {"k": {"source": 3, "destinations": {"d": 3}}}}),
    ],
)
def test_a_broken_assembly_is_an_error_or_has_no_function(found, manifest, assets):
    files = {"manifest.json": manifest, "a.template.json": {"Resources": RESOURCES}, "a.assets.json": assets}
    texts = {f"cdk.out/{name}": json.dumps(value) for name, value in files.items()}

    with pytest.raises(SlimError) as caught:
        found({"cdk.json": "{}", "cdk.out/cdk.out": "{}", **texts})

    assert caught.value.exit_code in (2, 5)


@pytest.mark.parametrize(
    "module",
    [
        3,
        {"resources": [3, {"type": "aws_lambda_function", "values": 4}], "child_modules": 5},
        {"resources": [{"type": "aws_lambda_function", "values": {"runtime": "python3.12", "architectures": 8}}]},
    ],
)
def test_a_broken_plan_is_an_error_or_has_no_function(found, module):
    with pytest.raises(SlimError) as caught:
        found({"plan.json": json.dumps({**PLAN, "planned_values": {"root_module": module}})})

    assert caught.value.exit_code in (2, 5)
