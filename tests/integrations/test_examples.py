"""The examples of integrations/ build what they say."""

import json
import os
import shutil
import subprocess

import pytest

from lambda_slim.formats.yaml_text import load_yaml
from tests.integrations.conftest import ANSWER, EVENT, PYTHON, ROOT, adapted, node_tool, python_tool, state

pytestmark = [pytest.mark.slow, pytest.mark.network]
EXAMPLES = ROOT / "integrations"


@pytest.fixture
def example(flow):
    """All examples beside each other, for the Python that runs the tests."""
    root = flow.folder.parent / "integrations"
    shutil.copytree(EXAMPLES, root)
    for path in root.rglob("*"):
        if path.is_file():
            path.write_text(adapted(path.read_text("utf-8")), "utf-8")

    def enter(name):
        flow.folder = root / name
        return flow

    return enter


def test_sam_builds_by_make(example):
    flow = example("sam-makefile")
    flow.paths.insert(0, python_tool("sam", "aws-sam-cli==1.170.0"))

    flow.run("sam build")

    assert flow.call(flow.folder / ".aws-sam/build/Hello") == ANSWER
    assert not (flow.folder / ".aws-sam/build/Hello/idna/py.typed").exists()


def test_the_serverless_plugin(example):
    flow = example("serverless")
    flow.paths.insert(0, node_tool("osls", "osls@4.3.1"))
    for name in ("app.py", "requirements.txt"):
        shutil.copy(flow.folder.parent / "hello" / name, flow.folder)

    flow.run("serverless package")

    assert flow.call(flow.folder / ".slim/hello.zip") == ANSWER
    assert '"CodeSha256"' in (flow.folder / ".serverless/serverless-state.json").read_text()


def test_the_cdk_snippet_in_python(example):
    flow = example("cdk/python")
    flow.paths.insert(0, python_tool("cdk-python", "aws-cdk-lib==2.275.0"))
    minor = PYTHON.rpartition(".")[2]
    (flow.folder / "app.py").write_text(
        "from aws_cdk import App, Stack\nfrom aws_cdk.aws_lambda import Function, Runtime\nfrom slim import slim\n\n"
        "app = App(outdir='cdk.out')\nstack = Stack(app, 'Demo')\n"
        f"code = slim('../../hello', 'app.handler', '3.{minor}')\n"
        f"Function(stack, 'Hello', runtime=Runtime.PYTHON_3_{minor}, handler='app.handler', code=code)\n"
        "app.synth()\n"
    )

    flow.run("python app.py")

    (asset,) = (flow.folder / "cdk.out").glob("asset.*")
    assert flow.call(asset) == ANSWER


def test_terraform_external_speaks_its_protocol(example):
    flow = example("terraform")
    query = {"source": "../hello", "handler": "app.handler", "python": PYTHON, "output": "dist/hello.zip"}

    def ask(code=0):
        return flow.run(f"python3 lambda_slim.py <<'END'\n{json.dumps(query)}\nEND", code)

    result = json.loads(ask())

    assert all(isinstance(value, str) for value in result.values())
    assert flow.call(flow.folder / result["filename"]) == ANSWER
    digest = flow.run("openssl dgst -sha256 -binary dist/hello.zip | base64").strip()
    assert result["source_code_hash"] == digest
    assert json.loads(ask()) == result
    query["handler"] = "nothing.handler"
    assert ask(code=2) == ""


@pytest.mark.skipif(not shutil.which("terraform"), reason="no Terraform here")
def test_terraform_data_builds_once_and_after_an_edit(example):
    flow = example("terraform/terraform-data")
    (flow.folder / "lambda.tf").unlink()  # which needs a provider, and an account
    flow.run("terraform init -no-color")
    flow.run("terraform apply -auto-approve -no-color")
    package = flow.folder / "dist/hello.zip"
    first = state(package)
    assert flow.call(package) == ANSWER

    assert "No changes" in flow.run("terraform plan -no-color")
    app = flow.folder.parents[1] / "hello" / "app.py"
    app.write_text(app.read_text().replace('"host":', '"edited":'))
    flow.run("terraform apply -auto-approve -no-color")
    assert flow.call(package) == {"edited": ANSWER["host"]}
    assert state(package) != first


_PROVIDER = """provider "aws" {
  skip_credentials_validation = true
  skip_requesting_account_id  = true
  skip_metadata_api_check     = true
}
"""


@pytest.mark.skipif(not shutil.which("terraform"), reason="no Terraform here")
def test_terraform_plans_the_function_before_its_zip_is_there(example):
    flow = example("terraform/terraform-data")
    (flow.folder / "provider.tf").write_text(_PROVIDER)
    if plugins := os.environ.get("LAMBDA_SLIM_TEST_TERRAFORM_PLUGINS"):
        flow.run(f"terraform init -no-color -plugin-dir={plugins}")
    else:
        try:
            flow.run("terraform init -no-color")
        except AssertionError as error:
            pytest.skip(f"the provider cannot be had here: {error}")

    def planned():
        flow.run("terraform plan -no-color -out=plan")
        rows = json.loads(flow.run("terraform show -json plan"))["resource_changes"]
        (function,) = (row for row in rows if row["type"] == "aws_lambda_function")
        return function["change"]["after"]["source_code_hash"]

    first = planned()
    app = flow.folder.parents[1] / "hello" / "app.py"
    app.write_text(app.read_text() + "# edited\n")
    assert planned() != first


def test_the_image_gets_the_folder(example):
    flow = example("dockerfile")
    text = (flow.folder / "Dockerfile").read_text()

    flow.run(text.splitlines()[0].removeprefix("# "))

    source = next(line for line in text.splitlines() if line.startswith("COPY")).split()[1]
    assert flow.call(flow.folder / source) == ANSWER


def _commands(name):
    _, document = load_yaml((EXAMPLES / name).read_text("utf-8"))
    if "phases" in document:
        return [line for phase in document["phases"].values() for line in phase["commands"]]
    job = document.get("deploy") or document["jobs"]["deploy"]
    return job.get("script") or [step["run"] for step in job["steps"] if "run" in step]


@pytest.mark.parametrize("name", ["codebuild/buildspec.yml", "gitlab/.gitlab-ci.yml", "github/deploy.yml"])
def test_pipelines_slim_between_build_and_deployment(flow, name):
    commands = _commands(name)

    assert commands[1:3] == ["sam build", "lambda-slim slim .aws-sam/build"]
    build = flow.folder / ".aws-sam" / "build"  # as sam leaves it; test_in_place has the real one
    flow.run(f"uv pip install --quiet --target {build}/Hello -r requirements.txt && cp app.py {build}/Hello")
    properties = f"{{CodeUri: Hello, Handler: app.handler, Runtime: python{PYTHON}}}"
    (build / "template.yaml").write_text(
        "Resources:\n  Hello:\n    Type: AWS::Serverless::Function\n"
        f"    Metadata: {{SamResourceId: Hello}}\n    Properties: {properties}\n"
    )
    flow.run(commands[2])
    assert flow.call(build / "Hello") == ANSWER


def test_the_event_of_the_example_is_the_one_that_is_tested():
    assert json.loads((EXAMPLES / "hello/event.json").read_text("utf-8")) == EVENT
    assert subprocess.run(
        ["git", "-C", ROOT, "check-ignore", "-q", "integrations/hello/app.py"], check=False
    ).returncode
