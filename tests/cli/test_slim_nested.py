"""`slim` of builds in builds: stages and nested stacks of the CDK, nested applications of SAM."""

import hashlib
import json
import re

import pytest

from lambda_slim.cli.main import run
from tests.cli.builds import cdk_out, function, lay, sam_build, state

SAFE = ("--level", "safe", "--bytecode", "none")


@pytest.fixture(autouse=True)
def alone(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LAMBDA_SLIM_CACHE", str(tmp_path / "cache"))


def _dump(path, document):
    path.write_text(json.dumps(document))
    return hashlib.sha256(path.read_bytes()).hexdigest()


def staged_out(folder):
    """`cdk.out` with a stage: its function is in a nested stack, and its asset lies above."""
    out = cdk_out(folder, {"A": "app.handler"})
    stage = out / "assembly-Prod"
    stage.mkdir()
    (stage / "cdk.out").write_text('{"version":"55.0.0"}')
    (asset,) = out.glob("asset.*")
    key = asset.name.removeprefix("asset.")
    code = {"S3Bucket": {"Fn::Sub": "assets-${AWS::Region}"}, "S3Key": f"{key}.zip"}
    metadata = {"aws:asset:path": f"../{asset.name}"}
    row = {"Type": "AWS::Lambda::Function", "Properties": function("other.handler", Code=code), "Metadata": metadata}
    inner = _dump(stage / "ProdInner.nested.template.json", {"Resources": {"B": row}})
    url = {"Fn::Join": ["", ["https://s3.", {"Ref": "AWS::URLSuffix"}, f"/assets/{inner}.json"]]}
    nested = {"Type": "AWS::CloudFormation::Stack", "Properties": {"TemplateURL": url}}
    outer = _dump(stage / "Prod.template.json", {"Resources": {"Inner": nested}})
    files = {
        key: {
            "source": {"path": f"../{asset.name}", "packaging": "zip"},
            "destinations": {"x": {"objectKey": f"{key}.zip"}},
        },
        inner: {
            "source": {"path": "ProdInner.nested.template.json"},
            "destinations": {"x": {"objectKey": f"{inner}.json"}},
        },
        outer: {"source": {"path": "Prod.template.json"}, "destinations": {"x": {"objectKey": f"{outer}.json"}}},
    }
    _dump(stage / "Prod.assets.json", {"version": "55.0.0", "files": files})
    properties = {"templateFile": "Prod.template.json", "stackTemplateAssetObjectUrl": f"s3://assets/{outer}.json"}
    artifacts = {"Prod": {"type": "aws:cloudformation:stack", "properties": properties}}
    _dump(stage / "manifest.json", {"version": "55.0.0", "artifacts": artifacts})
    manifest = json.loads((out / "manifest.json").read_text())
    manifest["artifacts"]["assembly-Prod"] = {
        "type": "cdk:cloud-assembly",
        "properties": {"directoryName": "assembly-Prod"},
    }
    _dump(out / "manifest.json", manifest)
    return out


def test_a_stage_and_a_nested_stack_of_the_cdk(tmp_path):
    out = staged_out(tmp_path)
    before = state(out)

    assert run(["slim", str(out), *SAFE]) == 0

    (asset,) = out.glob("asset.*")
    stage = out / "assembly-Prod"
    assert (asset / "extra.py").is_file()  # which only the function of the stage needs
    assert not (asset / "tiny" / "_stub.pyi").exists()
    files = json.loads((stage / "Prod.assets.json").read_text())["files"]
    assert {row["source"]["path"] for row in files.values()} >= {f"../{asset.name}", "Prod.template.json"}
    for key, row in files.items():
        if row["source"]["path"].endswith(".json"):
            assert hashlib.sha256((stage / row["source"]["path"]).read_bytes()).hexdigest() == key
        assert row["destinations"]["x"]["objectKey"].partition(".")[0] == key
    (url,) = re.findall(r"assets/([0-9a-f]{64})\.json", (stage / "Prod.template.json").read_text())
    assert files[url]["source"]["path"] == "ProdInner.nested.template.json"
    text = (stage / "ProdInner.nested.template.json").read_text()
    assert asset.name in text
    assert asset.name.removeprefix("asset.") + ".zip" in text
    (mark,) = re.findall(r"assets/([0-9a-f]{64})\.json", (stage / "manifest.json").read_text())
    assert files[mark]["source"]["path"] == "Prod.template.json"
    assert run(["slim", str(out), "--undo"]) == 0
    assert state(out) == before


def test_a_nested_application_of_sam(tmp_path, capsys):
    """As `sam build` leaves it: the child's template lies in a folder, with the code of its functions beside it."""
    build = sam_build(tmp_path, {"A": ("A", "app.handler")})
    lay(build / "Child" / "B")
    lay(build / "Child" / "Both")
    child = {
        "Globals": {"Function": {"Runtime": "nodejs22.x"}},
        "Resources": {
            "B": {"Type": "AWS::Serverless::Function", "Properties": function(CodeUri="B")},
            "P": {"Type": "AWS::Serverless::Function", "Properties": function(CodeUri="Both")},
            "Node": {
                "Type": "AWS::Serverless::Function",
                "Properties": {"CodeUri": "Both", "Handler": "index.handler"},
            },
        },
    }
    _dump(build / "Child" / "template.yaml", child)
    document = json.loads((build / "template.yaml").read_text())
    document["Resources"]["Child"] = {
        "Type": "AWS::Serverless::Application",
        "Properties": {"Location": "Child/template.yaml"},
        "Metadata": {"SamResourceId": "Child"},
    }
    _dump(build / "template.yaml", document)
    before = state(build)

    assert run(["slim", str(build), *SAFE]) == 0

    assert "P: Node has the same code" in " ".join(capsys.readouterr().out.split())
    after = state(build)
    assert "Child/B/tiny/_stub.pyi" not in after
    assert "Child/Both/tiny/_stub.pyi" in after
    assert run(["slim", str(build), "--undo"]) == 0
    assert state(build) == before


def test_a_template_that_leads_to_itself(tmp_path, capsys):
    build = sam_build(tmp_path, {"A": ("A", "app.handler")})
    document = json.loads((build / "template.yaml").read_text())
    row = {"Type": "AWS::Serverless::Application", "Properties": {"Location": "template.yaml"}}
    document["Resources"] |= {"Again": row, "Twice": row}
    _dump(build / "template.yaml", document)

    assert run(["slim", str(build), *SAFE]) == 0

    text = " ".join(capsys.readouterr().out.split())
    assert "1 package slimmed" in text
    assert "which leads to itself" in text


def test_code_within_the_code_of_another_function_is_left_alone(tmp_path, capsys):
    build = sam_build(tmp_path, {"A": ("A", "app.handler"), "B": ("A/inner", "other.handler")})
    before = state(build)

    assert run(["slim", str(build), *SAFE]) == 0

    assert "2 packages left alone" in capsys.readouterr().out
    assert state(build) == before
