"""Terraform's files, and its plans."""

import json

import pytest

from lambda_slim.base.errors import ConfigError
from tests.unit.inputs.functions.conftest import shown

EXISTING = """\
data "archive_file" "z" {
  type        = "zip"
  source_dir  = "src/orders"
  output_path = "built.zip"
}
module "f" {
  source                 = "terraform-aws-modules/lambda/aws"
  handler                = "app.handler"
  runtime                = "python3.12"
  create_package         = false
  local_existing_package = "./built.zip"
}
"""
MAIN = """\
variable "rt" { default = "python3.13" }
locals { src = "${path.module}/src" }
data "archive_file" "orders" {
  type        = "zip"
  source_dir  = "${local.src}/orders"
  excludes    = ["README.md", "tests/**"]
  output_path = "${path.module}/build/orders.zip"
}
resource "aws_lambda_function" "orders" {
  filename      = data.archive_file.orders.output_path
  handler       = "app.handler"
  runtime       = var.rt
  architectures = ["arm64"]
  environment { variables = { STAGE = "dev" } }
}
data "archive_file" "single" {
  for_each    = toset(["x", "y"])
  type        = "zip"
  source_file = "${path.module}/lib/${each.key}.py"
  output_path = "${each.key}.zip"
}
resource "aws_lambda_function" "each" {
  for_each = toset(["x", "y"])
  filename = data.archive_file.single[each.key].output_path
  handler  = "${each.key}.handler"
  runtime  = "python3.12"
}
module "child" {
  source = "./modules/fn"
  dir    = "${path.root}/code/a"
}
"""
CHILD = """\
variable "dir" {}
data "archive_file" "z" {
  type        = "zip"
  source_dir  = var.dir
  output_path = "z.zip"
}
resource "aws_lambda_function" "this" {
  filename = "z.zip"
  handler  = "a.handler"
  runtime  = "python3.11"
}
"""
CODE = {"src/orders/app.py": None, "src/orders/README.md": "", "lib/x.py": None, "lib/y.py": None, "code/a/a.py": None}


def resource(**attributes):
    rows = {"handler": '"a.handler"', "runtime": '"python3.12"', **attributes}
    return "".join(
        ['resource "aws_lambda_function" "f" {\n', *(f"  {key} = {value}\n" for key, value in rows.items()), "}\n"]
    )


def community(source_path):
    rows = ('source = "terraform-aws-modules/lambda/aws"', 'handler = "a.handler"', 'runtime = "python3.12"')
    return "\n  ".join(['module "f" {', *rows, f"source_path = {source_path}"]) + "\n}\n"


BUILDER = 'resource "null_resource" "pack" {\n  provisioner "local-exec" { command = "make" }\n}\n'


def test_archives_loops_and_modules(found, shipped):
    project = found({**CODE, "main.tf": MAIN, "modules/fn/main.tf": CHILD})

    assert shown(project) == [
        ("orders", "app.handler", "python3.13 arm64"),
        ("each-x", "x.handler", "python3.12 x86_64"),
        ("each-y", "y.handler", "python3.12 x86_64"),
        ("child", "a.handler", "python3.11 x86_64"),
    ]
    assert [shipped(one) for one in project.functions] == [["app.py"], ["x.py"], ["y.py"], ["a.py"]]
    assert project.functions[0].environment == {"STAGE": "dev"}


@pytest.mark.parametrize(
    ("source_path", "paths"),
    [
        ('"${path.module}/code/a"', ["a.py", "docs/x.md"]),
        ('"code/a/a.py"', ["a.py"]),
        ('["code/a/a.py", "lib/x.py"]', ["a.py", "x.py"]),
        ('[{ path = "code/a", patterns = ["!docs/.*"] }]', ["a.py"]),
        ('[{ path = "code/a", patterns = <<END\n!.*\na.py\nEND\n }]', ["a.py"]),
        ('["code/a/a.py", { path = "lib", prefix_in_zip = "pkg/inner" }]', ["a.py", "pkg/inner/x.py"]),
    ],
)
def test_source_path_in_its_forms(found, shipped, source_path, paths):
    project = found({"main.tf": community(source_path), "code/a/a.py": None, "code/a/docs/x.md": "", "lib/x.py": ""})

    assert shipped(project.functions[0]) == paths


def test_requirements_are_installed_where_the_module_says(found):
    files = {"code/a/a.py": None, "code/a/requirements.txt": "six\n", "requirements.txt": "other\n"}

    (plain,) = found({"main.tf": community('"code/a"'), **files}).functions
    assert plain.requirements
    assert "code/a/requirements.txt" in plain.requirements.path.read_text("utf-8")

    (off,) = found({"main.tf": community('[{ path = "code/a", pip_requirements = false }]')}).functions
    assert off.requirements is None


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (community('[{ path = "code/a", commands = ["make", ":zip"] }]'), "commands, which were not run"),
        (community("var.unknown"), "only known at deployment"),
        (community('"nowhere"'), "`nowhere` of its source_path is not there"),
        (
            resource(filename='"build/f.zip"') + BUILDER,
            "is not there; is it made by null_resource.pack (main.tf:7 runs `make`, which is not understood)?",
        ),
        (resource(filename="var.zip"), "its package is not known"),
    ],
)
def test_what_is_not_understood_is_a_question(found, text, told):
    with pytest.raises(ConfigError) as caught:
        found({"main.tf": text, "code/a/a.py": None})

    assert told in caught.value.message
    assert caught.value.exit_code == 2


