"""The real tools build, `slim` slims in place, and an event gives the same before and after.

The lines are those of docs/deploying.md; the last one of each tool deploys, and is not run.
"""

import json
import re
from pathlib import Path

import pytest

from tests.integrations.conftest import ANSWER, PYTHON, ROOT, adapted, lines_of, node_tool, python_tool, state

pytestmark = [pytest.mark.slow, pytest.mark.network]


def round_trip(flow, tool, build, package, *, edit=True):
    """Builds, slims, slims again, edits, and takes it back; `package` finds the code of the function."""
    make, slim, _ = lines_of(tool)
    flow.run(make)
    plain = state(build)
    assert flow.call(package()) == ANSWER
    flow.run(slim)
    slimmed = state(build)
    assert slimmed != plain
    assert flow.call(package()) == ANSWER
    assert "slim already" in flow.run(slim)
    assert state(build) == slimmed
    flow.run(f"{slim} --undo".replace(" --level reach", ""))
    assert state(build) == plain
    if edit:
        flow.edit('"host":', '"edited":')
        flow.run(make)
        flow.run(slim)
        assert flow.call(package()) == {"edited": ANSWER["host"]}


def test_sam(flow):
    flow.paths.insert(0, python_tool("sam", "aws-sam-cli==1.170.0"))
    (flow.folder / "lambda-slim.toml").write_text('level = "reach"\n')
    (flow.folder / "template.yaml").write_text(
        adapted(
            "Transform: AWS::Serverless-2016-10-31\n"
            "Resources:\n"
            "  Hello:\n"
            "    Type: AWS::Serverless::Function\n"
            "    Properties: {CodeUri: ., Handler: app.handler, Runtime: python3.12}\n"
        )
    )
    build = flow.folder / ".aws-sam" / "build"

    round_trip(flow, "SAM", build, lambda: build / "Hello")
    assert not list(build.rglob("idna/__pycache__/codec*"))  # nothing reaches it


def _stack(minor: str) -> str:
    """A stack with a function that was packaged before, and one that is bundled by integrations/cdk/typescript."""
    return f"""import {{ App, Stack }} from 'aws-cdk-lib';
import {{ Code, Function, Runtime }} from 'aws-cdk-lib/aws-lambda';
import {{ slim }} from './slim.mjs';

const stack = new Stack(new App(), 'Demo');
const common = {{ runtime: Runtime.PYTHON_3_{minor}, handler: 'app.handler' }};
new Function(stack, 'Hello', {{ ...common, code: Code.fromAsset('package') }}).currentVersion;
new Function(stack, 'Bundled', {{ ...common, code: slim('source', 'app.handler', '3.{minor}') }});
"""


def _asset(out: Path, name: str) -> Path:
    """The folder of a function's code, as the template and the manifest of assets lead to it."""
    rows = json.loads((out / "Demo.template.json").read_text())["Resources"].items()
    functions = [row for key, row in rows if row["Type"] == "AWS::Lambda::Function" and key.startswith(name)]
    key = functions[0]["Properties"]["Code"]["S3Key"]
    files = json.loads((out / "Demo.assets.json").read_text())["files"]
    return out / files[key.removesuffix(".zip")]["source"]["path"]


def test_cdk(flow):
    flow.paths.insert(0, node_tool("cdk", "aws-cdk@2.1148.1", "aws-cdk-lib@2.276.0", "constructs@10.8.1"))
    (flow.folder / "node_modules").symlink_to(flow.paths[0].parent)
    flow.run("mkdir source package && mv app.py requirements.txt source && cp source/app.py package")
    flow.run(f"uv pip install --quiet --target package --python-version {PYTHON} -r source/requirements.txt")
    (flow.folder / "slim.mjs").write_text((ROOT / "integrations/cdk/typescript/slim.ts").read_text())
    (flow.folder / "stack.mjs").write_text(_stack(PYTHON.rpartition(".")[2]))
    (flow.folder / "cdk.json").write_text('{"app": "node stack.mjs"}')
    out = flow.folder / "cdk.out"

    round_trip(flow, "CDK", out, lambda: _asset(out, "Hello"), edit=False)

    assert flow.call(_asset(out, "Bundled")) == ANSWER
    flow.run(lines_of("CDK")[1])
    assert "Demo" in flow.run("cdk list --app cdk.out").split()


@pytest.mark.parametrize(("name", "package"), [("serverless", "serverless@3.40.0"), ("osls", "osls@4.3.1")])
def test_serverless(flow, name, package):
    flow.paths.insert(0, node_tool(name, package))
    flow.run(f"uv pip install --quiet --target . --python-version {PYTHON} -r requirements.txt")
    (flow.folder / "serverless.yml").write_text(
        adapted(
            "service: hello\nframeworkVersion: '*'\nprovider: {name: aws, runtime: python3.12}\n"
            "functions: {hello: {handler: app.handler}}\n"
        )
    )
    build = flow.folder / ".serverless"

    round_trip(flow, "Serverless 3, osls", build, lambda: build / "hello.zip", edit=False)
    flow.run(lines_of("Serverless 3, osls")[1])
    digest = flow.run("openssl dgst -sha256 -binary .serverless/hello.zip | base64").strip()
    assert set(re.findall(r'"CodeSha256": "([^"]+)"', (build / "serverless-state.json").read_text())) == {digest}


def test_chalice(flow):
    flow.paths.insert(0, python_tool("chalice", "chalice==1.34.0", "setuptools", "idna==3.10"))
    (flow.folder / ".chalice").mkdir()
    (flow.folder / ".chalice" / "config.json").write_text('{"version": "2.0", "app_name": "hello"}')
    (flow.folder / "app.py").write_text(
        "import idna\nfrom chalice import Chalice\n\napp = Chalice(app_name='hello')\n\n\n"
        "@app.lambda_function()\ndef handler(event, context):\n"
        '    return {"host": idna.encode(event["host"]).decode()}\n'
    )
    build = flow.folder / "out"

    round_trip(flow, "Chalice", build, lambda: build / "deployment.zip")


def test_zappa(flow):
    flow.paths.insert(0, python_tool("zappa", "zappa==0.63.0", "flask==3.1.3", "setuptools<81"))
    flow.env["VIRTUAL_ENV"] = str(flow.paths[0].parent)
    (flow.folder / "app.py").write_text(
        "from flask import Flask\n\napp = Flask(__name__)\n\n\n@app.route('/')\ndef hello():\n    return 'hello'\n"
    )
    stage = {"app_function": "app.app", "project_name": "hello", "runtime": f"python{PYTHON}", "slim_handler": False}
    stage |= {"exclude_glob": ["botocore/data", "pip", "setuptools"]}  # bytes that only take time
    (flow.folder / "zappa_settings.json").write_text(json.dumps({"dev": {**stage, "s3_bucket": "none"}}))
    (flow.folder / "build").mkdir()
    package = flow.folder / "build" / "dev.zip"
    event = {"httpMethod": "GET", "path": "/", "headers": {}, "requestContext": {}, "body": None}
    event |= {"queryStringParameters": None, "isBase64Encoded": False}
    make, slim, _ = lines_of("Zappa")

    flow.run(make)
    before, size = flow.call(package, "handler.lambda_handler", event), package.stat().st_size
    plain = state(package)
    flow.run(f"{slim} --bytecode none")

    assert flow.call(package, "handler.lambda_handler", event) == before
    assert before["body"] == "hello"
    assert package.stat().st_size < size
    flow.run(f"{slim} --undo")
    assert state(package) == plain
