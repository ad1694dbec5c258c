"""What layers put into /opt, and what follows from it."""

import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from lambda_slim.base.errors import ConfigError
from lambda_slim.inputs.inventory import folder_files
from lambda_slim.inputs.layers import lay_opt, read_layers, search_folders, with_opt
from lambda_slim.inputs.project.find import find_project
from lambda_slim.inputs.project.layers import settings_layers
from lambda_slim.inputs.settings.load import load
from lambda_slim.knowledge.layers import public_layer, wrappers
from lambda_slim.model.function import Function
from lambda_slim.model.layer import Layer
from lambda_slim.model.settings import Settings
from lambda_slim.run.search_path import layer_path
from lambda_slim.tasks.prepare import plan_function, prepare
from tests.unit.factory import TARGET

SETTINGS = Settings(root=Path("/nowhere"))
TEMPLATE = """
x: &layers [!Ref Common, !Ref Top, "arn:aws:lambda:eu-west-1:1:layer:mine:3"]
Resources:
  F:
    Type: AWS::Serverless::Function
    Properties: {CodeUri: fn/, Handler: app.handler, Runtime: python3.12, Layers: *layers}
  Common:
    Type: AWS::Serverless::LayerVersion
    Properties: {ContentUri: common/}
    Metadata: {BuildMethod: python3.12}
  Top:
    Type: AWS::Lambda::LayerVersion
    Properties: {Content: top.zip}
"""


def write(folder, files):
    for name, text in files.items():
        place = folder / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text)
    return folder


def function(folder, *layers, **more):
    return Function("F", "app.handler", folder, TARGET, layers=layers, **more)


def test_layers_of_the_template_are_read_and_a_later_one_wins(tmp_path):
    write(tmp_path, {"template.yaml": TEMPLATE, "fn/app.py": "import tools, deep\ndef handler(e, c): ...\n"})
    write(tmp_path / "common", {"python/tools.py": "A = 1\n", "deep.py": ""})
    with zipfile.ZipFile(tmp_path / "top.zip", "w") as file:
        file.writestr("python/tools.py", "A = 2\n")
        file.writestr("bin/run", "")

    found = find_project(tmp_path, load(tmp_path)).functions[0]
    contents = read_layers(found, SETTINGS)

    assert [layer.name for layer in found.layers] == ["Common", "Top", "arn:aws:lambda:eu-west-1:1:layer:mine:3"]
    assert [file.path for file in contents.files] == ["bin/run", "python/deep.py", "python/tools.py"]
    assert [file.path for file in contents.importable] == ["deep.py", "tools.py"]
    assert contents.layer_of["python/tools.py"] == "Top"
    assert [layer.name for layer in contents.unread] == ["arn:aws:lambda:eu-west-1:1:layer:mine:3"]
    assert (lay_opt(contents) / "python/tools.py").read_text() == "A = 2\n"


def test_the_folder_for_one_runtime_comes_before_the_one_for_all(tmp_path):
    write(
        tmp_path,
        {"python/a.py": "1", "python/lib/python3.12/site-packages/a.py": "2", "python/lib/python3.11/x.py": ""},
    )

    contents = read_layers(function(tmp_path, Layer("L", tmp_path)), SETTINGS)

    assert [(file.path, file.source.read_text()) for file in contents.importable] == [("a.py", "2")]


def test_a_function_with_pythonpath_sees_only_the_places_that_it_names():
    plain = function(Path("/nowhere"))
    named = replace(plain, environment={"PYTHONPATH": "/var/task/lib:/opt/extra/"})

    assert search_folders(plain) == ("python/lib/python3.12/site-packages", "python")
    assert search_folders(named) == ("extra",)
    assert layer_path(replace(named, opt=Path("/o"))) == []
    assert layer_path(replace(plain, opt=Path("/o"))) == ["/o/python/lib/python3.12/site-packages", "/o/python"]


def test_what_a_layer_imports_is_reached_in_the_package(tmp_path):
    write(
        tmp_path / "fn", {"app.py": "from plat.conf import read\ndef handler(e, c): ...\n", "far.py": "", "idle.py": ""}
    )
    write(tmp_path / "layer", {"python/plat/__init__.py": "", "python/plat/conf.py": "import far\n"})

    planned = plan_function(function(tmp_path / "fn", Layer("L", tmp_path / "layer")), replace(SETTINGS, level="reach"))

    assert "far.py" in planned.facts.reach.files
    assert "plat/conf.py" in planned.facts.reach.files
    assert "plat/conf.py" not in {decision.file.path for decision in planned.plan.decisions}
    assert planned.function.opt is not None
    assert with_opt(planned.function, SETTINGS) is planned.function


