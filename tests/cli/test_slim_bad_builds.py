"""`slim` on builds that are half written, of other versions, or no builds of Python functions at all."""

import json
import os
import shutil
import sys
import zipfile

import pytest

from lambda_slim.cli.main import run
from tests.cli.builds import LAYER, cdk_out, function, lay, pack, sam_build, serverless_out, state

MINOR = f"3.{sys.version_info[1]}"


@pytest.fixture(autouse=True)
def alone(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LAMBDA_SLIM_CACHE", str(tmp_path / "cache"))


def slim(*arguments):
    return run(["slim", *map(str, arguments), "--no-verify"])


def without(path):
    path.unlink()
    return path.parent


def _sam(folder):
    return sam_build(folder, {"A": ("A", "app.handler")})


def _no_template(folder):
    return without(_sam(folder) / "template.yaml")


def _no_manifest(folder):
    return without(cdk_out(folder, {"A": "app.handler"}) / "manifest.json")


def _no_state(folder):
    return without(serverless_out(folder, {"hello": "app.handler"}) / "serverless-state.json")


def _state_without_template(folder):
    out = serverless_out(folder, {"hello": "app.handler"})
    (out / "serverless-state.json").write_text('{"service": {"functions": {"hello": {"handler": "app.handler"}}}}')
    return out


def _no_assets(folder):
    """As CDK writes it: the manifest has an artifact for the file that lists the assets."""
    out = cdk_out(folder, {"A": "app.handler"})
    manifest = json.loads((out / "manifest.json").read_text())
    assets = {"type": "cdk:asset-manifest", "properties": {"file": "Demo.assets.json"}}
    manifest["artifacts"]["Demo.assets"] = assets
    (out / "manifest.json").write_text(json.dumps(manifest))
    return without(out / "Demo.assets.json")


def _parent(folder):
    return _sam(folder).parent


@pytest.mark.parametrize(
    ("make", "text"),
    [
        (_no_template, "`build` has no template.yaml"),
        (_no_manifest, "`cdk.out` has no manifest.json"),
        (_no_state, "`.serverless` has no serverless-state.json"),
        (_state_without_template, "serverless-state.json of `.serverless` holds no template"),
        (_no_assets, "`Demo.assets.json` is not there"),
        (_parent, "/.aws-sam/build"),
    ],
)
def test_what_is_half_written_says_what_is_missing(tmp_path, capsys, make, text):
    target = make(tmp_path)
    before = state(target)

    assert slim(target) == 2

    told = " ".join(capsys.readouterr().err.split())
    assert text in told
    assert "again" in told or "/.aws-sam/build" in told
    assert state(target) == before


def test_a_chalice_package_without_its_zip_is_half_built(tmp_path, capsys):
    out = tmp_path / "out"
    out.mkdir()
    resource = {"Type": "AWS::Serverless::Function", "Properties": function(CodeUri="./deployment.zip")}
    (out / "sam.json").write_text(json.dumps({"Resources": {"F": resource}}))

    assert slim(out) == 2
    assert "the code of F is not there" in " ".join(capsys.readouterr().out.split())


def test_older_sam_says_of_its_folder_only_where_it_lies(tmp_path):
    build = _sam(tmp_path)
    template = json.loads((build / "template.yaml").read_text())
    del template["Resources"]["A"]["Metadata"]
    (build / "template.yaml").write_text(json.dumps(template))

    assert slim(build) == 0
    assert "A/tiny/_stub.pyi" not in state(build)


def test_a_zip_that_its_template_does_not_mean_is_left_alone(tmp_path, capsys):
    out = serverless_out(tmp_path, {"hello": "app.handler"})
    with zipfile.ZipFile(out / "demo.zip", "a") as archive:
        archive.writestr("late.txt", "packed after the template was written")
    before = state(out)

    assert slim(out) == 2

    assert "CodeSha256 of its version is that of another zip" in " ".join(capsys.readouterr().out.split())
    assert state(out) == before


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes here")
def test_a_pipe_in_a_package_stops_only_that_package(tmp_path, capsys):
    build = sam_build(tmp_path, {"A": ("A", "app.handler"), "B": ("B", "other.handler")})
    os.mkfifo(build / "A" / "pipe")

    assert slim(build) == 3

    out = " ".join(capsys.readouterr().out.split())
    assert "neither a file nor a link" in out
    assert "1 package slimmed, 1 package FAILED" in out


def _layer(place):
    if place.suffix == ".zip":
        place.parent.mkdir(parents=True, exist_ok=True)
        with zipfile.ZipFile(place, "w") as archive:
            for name, text in LAYER.items():
                archive.writestr(name, text)
        return place
    for name, text in LAYER.items():
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        (place / name).write_text(text)
    return place


@pytest.mark.parametrize("name", ["layer.zip", "layer"])
@pytest.mark.parametrize("flags", [(), ("--handler", "app.handler", "--python", MINOR)])
def test_a_layer_by_itself_is_told_to_be_one(tmp_path, capsys, name, flags):
    place = _layer(tmp_path / name)

    assert slim(place, *flags) == 2

    told = " ".join(capsys.readouterr().err.split())
    assert f"`{name}` is a layer" in told
    assert "docs/layers.md" in told


def test_a_layer_beside_functions_is_left_alone(tmp_path, capsys):
    pack(tmp_path / "out" / "fn.zip")
    before = _layer(tmp_path / "out" / "layer.zip").read_bytes()

    assert slim(tmp_path / "out", "--handler", "app.handler", "--python", MINOR) == 0

    out = " ".join(capsys.readouterr().out.split())
    assert "layer.zip: left alone" in out
    assert "1 package slimmed" in out
    assert (tmp_path / "out" / "layer.zip").read_bytes() == before


def test_a_function_below_a_folder_called_python_is_one(tmp_path):
    with zipfile.ZipFile(tmp_path / "fn.zip", "w") as archive:
        archive.writestr("python/app.py", "def handler(event, context):\n    return event\n")

    assert slim(tmp_path / "fn.zip", "--handler", "python.app.handler", "--python", MINOR) == 0


@pytest.mark.parametrize(("files", "text"), [({"index.js": "", "package.json": "{}"}, "index.js"), ({}, "it is empty")])
def test_a_zip_without_python_says_what_it_has(tmp_path, capsys, files, text):
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)

    assert slim(tmp_path / "x.zip", "--handler", "app.handler", "--python", MINOR) == 5

    told = " ".join(capsys.readouterr().err.split())
    assert "has no Python code" in told
    assert text in told


