"""Layers that deployment files make: Terraform's, Serverless's and those that a CDK program adds."""

from dataclasses import replace

import pytest

from lambda_slim.inputs.layers import read_layers
from lambda_slim.model.settings import Settings

FUNCTION = """
resource "aws_lambda_function" "f" {
  filename = "f.zip"
  handler  = "app.handler"
  runtime  = "python3.12"
  layers   = LAYERS
}
data "archive_file" "f" {
  type        = "zip"
  source_dir  = "fn"
  output_path = "f.zip"
}
"""
ARCHIVE = """
data "archive_file" "l" {
  type        = "zip"
  source_dir  = "${path.module}/layer"
  output_path = "l.zip"
}
resource "aws_lambda_layer_version" "l" {
  layer_name = "l"
  filename   = data.archive_file.l.output_path
}
"""
INSTALLED = """
resource "null_resource" "pip" {
  provisioner "local-exec" {
    command = "pip install -r reqs.txt -t layer/python/lib/python3.12/site-packages && cp -r shared layer/python/"
  }
}
"""
COMMUNITY = """
module "l" {
  source       = "terraform-aws-modules/lambda/aws"
  create_layer = true
  source_path  = [{ path = "shared", pip_requirements = true, prefix_in_zip = "python" }]
}
"""
CODE = {"fn/app.py": None, "reqs.txt": "tabulate", "shared/util.py": "", "shared/requirements.txt": "tabulate"}


def layers(project):
    """(name, what of it is read here) of the layers of the only function."""
    (function,) = project.functions
    for layer in function.layers:
        asked = layer.requirement.rpartition("/")[2] or (layer.requirements.name if layer.requirements else "")
        yield layer.name, layer.content.name if layer.content else "", layer.prefix, asked


@pytest.mark.parametrize(
    ("text", "named", "files", "expected"),
    [
        (ARCHIVE, "[aws_lambda_layer_version.l.arn]", {"layer/python/x.py": ""}, [("l", "layer", "", "")]),
        (
            ARCHIVE + INSTALLED,
            "[aws_lambda_layer_version.l.arn]",
            {},
            [("l", "", "", "reqs.txt"), ("l", "shared", "python/shared/", "")],
        ),
        (
            COMMUNITY,
            'concat([module.l.lambda_layer_arn], ["arn:aws:lambda:eu-west-1:1:layer:x:3"])',
            {},
            [
                ("l", "", "", "requirements.txt"),
                ("l", "shared", "python/", ""),
                ("arn:aws:lambda:eu-west-1:1:layer:x:3", "", "", ""),
            ],
        ),
        (COMMUNITY.replace(', prefix_in_zip = "python"', ""), "[module.l.lambda_layer_arn]", {}, [("l", "", "", "")]),
        ("", "var.layers", {}, [("layer 1", "", "", "")]),
    ],
)
def test_layers_of_terraform(found, text, named, files, expected):
    assert list(layers(found({**CODE, **files, "main.tf": FUNCTION.replace("LAYERS", named) + text}))) == expected


def test_layer_that_a_module_hands_on(found):
    outputs = 'output "arn" { value = aws_lambda_layer_version.l.arn }\n'
    main = FUNCTION.replace("LAYERS", "[module.deps.arn]") + 'module "deps" { source = "./deps" }\n'
    files = {"main.tf": main, "deps/main.tf": ARCHIVE + outputs, "deps/layer/python/x.py": "", "fn/app.py": None}
    assert list(layers(found(files))) == [("l", "layer", "", "")]


SERVERLESS = """\
service: s
provider: {name: aws, runtime: python3.12}
plugins: [serverless-python-requirements]
custom: {pythonRequirements: {layer: true}}
layers: {common-code: {path: common}, zipped: {package: {artifact: gone.zip}}}
functions:
  f:
    handler: app.handler
    layers:
      - !Ref PythonRequirementsLambdaLayer
      - {Ref: CommonDashcodeLambdaLayer}
      - {Ref: ZippedLambdaLayer}
      - ${ssm:/layer}
"""


def test_layers_of_serverless(found):
    project = found({"serverless.yml": SERVERLESS, "app.py": None, "requirements.txt": "x", "common/python/c.py": ""})
    assert list(layers(project)) == [
        ("PythonRequirementsLambdaLayer", "", "", "requirements.txt"),
        ("common-code", "common", "", ""),
        ("zipped", "", "", ""),
        ("(unknown)", "", "", ""),
    ]
    assert project.functions[0].requirements is None  # they are in the layer, and in no function


CDK = """\
from aws_cdk import Stack, aws_lambda
class S(Stack):
    def __init__(self, scope, id):
        super().__init__(scope, id)
        self.fn = aws_lambda.Function(
            self, "F", runtime=aws_lambda.Runtime.PYTHON_3_12, handler="app.handler",
            code=aws_lambda.Code.from_asset("fn"),
        )
        shared = aws_lambda.LayerVersion(self, "Shared", code=aws_lambda.Code.from_asset("shared"))
        gone = aws_lambda.LayerVersion(self, "Gone", code=aws_lambda.Code.from_asset("gone.zip"))
        self.fn.add_layers(shared, gone)
"""


def test_layers_that_a_cdk_program_adds(found):
    project = found(
        {"cdk.json": '{"app": "python app.py"}', "app.py": CDK, "fn/app.py": None, "shared/python/s.py": ""}
    )
    assert list(layers(project)) == [("Shared", "shared", "", ""), ("Gone", "", "", "")]


def test_folder_below_opt(found):
    project = found({**CODE, "main.tf": FUNCTION.replace("LAYERS", "[module.l.lambda_layer_arn]") + COMMUNITY})
    (function,) = project.functions
    contents = read_layers(replace(function, layers=function.layers[1:]), Settings(root=function.source))
    assert {file.path for file in contents.importable} >= {"util.py"}


def test_layers_of_sst_by_name(found):
    layers_of = 'layers: ["arn:aws:lambda:eu-west-1:1:layer:x:3", other.arn]'
    app = f'new sst.aws.Function("F", {{handler: "src/api.handler", runtime: "python3.12", {layers_of}}})'
    project = found({"sst.config.ts": app, "src/api.py": None})
    assert [name for name, *_ in layers(project)] == ["arn:aws:lambda:eu-west-1:1:layer:x:3", "(unknown)"]


def test_layers_of_sst_that_cdk_makes(found):
    app = """
    const mine = new PythonLayerVersion(this, "Mine", {entry: "layers/mine"})
    new sst.aws.Function("F", {handler: "src/api.handler", runtime: "python3.12", layers: LAYERS})
    """
    files = {"sst.config.ts": app.replace("LAYERS", "[mine]"), "src/api.py": None, "layers/mine/mine.py": ""}
    (layer,) = found(files).functions[0].layers
    assert (layer.name, layer.content.name) == ("Mine", "mine")
    (layer,) = found({"sst.config.ts": app.replace("LAYERS", "local ? [] : [mine]")}).functions[0].layers
    assert not layer.readable, "what only a run of the app knows may be any layer"
