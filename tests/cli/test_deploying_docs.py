"""The lines of docs/deploying.md that need no other tool; tests/integrations runs those that do."""

import json
import re
import shlex
import sys
import zipfile
from pathlib import Path

import pytest

from lambda_slim.cli.main import run
from lambda_slim.inputs.project.find import find_project
from lambda_slim.inputs.settings.load import load
from tests.cli.builds import FILES, PYTHON, cdk_out, function, pack, sam_build, serverless_out, state
from tests.cli.conftest import ROOT

DOC = (ROOT / "docs/deploying.md").read_text("utf-8").replace("3.12", f"3.{sys.version_info[1]}")
WITH_TOOLS = {"SAM", "CDK", "Serverless 3, osls", "Chalice", "Zappa"}  # tests/integrations/test_in_place.py


@pytest.fixture(autouse=True)
def alone(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LAMBDA_SLIM_CACHE", str(tmp_path / "cache"))
    (tmp_path / "lambda-slim.toml").write_text('level = "safe"\n')  # no proof


def blocks():
    return dict(re.findall(r"^### ([^\n]+)\n+```sh\n(.*?)```", DOC, re.DOTALL | re.MULTILINE))


def test_every_block_is_run_by_a_test():
    assert blocks().keys() == WITH_TOOLS | {"Any other zip or folder"}
    lines = (ROOT / "tests/integrations/test_in_place.py").read_text("utf-8")
    assert all(f'"{name}"' in lines for name in WITH_TOOLS)


def test_any_other_zip():
    pack(Path("build/orders.zip"))
    before = Path("build/orders.zip").read_bytes()

    for line in blocks()["Any other zip or folder"].splitlines():
        assert run(shlex.split(line)[1:]) == 0

    assert Path("build/orders.zip").read_bytes() != before


def _chalice(folder):
    pack(folder / "out" / "deployment.zip")
    resource = {"Type": "AWS::Serverless::Function", "Properties": function(CodeUri="./deployment.zip")}
    (folder / "out" / "sam.json").write_text(json.dumps({"Resources": {"F": resource}}))
    return folder / "out"


def _zappa(folder):
    pack(folder / "build" / "dev.zip")
    with zipfile.ZipFile(folder / "build" / "dev.zip", "a") as archive:
        archive.writestr("handler.py", "def lambda_handler(event, context):\n    return event\n")
        archive.writestr("zappa_settings.py", "")
    (folder / "lambda-slim.toml").write_text(f'level = "safe"\npython = "{PYTHON.removeprefix("python")}"\n')
    return folder / "build"


BUILDS = {
    "SAM": lambda folder: sam_build(folder, {"A": ("A", "app.handler")}),
    "CDK": lambda folder: cdk_out(folder, {"A": "app.handler"}),
    "Serverless 3, osls": lambda folder: serverless_out(folder, {"hello": "app.handler"}),
    "Chalice": _chalice,
    "Zappa": _zappa,
}


@pytest.mark.parametrize("tool", BUILDS)
def test_the_lines_of_each_tool_slim_its_build_and_take_it_out_again(tmp_path, tool):
    text = DOC.partition(f"### {tool}\n")[2].partition("\n#")[0]
    there, back = dict.fromkeys(re.findall(r"lambda-slim slim [^`\n]+", text))
    build = BUILDS[tool](tmp_path)
    before = state(build)

    assert run(shlex.split(there)[1:]) == 0
    assert state(build) != before
    assert run(shlex.split(back)[1:]) == 0
    assert state(build) == before


def test_a_built_zip_is_what_the_table_says_it_is_to_each_tool():
    """The cells that are no command name the zip as the tool's own file does, and lead back to its source."""
    table = DOC[DOC.index("## Before your tool's build") :]
    place = "dist/OrdersFunction.zip"
    Path("app.py").write_text(FILES["app.py"])
    Path("shared.py").write_text(FILES["shared.py"])
    resource = {"Type": "AWS::Serverless::Function", "Properties": function(CodeUri=".")}
    Path("template.yaml").write_text(json.dumps({"Resources": {"OrdersFunction": resource}}))
    assert run(["build", "-q"]) == 0

    assert f"`CodeUri: {place}`" in table
    resource["Properties"]["CodeUri"] = place
    Path("template.yaml").write_text(json.dumps({"Resources": {"OrdersFunction": resource}}))
    assert _source_of("template.yaml") == Path().absolute()
    assert f"`Code: {place}`" in table
    raw = {"Type": "AWS::Lambda::Function", "Properties": function(Code=place)}
    Path("raw.yaml").write_text(json.dumps({"Resources": {"OrdersFunction": raw}}))
    assert _source_of("raw.yaml") == Path().absolute()
    artifact = re.search(r"`package: (\{artifact: [^`]+\})`", table)[1]
    Path("serverless.yml").write_text(
        f"service: s\nprovider: {{name: aws, runtime: {PYTHON}}}\n"
        f"functions: {{OrdersFunction: {{handler: app.handler, package: {artifact}}}}}\n"
    )
    assert _source_of("serverless.yml") == Path().absolute()
    lines = re.findall(r"`((?:filename|source_code_hash) = [^`]+)`", table)
    body = "\n".join([*lines, 'function_name = "OrdersFunction"', 'handler = "app.handler"', f'runtime = "{PYTHON}"'])
    Path("main.tf").write_text(f'resource "aws_lambda_function" "OrdersFunction" {{\n{body}\n}}\n')
    assert _source_of("main.tf") == Path().absolute()


def _source_of(file):
    (only,) = find_project(Path(file), load(Path())).functions
    return only.source


def test_the_builds_before_a_tool():
    for name in ("app.py", "shared.py"):
        Path(name).write_text(FILES[name])
    resource = {"Type": "AWS::Serverless::Function", "Properties": function(CodeUri=".")}
    Path("template.yaml").write_text(json.dumps({"Resources": {"OrdersFunction": resource}}))
    table = DOC[DOC.index("## Before your tool's build") :]
    lines = sorted(set(re.findall(r"`(lambda-slim build --[^`]+)`", table)))
    assert len(lines) == 2

    for line in lines:
        assert run(shlex.split(line)[1:]) == 0

    assert Path("dist/OrdersFunction/app.py").is_file()
    assert f'"{PYTHON}"' in Path("dist/template.yaml").read_text()
