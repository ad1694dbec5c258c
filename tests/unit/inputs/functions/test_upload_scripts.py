"""Scripts that upload packages with the AWS CLI, where no other deployment file says anything."""

import pytest

from lambda_slim.base.errors import ConfigError
from tests.unit.inputs.functions.conftest import shown

SHELL = """\
#!/bin/bash
set -euo pipefail
FUNCTION=${1:-orders}
rm -rf package && mkdir package
pip install -r requirements.txt -t package
cp -r src/* package/
cd package && zip -r ../function.zip . && cd ..
if aws lambda get-function --function-name "$FUNCTION" >/dev/null 2>&1; then
  aws lambda update-function-code --function-name "$FUNCTION" --zip-file fileb://function.zip
else
  aws lambda create-function --function-name "$FUNCTION" --runtime python3.13 --handler app.main \\
    --architectures arm64 --zip-file fileb://function.zip
fi
rm -rf package function.zip
"""
BUILDSPEC = """\
version: 0.2
phases:
  install: {runtime-versions: {python: 3.11}, commands: [pip install -r requirements.txt -t src]}
  build: {commands: [cd src, zip -r ../fn.zip ., cd ..]}
  post_build: {commands: [aws lambda update-function-code --function-name f --zip-file fileb://fn.zip]}
"""
WORKFLOW = """\
jobs:
  deploy:
    steps:
      - uses: actions/setup-python@v5
        with: {python-version: "3.10"}
      - run: pip install -r requirements.txt -t package && cd package && zip -r ../l.zip .
      - {run: zip -g ../l.zip app.py, working-directory: src}
      - run: aws lambda update-function-code --function-name ${{ secrets.NAME }} --zip-file fileb://l.zip
"""
MAKEFILE = """\
pack:
\tcd src && zip -r ../m.zip .
deploy: pack
\taws lambda update-function-code --function-name made --zip-file fileb://m.zip
"""
LOOP = """\
for f in one two; do
  (cd $f && zip -r ../$f.zip .)
  aws lambda update-function-code --function-name "svc-$f" --zip-file "fileb://$f.zip"
  aws lambda update-function-configuration --function-name svc-$f --handler $f.handler
done
"""
CODE = {"src/app.py": "def main(event, context): return 1\n", "requirements.txt": "six\n"}


@pytest.mark.parametrize(
    ("name", "text", "expected", "requires"),
    [
        ("deploy.sh", SHELL, ("orders", "app.main", "python3.13 arm64"), True),
        ("buildspec.yml", BUILDSPEC, ("f", "app.main", "python3.11 x86_64"), True),
        (".github/workflows/deploy.yml", WORKFLOW, ("project", "app.main", "python3.10 x86_64"), True),
        ("buildspec.yaml", BUILDSPEC.replace("3.11", "3.10"), ("f", "app.main", "python3.10 x86_64"), True),
        ("Makefile", MAKEFILE, ("made", "app.main", "python3.12 x86_64"), False),
    ],
)
def test_a_script_says_what_it_uploads(found, shipped, name, text, expected, requires):
    files = {f"project/{path}": inner for path, inner in {**CODE, name: text}.items()}
    project = found(files, "project")
    assert shown(project) == [expected]
    (function,) = project.functions
    assert "app.py" in shipped(function)
    assert bool(function.requirements) == requires
    assert any(f"is taken as {name}" in warning for warning in project.warnings)


def test_a_loop_uploads_several(found):
    files = {"deploy.sh": LOOP, "one/one.py": None, "two/two.py": None}
    assert shown(found(files)) == [
        ("svc-one", "one.handler", "python3.12 x86_64"),
        ("svc-two", "two.handler", "python3.12 x86_64"),
    ]


def test_what_is_not_understood_and_two_handlers_are_questions(found):
    docker = MAKEFILE.replace("cd src &&", "docker run x\n\tcd build &&")
    with pytest.raises(ConfigError, match=r"made by a script: .*docker run x"):
        found({**CODE, "Makefile": docker})
    with pytest.raises(ConfigError) as error:
        found({**CODE, "Makefile": MAKEFILE, "src/other.py": "def main(event, context): return 2\n"})
    assert "there are app.main, other.main" in error.value.cause


def test_other_deployment_files_come_first_and_zips_that_nobody_packs_are_passed_over(found):
    template = "Resources:\n  F:\n    Type: AWS::Serverless::Function\n    Properties:\n"
    template += "      {CodeUri: src/, Handler: app.main, Runtime: python3.9}\n"
    files = {**CODE, "deploy.sh": SHELL, "infra/template.yaml": template.replace("src/", "../src/")}
    assert shown(found(files)) == [("F", "app.main", "python3.9 x86_64")]


def test_a_zip_that_nothing_packs_says_nothing(found):
    upload = "aws lambda update-function-code --function-name f --zip-file fileb://gone.zip\n"
    project = found({"deploy.sh": upload, "lambda_function.py": "def lambda_handler(event, context): return 1\n"})
    assert [function.handler for function in project.functions] == ["lambda_function.lambda_handler"]


def test_a_script_makes_the_zip_of_a_template_and_of_a_serverless_file(found):
    pack = "cd src && zip -r ../bundle.zip .\n"
    template = "Resources:\n  F:\n    Type: AWS::Serverless::Function\n    Properties:\n"
    template += "      {CodeUri: ./bundle.zip, Handler: app.main, Runtime: python3.12}\n"
    project = found({**CODE, ".git/HEAD": "", "pack.sh": pack, "template.yaml": template})
    assert [function.source.name for function in project.functions] == ["src"]
    service = "provider: {name: aws, runtime: python3.12}\npackage: {artifact: bundle.zip}\n"
    service += "functions: {g: {handler: app.main}}\n"
    project = found({"serverless.yml": service}, "serverless.yml")
    assert [function.source.name for function in project.functions] == ["src"]
