"""Numbers that Python does not read, in files from outside: an answer or an error of our own, never a traceback."""

import re

import pytest

from lambda_slim.base.errors import UsageError
from lambda_slim.budgets.shards import shard
from lambda_slim.cli.main import run
from lambda_slim.formats.json_text import load_json
from lambda_slim.formats.poetry import to_pep440
from lambda_slim.formats.tables import as_number
from lambda_slim.inputs.closure import applies, fits, read_requirement
from lambda_slim.model.function import Project
from lambda_slim.model.locked import LockedPackage

LONG = "1" * 5_000
ODD = [LONG, "²", "1e999", ".inf", "-" * 5_000 + "1", "[" * 5_000, "(" * 5_000]


@pytest.mark.parametrize("text", ODD)
def test_requirements_and_markers(text):
    requirement = read_requirement(f"a=={text}")
    marked = read_requirement(f"a; python_version < '{text}'")
    assert applies(f"python_version < '{text}'", {"python_version": "3.12"}) in (True, False)
    assert applies(f"({text}", {}) is True
    for asked in (requirement, marked, read_requirement("a>=1")):
        assert asked is None or fits(LockedPackage("a", f"1.{text}"), asked) in (True, False)


@pytest.mark.parametrize("sign", ["^", "~", "==", ""])
@pytest.mark.parametrize("text", ODD)
def test_constraints_of_poetry(sign, text):
    assert isinstance(to_pep440(f"{sign}{text}"), str)
    assert isinstance(to_pep440(f"{sign}1.{text}"), str)


@pytest.mark.parametrize("text", [LONG, "²/3", "0/1", "1/", f"1/{LONG}"])
def test_shards(text, tmp_path):
    with pytest.raises(UsageError):
        shard(Project(tmp_path, ()), text)


SAM = """Transform: AWS::Serverless-2016-10-31
Resources:
  F:
    Type: AWS::Serverless::Function
    Properties: {{CodeUri: ., Handler: app.handler, Runtime: python3.12, MemorySize: {0}, Timeout: {0},
      Environment: {{Variables: {{A: !Select [{0}, [a, b]]}}}}}}
"""
SERVERLESS = """service: s
provider: {{name: aws, runtime: python3.12, timeout: {0}}}
custom: {{rows: [a, b]}}
functions:
  f: {{handler: app.handler, memorySize: {0}, environment: {{A: "${{self:custom.rows.{0}}}"}}}}
"""
TERRAFORM = """locals {{
  rows = ["a", "b"]
}}
resource "aws_lambda_function" "f" {{
  function_name = "f"
  filename      = "f.zip"
  handler       = "app.handler"
  runtime       = "python3.12"
  memory_size   = {0}
  timeout       = tonumber("{0}")
  environment {{
    variables = {{ A = local.rows[{0}], B = element(local.rows, {0}) }}
  }}
}}
"""


@pytest.mark.parametrize("text", ODD)
@pytest.mark.parametrize(
    ("name", "form"), [("template.yaml", SAM), ("serverless.yml", SERVERLESS), ("main.tf", TERRAFORM)]
)
def test_deployment_files(tmp_path, capsys, name, form, text):
    (tmp_path / "app.py").write_text("def handler(event, context): ...\n")
    (tmp_path / name).write_text(form.format(text))

    code = run(["files", str(tmp_path), "--offline", "-q"])

    assert code in (0, 1, 2, 3, 5), capsys.readouterr().err


@pytest.mark.parametrize("text", ["9" * 400, "9" * 30, "1e999", "-1", "0", ".inf", "many"])
def test_a_time_or_memory_that_no_function_has_is_the_default(text):
    assert as_number(text, 3) == 3
    assert as_number(int(text) if text.isdecimal() else text, 3) == 3


@pytest.mark.parametrize("number", ["9" * 400, str(1 << 63), "-" + "9" * 30, "1e999", "NaN", "-Infinity"])
def test_json_has_numbers_that_one_can_reckon_with(number):
    for text in (f'{{"a": {number}}}', f'{{"a": {number}}}'.encode()):
        with pytest.raises(ValueError, match="too large"):
            load_json(text)
        assert load_json(text, any_number=True)
    assert load_json(f'{{"a": {(1 << 63) - 1}, "b": "{number}"}}') == {"a": (1 << 63) - 1, "b": number}


def test_a_lock_file_with_such_a_number_cannot_be_read(tmp_path, capsys):
    (tmp_path / "app.py").write_text("def handler(event, context): ...\n")
    (tmp_path / "lambda-slim.toml").write_text('runtime = "python3.12"\n[functions.F]\nhandler = "app.handler"\n')
    assert run(["check", str(tmp_path), "--no-import", "--offline", "--update", "-q"]) == 0
    lock = tmp_path / "lambda-slim.lock"
    lock.write_text(re.sub(r'("zipped_bytes": )[0-9]+', rf"\g<1>{'9' * 400}", lock.read_text()))

    assert run(["check", str(tmp_path), "--no-import", "--offline", "-q"]) == 2
    assert "a number in it is too large" in capsys.readouterr().err