def test_the_settings_answer_a_question(found, tmp_path):
    from lambda_slim.model.settings import FunctionSettings

    text = resource(filename='"f.zip"', runtime='"python3.13"')
    table = FunctionSettings("f", source=tmp_path / "code")

    assert shown(found({"main.tf": text, "code/a.py": None}, functions=(table,))) == [
        ("f", "a.handler", "python3.13 x86_64")
    ]


def test_an_uploaded_object_is_followed(found, shipped):
    text = """\
data "archive_file" "z" {
  type        = "zip"
  source_file = "app.py"
  output_path = "z.zip"
}
resource "aws_s3_object" "code" {
  bucket = "b"
  key    = "code.zip"
  source = data.archive_file.z.output_path
}
resource "aws_lambda_function" "f" {
  s3_bucket = "b"
  s3_key    = aws_s3_object.code.key
  handler   = "app.handler"
  runtime   = "python3.12"
}
"""

    assert shipped(found({"main.tf": text, "app.py": None}).functions[0]) == ["app.py"]


def test_what_is_no_terraform_names_its_line(found):
    with pytest.raises(ConfigError, match=r"`main.tf` cannot be read as a Terraform file") as caught:
        found({"main.tf": 'resource "aws_lambda_function" "f" {\n  = 3\n}\n'})

    assert caught.value.cause == "main.tf: line 2: not understood"


def test_a_plan(found, shipped):
    function = {
        "address": 'module.api.aws_lambda_function.this["a"]',
        "mode": "managed",
        "type": "aws_lambda_function",
        "values": {"filename": "z.zip", "handler": "app.handler", "runtime": "python3.13", "architectures": ["arm64"]},
    }
    archive = {"type": "archive_file", "mode": "data", "values": {"output_path": "./z.zip", "source_dir": "./src"}}
    plan = {
        "format_version": "1.2",
        "terraform_version": "1.9.0",
        "planned_values": {"root_module": {"child_modules": [{"resources": [function]}]}},
        "prior_state": {"values": {"root_module": {"resources": [archive]}}},
    }
    project = found({"p.json": json.dumps(plan), "src/app.py": None}, target="p.json")

    assert shown(project) == [("api-this-a", "app.handler", "python3.13 arm64")]
    assert shipped(project.functions[0]) == ["app.py"]


def test_a_module_that_builds_an_image_is_no_function(found, shipped):
    image = (
        'module "image" {\n  source = "terraform-aws-modules/lambda/aws//modules/docker-build"\n  ecr_repo = "x"\n}\n'
    )
    rows = ('source = "terraform-aws-modules/lambda/aws"', 'handler = "a.handler"', 'runtime = "python3.12"')
    function = 'module "shop" {\n  ' + "\n  ".join((*rows, 'source_path = "src"')) + "\n}\n"

    assert [name for name, *_ in shown(found({"main.tf": image + function, "src/a.py": None}))] == ["shop"]


ARCHIVE = 'data "archive_file" "a" {{\n  type = "zip"\n  output_path = "a.zip"\n{}}}\n'
PACKED = (
    'resource "aws_lambda_function" "f" {\n  filename = data.archive_file.a.output_path\n'
    '  handler = "a.handler"\n  runtime = "python3.12"\n}\n'
)


@pytest.mark.parametrize(
    ("archive", "paths"),
    [
        ('source_content = "def handler(e, c): ...\\n"\nsource_content_filename = "a.py"\n', ["a.py"]),
        ('source {\n  filename = "a.py"\n  content = file("${path.module}/code/a.py")\n}\n', ["a.py"]),
        (
            (
                'source {\n  filename = "a.py"\n  content = "def handler(e, c): ..."\n}\n'
                'source {\n  filename = "conf/b.json"\n  content = "{}"\n}\n'
            ),
            ["a.py", "conf/b.json"],
        ),
        ('source_file = "${path.module}/code/a.py"\n', ["a.py"]),
        ('source_dir = "${path.module}/code"\nexcludes = ["b", "*.txt"]\n', ["a.py"]),
        ('source_dir = "${path.module}/code"\nexcludes = ["", "b", "*.txt"]\n', ["a.py"]),
    ],
)
def test_what_an_archive_holds(found, shipped, archive, paths):
    files = {"code/a.py": None, "code/b/c.py": "", "code/n.txt": "", "main.tf": ARCHIVE.format(archive) + PACKED}

    (function,) = found(files).functions

    assert shipped(function) == paths