def installed(folder, name, text, **more):
    files = {f"{name}/__init__.py": text, f"{name}-1.dist-info/METADATA": f"Name: {name}\n", **more}
    record = "".join(f"{path},,\n" for path in files)
    return write(folder, {**files, f"{name}-1.dist-info/RECORD": record})


@pytest.mark.parametrize(("theirs", "kept"), [("A = 1\n", False), ("A = 2\n", True)])
def test_a_distribution_goes_only_where_a_layer_has_every_file_of_it(tmp_path, theirs, kept):
    package = installed(write(tmp_path / "zip", {"app.py": "import lib\ndef handler(e, c): ...\n"}), "lib", "A = 1\n")
    layer = installed(tmp_path / "layer/python", "lib", theirs)
    asked = replace(function(package, Layer("L", layer.parent)), artifact=package)

    planned = plan_function(asked, SETTINGS)

    assert ("lib/__init__.py" in {file.path for file in planned.plan.kept}) is kept


def test_a_layer_that_is_not_there_is_an_error_with_its_place(tmp_path):
    with pytest.raises(ConfigError, match="the layer `L` is not there"):
        prepare(function(tmp_path, Layer("L", tmp_path / "gone", where="template.yaml:3")), SETTINGS)


def test_layers_of_the_settings_are_places_addresses_or_requirements(tmp_path):
    (tmp_path / "here").mkdir()
    arn = "arn:aws:lambda:us-east-1:336392948345:layer:AWSSDKPandas-Python312:13"

    found = settings_layers(["here", "gone.zip", "httpx>=0.27", arn], tmp_path, "lambda-slim.toml")

    assert [layer.content for layer in found] == [tmp_path / "here", tmp_path / "gone.zip", None, None]
    assert [layer.requirement for layer in found] == ["", "", "httpx>=0.27", ""]
    assert found[3].known == "AWS SDK for pandas"


@pytest.mark.parametrize(
    ("arn", "title"),
    [
        (
            "arn:aws:lambda:us-east-1:017000801446:layer:AWSLambdaPowertoolsPythonV3-python312-x86_64:4",
            "Powertools for AWS Lambda",
        ),
        ("arn:aws:lambda:eu-central-1:753240598075:layer:LambdaAdapterLayerX86:24", "Lambda Web Adapter"),
        ("arn:aws-us-gov:lambda:us-gov-west-1:464622532012:layer:Datadog-Python312-ARM:99", "Datadog library"),
        ("arn:aws:lambda:us-east-1:123456789012:layer:AWSLambdaPowertoolsPythonV2:4", None),
        ("(unknown)", None),
    ],
)
def test_public_layers_are_known_by_owner_and_name(arn, title):
    found = public_layer(arn)

    assert (found and found.title) == title


def test_each_wrapper_names_its_variable():
    assert {wrapper.variable for wrapper in wrappers()} >= {"DD_LAMBDA_HANDLER", "NEW_RELIC_LAMBDA_HANDLER"}


def test_the_owner_of_a_file_is_known_in_any_folder_that_holds_dist_info(tmp_path):
    installed(tmp_path / "vendored", "lib", "", **{"lib/sub/data.txt": ""})
    write(tmp_path, {"app.py": "", "vendored/own.py": "", "lib.py": ""})

    owners = {file.path: file.owner for file in folder_files(tmp_path)}

    assert owners["vendored/lib/sub/data.txt"] == "lib"
    assert owners["vendored/lib-1.dist-info/METADATA"] == "lib"
    assert owners["vendored/own.py"] == owners["app.py"] == owners["lib.py"] == ""


def test_what_a_makefile_puts_into_a_layer_is_not_known(tmp_path):
    files = {"fn/app.py": "def handler(event, context): return 1", "common/Makefile": "build-Common:\n", "top.zip": ""}
    write(tmp_path, {**files, "template.yaml": TEMPLATE.replace("python3.12}", "makefile}", 2)})
    function = find_project(tmp_path, load(tmp_path)).functions[0]
    assert [(layer.name, layer.content, layer.provides) for layer in function.layers[:1]] == [("Common", None, ("*",))]