def test_a_zip_that_does_not_say_its_python_is_asked_back_also_in_a_folder(tmp_path, capsys):
    pack(tmp_path / "out" / "fn.zip")

    assert slim(tmp_path / "out") == 5
    assert "say --python" in " ".join(capsys.readouterr().err.split())


def test_an_assembly_of_the_first_cdk_is_renamed_everywhere(tmp_path):
    """CDK 1 without the new synthesizer: parameters are called after the hash, and the manifest lists the assets."""
    out = tmp_path / "cdk.out"
    key = "ab" * 32
    lay(out / f"asset.{key}")
    (out / "cdk.out").write_text('{"version":"14.0.0"}')
    code = {"S3Bucket": {"Ref": f"AssetParameters{key}S3Bucket0"}, "S3Key": {"Ref": f"AssetParameters{key}S3Key1"}}
    lambda_function = {
        "Type": "AWS::Lambda::Function",
        "Properties": function("app.handler", Code=code),
        "Metadata": {"aws:asset:path": f"asset.{key}"},
    }
    (out / "S.template.json").write_text(json.dumps({"Resources": {"F": lambda_function}}))
    asset = {"path": f"asset.{key}", "id": key, "packaging": "zip", "sourceHash": key}
    stack = {
        "type": "aws:cloudformation:stack",
        "properties": {"templateFile": "S.template.json"},
        "metadata": {"/S": [{"type": "aws:cdk:asset", "data": asset}]},
    }
    (out / "manifest.json").write_text(json.dumps({"version": "14.0.0", "artifacts": {"S": stack}}))

    assert slim(out) == 0

    (place,) = out.glob("asset.*")
    texts = (out / "S.template.json").read_text() + (out / "manifest.json").read_text()
    assert key not in texts
    assert texts.count(place.name.removeprefix("asset.")) == 6
    shutil.rmtree(out / ".lambda-slim-before")