@pytest.mark.parametrize(
    ("archive", "told"),
    [
        ('source_dir = "${path.module}/absent"\n', "the folder `absent`, which its archive holds, is not there"),
        ('source_file = "absent.py"\n', "`absent.py`, which its archive holds, is not there"),
        ("source_dir = aws_x.y.path\n", "what its archive holds is only known at deployment"),
        ('source {\n  filename = "a.py"\n  content = aws_x.y.text\n}\n', "a file of its archive is only known"),
        ("", "its archive names no files that are understood"),
    ],
)
def test_archives_that_are_not_understood(found, archive, told):
    with pytest.raises(ConfigError) as caught:
        found({"main.tf": ARCHIVE.format(archive) + PACKED})

    assert told in f"{caught.value.message} {caught.value.cause}"


@pytest.mark.parametrize(
    ("source_path", "told"),
    [
        ('{ path = "code", commands = ["make"] }', "has commands, which were not run"),
        ('{ path = "absent" }', "`absent` of its source_path is not there"),
        ('{ path = "code", poetry_install = true }', "installed by Poetry or uv from code"),
        ('{ path = "code", pip_requirements = "none.txt" }', "its requirements `none.txt` are not there"),
        (
            '{ path = "code", pip_requirements = "req.txt", prefix_in_zip = "x" }',
            "requirements go to x/ in the zip",
        ),
        ('{ path = "code", patterns = ["("] }', "`(` of its patterns is not a regular expression"),
        ("aws_x.y.path", "its source_path is only known at deployment"),
        ("{ path = aws_x.y.path }", "a path in its source_path is only known at deployment"),
    ],
)
def test_source_paths_that_are_not_understood(found, source_path, told):
    text = (
        'module "f" {\n  source = "terraform-aws-modules/lambda/aws"\n  function_name = "f"\n  handler = "a.handler"\n'
        f'  runtime = "python3.12"\n  source_path = {source_path}\n}}\n'
    )

    with pytest.raises(ConfigError) as caught:
        found({"main.tf": text, "code/a.py": None, "req.txt": "lib\n"})

    assert told in f"{caught.value.message} {caught.value.cause}"


def test_a_package_that_the_module_does_not_make(found, tmp_path):
    text = (
        'module "f" {{\n  source = "terraform-aws-modules/lambda/aws"\n  handler = "a.handler"\n'
        '  runtime = "python3.12"\n  create_package = false\n{}}}\n'
    )

    with pytest.raises(ConfigError, match=r"its package `build/a.zip` is not there"):
        found({"main.tf": text.format('  local_existing_package = "build/a.zip"\n')})


def test_an_object_that_is_uploaded_is_followed_by_its_reference(found, shipped):
    text = (
        ARCHIVE.format('source_dir = "${path.module}/code"\n')
        + 'resource "aws_s3_object" "o" {\n  bucket = "b"\n  key = "k.zip"\n'
        "  source = data.archive_file.a.output_path\n}\n"
        'resource "aws_lambda_function" "f" {\n  s3_bucket = "b"\n  s3_key = aws_s3_object.o.key\n'
        '  handler = "a.handler"\n  runtime = "python3.12"\n}\n'
    )

    (function,) = found({"main.tf": text, "code/a.py": None}).functions

    assert shipped(function) == ["a.py"]


def test_a_package_that_something_else_makes(found):
    made = 'resource "null_resource" "make" {\n  provisioner "local-exec" {\n    command = "make"\n  }\n}\n'
    text = (
        'resource "aws_lambda_function" "f" {\n  filename = "build/f.zip"\n  handler = "a.handler"\n'
        '  runtime = "python3.12"\n}\n'
    )

    with pytest.raises(ConfigError) as caught:
        found({"main.tf": made + text})

    told = "is it made by null_resource.make (main.tf:2 runs `make`, which is not understood)?"
    assert told in f"{caught.value.message} {caught.value.cause}"


def test_an_existing_package_may_be_an_archive_of_the_configuration(found):
    project = found({**CODE, "main.tf": EXISTING})
    assert [function.source.name for function in project.functions] == ["orders"]


COMMANDED = """\
module "f" {{
  source      = "terraform-aws-modules/lambda/aws"
  handler     = "app.handler"
  runtime     = "python3.12"
  source_path = [{{ path = "fn", commands = {commands}, patterns = ["!requirements.txt"] }}]
}}
"""


@pytest.mark.parametrize(
    ("commands", "parts"),
    [
        ('["pip install -r requirements.txt -t src", ":zip src"]', [("src", "")]),
        ('[":zip src", "cd `mktemp -d`", "pip install six -t .", ":zip ."]', [("src", "")]),
        ('["D=$(mktemp -d)", "cp -r src $D", "pip install six -t $D", "cd $D", ":zip"]', [("src", "src")]),
    ],
)
def test_commands_of_a_source_path_are_followed(found, commands, parts):
    handler = "src.app.handler" if parts == [("src", "src")] else "app.handler"
    text = COMMANDED.format(commands=commands).replace("app.handler", handler)
    (function,) = found({"main.tf": text, "fn/src/app.py": None, "fn/requirements.txt": "six\n"}).functions
    assert [(part.source.name, part.prefix) for part in function.layout] == parts
    assert "six" in function.requirements.path.read_text() or "-r" in function.requirements.path.read_text()
