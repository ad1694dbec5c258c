"""Functions that a helper of a program makes, and values that environment files give."""

import pytest

from lambda_slim.base.errors import ConfigError
from tests.unit.inputs.functions.conftest import shown

HELPER = """\
import pulumi_aws as aws
import pulumi

RUNTIME = "python3.12"

def make(name, folder, *, handler="app.handler", arch="x86_64"):
    return aws.lambda_.Function(
        name,
        runtime=RUNTIME,
        handler=handler,
        architectures=[arch],
        code=pulumi.FileArchive(f"./src/{folder}"),
    )
"""
USES = """\
from infra.functions import make

make("orders", "orders")
make("mail", folder="mail", handler="main.run", arch="arm64")
"""
STACK = """\
from aws_cdk import Stack, aws_lambda as lambda_

class Api(Stack):
    def __init__(self, scope, name):
        super().__init__(scope, name)
        self.function("Orders", "orders")
        self.function("Mail", path="mail", entry="main.run")

    def function(self, id, path, entry="app.handler"):
        return lambda_.Function(
            self, id, runtime=lambda_.Runtime.PYTHON_3_13, handler=entry, code=lambda_.Code.from_asset(f"src/{path}")
        )
"""
CODE = {"src/orders/app.py": None, "src/mail/main.py": "def run(event, context):\n    return 1\n"}


def test_each_call_of_a_pulumi_helper_is_a_function(found):
    files = {"Pulumi.yaml": "name: x\nruntime: python\n", "infra/functions.py": HELPER, "__main__.py": USES, **CODE}

    assert shown(found(files)) == [
        ("orders", "app.handler", "python3.12 x86_64"),
        ("mail", "main.run", "python3.12 arm64"),
    ]


def test_each_call_of_a_method_of_a_stack_is_a_function(found):
    files = {"cdk.json": '{"app": "python3 app.py"}', "api.py": STACK, **CODE}

    assert [row[1:] for row in shown(found(files))] == [
        ("app.handler", "python3.13 x86_64"),
        ("main.run", "python3.13 x86_64"),
    ]


def test_a_program_whose_functions_are_computed_is_a_question_and_not_a_guess(found):
    files = {
        "Pulumi.yaml": "name: x\nruntime: python\n",
        "infra/functions.py": HELPER,
        "__main__.py": 'import os\nfrom infra.functions import make\nmake("orders", os.environ["FOLDER"])\n',
        **CODE,
    }

    with pytest.raises(ConfigError) as caught:
        found(files)

    assert "infra/functions.py" in caught.value.cause


SERVICE = """\
service: shop
useDotenv: true
provider: {name: aws, runtime: "${env:RUNTIME, 'python3.12'}"}
functions:
  orders: {handler: "${env:ORDERS_HANDLER}"}
"""


def test_environment_files_give_values_that_of_the_stage_first(found):
    files = {
        "serverless.yml": SERVICE,
        ".env": "ORDERS_HANDLER=src/orders/old.handler\nRUNTIME=python3.13\n",
        ".env.dev": "export ORDERS_HANDLER='src/orders/app.handler' # now\n",
        **CODE,
    }

    assert shown(found(files)) == [("orders", "src/orders/app.handler", "python3.13 x86_64")]


def test_a_variable_that_nothing_sets_is_named_with_what_an_example_says(found):
    files = {"serverless.yml": SERVICE, ".env.example": "ORDERS_HANDLER=src/orders/app.handler\n", **CODE}

    with pytest.raises(ConfigError) as caught:
        found(files)

    assert "nothing sets ORDERS_HANDLER; .env.example has ORDERS_HANDLER=src/orders/app.handler" in caught.value.cause
    assert caught.value.exit_code == 2


TERRAFORM = """\
variable "handler" {}
variable "runtime" { default = "python3.12" }
resource "aws_lambda_function" "f" {
  filename = data.archive_file.z.output_path
  handler  = var.handler
  runtime  = var.runtime
}
data "archive_file" "z" {
  type        = "zip"
  source_dir  = "src/orders"
  output_path = "z.zip"
}
"""


def test_what_all_tables_of_variables_agree_on_counts(found):
    tables = {"env/dev.tfvars": 'handler = "app.handler"\n', "env/prod.tfvars": 'handler = "app.handler"\n'}

    assert shown(found({"main.tf": TERRAFORM, **tables, **CODE})) == [("f", "app.handler", "python3.12 x86_64")]

    with pytest.raises(ConfigError) as caught:
        found({"env/prod.tfvars": 'handler = "other.handler"\n'})
    assert "its Handler is missing, or only known at deployment" in caught.value.message


def test_a_variable_without_a_value_is_named_with_its_line(found):
    with pytest.raises(ConfigError) as caught:
        found({"main.tf": TERRAFORM, **CODE})

    assert caught.value.cause == "nothing here gives var.handler (main.tf:1) a value"
