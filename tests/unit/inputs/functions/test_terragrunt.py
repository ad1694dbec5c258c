"""Terragrunt: a unit is a Terraform module here, with the values that it and the files above give to it."""

from tests.unit.inputs.functions.conftest import shown

ROOT = """\
locals {
  common = read_terragrunt_config(find_in_parent_folders("common.hcl"))
}
inputs = merge(local.common.inputs, { project = "shop" })
"""
UNIT = """\
include "root" {
  path = find_in_parent_folders("root.hcl")
}
terraform {
  source = "../../..//modules/fn"
}
dependency "bucket" {
  config_path = "../bucket"
}
inputs = {
  name   = "orders"
  bucket = dependency.bucket.outputs.id
  source = "${get_repo_root()}/src/orders"
}
"""
MODULE = """\
variable "name" {}
variable "source" {}
variable "runtime" {}
variable "project" {}
data "archive_file" "z" {
  type        = "zip"
  source_dir  = var.source
  output_path = "${path.module}/z.zip"
}
resource "aws_lambda_function" "this" {
  function_name = "${var.project}-${var.name}"
  filename      = data.archive_file.z.output_path
  handler       = "${var.name}.handler"
  runtime       = var.runtime
}
"""
FILES = {
    ".git/HEAD": "",
    "live/common.hcl": 'inputs = { runtime = "python3.13" }\n',
    "live/root.hcl": ROOT,
    "live/dev/orders/terragrunt.hcl": UNIT,
    "live/prod/orders/terragrunt.hcl": UNIT,
    "live/prod/bucket/terragrunt.hcl": 'terraform {\n  source = "../../../modules/bucket"\n}\n',
    "modules/fn/main.tf": MODULE,
    "modules/bucket/main.tf": 'resource "aws_s3_bucket" "b" {}\n',
    "src/orders/orders.py": None,
}


def test_units_give_their_modules_values(found, shipped):
    project = found(FILES)

    assert shown(project) == [("orders", "orders.handler", "python3.13 x86_64")]
    assert shipped(project.functions[0]) == ["orders.py"]
    assert any("taken as in live/dev/orders; also in live/prod/orders" in warning for warning in project.warnings)


def test_the_stage_chooses_the_environment(found):
    prod = UNIT.replace('name   = "orders"', 'name   = "orders"\n  runtime = "python3.12"')

    project = found({**FILES, "live/prod/orders/terragrunt.hcl": prod}, stage="prod")

    assert shown(project) == [("orders", "orders.handler", "python3.12 x86_64")]


def test_a_module_that_is_not_here_is_a_failure_that_names_it(found):
    other = 'terraform {\n  source = "git::https://example.org/lambda-module.git?ref=v1"\n}\ninputs = {}\n'

    project = found({**FILES, "live/dev/mail/terragrunt.hcl": other})

    assert [failure.name for failure in project.failures] == ["mail"]
    assert "lambda-module.git?ref=v1` is not here" in project.failures[0].error.message
