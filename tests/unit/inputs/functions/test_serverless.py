"""Serverless files."""

import pytest

from lambda_slim.base.errors import ConfigError
from tests.unit.inputs.functions.conftest import shown

SERVICE = """\
service: demo
provider:
  name: aws
  runtime: python3.13
  architecture: ${self:custom.arch.${sls:stage}, 'x86_64'}
  stage: ${opt:stage, 'dev'}
  environment: {STAGE: "${self:provider.stage}", HOME_: "${env:NOT_SET_ANYWHERE, 'x'}", TABLE: !Ref Table}
custom:
  arch: {dev: arm64}
package:
  patterns: ['!**', 'src/**', '!src/*.md']
functions:
  a: {handler: src/get-user.handler}
  b: ${file(fn.yml):b}
  n: {handler: x.y, runtime: nodejs20.x}
"""
FILES = {
    "src/get-user.py": None,
    "src/b.py": None,
    "src/README.md": "",
    "lib/z.py": "",
    "fn.yml": "b: {handler: src.b.handler, memorySize: 512}\n",
}


def test_functions_runtime_and_layout(found, shipped):
    project = found({**FILES, "serverless.yml": SERVICE})

    assert shown(project) == [
        ("a", "src/get-user.handler", "python3.13 arm64"),
        ("b", "src.b.handler", "python3.13 arm64"),
    ]
    assert shipped(project.functions[0]) == ["src/b.py", "src/get-user.py"]
    assert [one.memory_mb for one in project.functions] == [1024, 512]
    assert project.functions[0].environment["STAGE"] == "dev"
    assert project.functions[0].environment["HOME_"] == "x"
    assert "n is left out: its runtime is nodejs20.x" in project.warnings[0]
    assert project.failures == ()


def test_a_stage_is_asked_for(found):
    project = found({**FILES, "serverless.yml": SERVICE}, stage="prod")

    assert project.functions[0].target.architecture == "x86_64"
    assert project.functions[0].environment["STAGE"] == "prod"


def test_exclude_and_include_and_individually(found, shipped):
    text = """\
provider: {name: aws, runtime: python3.12}
package: {individually: true, exclude: ['**/*.md', 'secret/**']}
functions:
  a: {handler: app.handler, module: one, package: {exclude: ['*.txt'], include: ['keep.txt']}}
"""
    project = found(
        {
            "serverless.yml": text,
            "one/app.py": None,
            "one/a.txt": "",
            "one/keep.txt": "",
            "one/d/x.md": "",
            "two/app.py": "",
        }
    )

    assert shipped(project.functions[0]) == ["app.py", "keep.txt"]


def test_functions_in_a_list_of_files(found):
    text = "provider: {name: aws, runtime: python3.12}\nfunctions:\n  - ${file(a.yml)}\n  - ${file(b.yml)}\n"
    rows = {"a.yml": "one: {handler: app.handler}\n", "b.yml": "two: {handler: app.handler}\n"}

    assert [one.name for one in found({**rows, "serverless.yml": text, "app.py": None}).functions] == ["one", "two"]


def test_what_only_the_deployment_knows_is_a_question(found):
    text = "provider: {name: aws, runtime: '${ssm:/runtime}'}\nfunctions: {a: {handler: app.handler}}\n"

    with pytest.raises(ConfigError, match=r"serverless.yml:2: a: its Runtime is missing, or only known"):
        found({"serverless.yml": text, "app.py": None})


def test_a_handler_that_a_plugin_writes_is_a_question(found):
    text = "provider: {name: aws, runtime: python3.12}\nfunctions: {a: {handler: wsgi_handler.handler}}\n"

    with pytest.raises(ConfigError, match="the plugin serverless-wsgi writes"):
        found({"serverless.yml": text, "app.py": None})
    (function,) = found({"wsgi_handler.py": None}).functions
    assert function.handler == "wsgi_handler.handler"


WSGI = """\
plugins: [serverless-wsgi]
provider: {{name: aws, runtime: python3.12}}
custom: {{wsgi: {{app: {app}, textMimeTypes: [text/x]}}}}
functions: {{a: {{handler: wsgi_handler.handler}}}}
package: {{patterns: ["!**", "api/**"]}}
"""


@pytest.mark.parametrize(
    ("app", "written"),
    [("api.site.app", "from api.site import app as app\n"), ("api/site.web", "__file__)), 'api'))\n")],
)
def test_the_handler_that_serverless_wsgi_writes(found, shipped, app, written):
    files = {"serverless.yml": WSGI.format(app=app), "api/site.py": "", "requirements.txt": "flask\n"}
    (function,) = found(files).functions

    assert shipped(function) == ["api/site.py", "wsgi_handler.py"]
    text = (function.layout[-1].source / "wsgi_handler.py").read_text("utf-8")
    assert written in text
    compile(text, "wsgi_handler.py", "exec")
    assert function.requirements.path.read_text("utf-8").endswith("requirements.txt\nserverless-wsgi\nwerkzeug\n")


def test_an_app_of_serverless_wsgi_that_is_no_name_is_a_question(found):
    with pytest.raises(ConfigError, match="the plugin serverless-wsgi writes"):
        found({"serverless.yml": WSGI.format(app="my-api/my-site.app"), "app.py": None})


def test_a_program_is_a_question(found):
    with pytest.raises(ConfigError, match="is a program, which was not run") as caught:
        found({"serverless.ts": "export default {}\n", "app.py": None})

    assert "serverless print" in caught.value.hint


def test_aliases_that_unfold_to_too_much_are_an_error(found):
    lines = ["a: &a [x,x,x,x,x,x,x,x,x,x]"] + [
        f"{new}: &{new} [{','.join(['*' + old] * 10)}]" for old, new in zip("abcdefgh", "bcdefghi", strict=True)
    ]
    text = "\n".join([*lines, "provider: {runtime: python3.12}", "functions: {f: {handler: app.handler, x: *i}}", ""])

    with pytest.raises(ConfigError, match="cannot be read"):
        found({"serverless.yml": text, "app.py": None})


def test_a_project_of_the_first_serverless_is_a_question(found):
    with pytest.raises(ConfigError, match=r"Serverless 0\.x"):
        found({"s-project.json": "{}", "api/handler.py": None})
