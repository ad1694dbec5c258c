"""Functions of programs that deploy: CDK, Pulumi, SST; read from their literals, never run."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lambda_slim.base.errors import ConfigError, NothingToDoError
from lambda_slim.formats.program_python import python_program
from lambda_slim.formats.program_script import script_program
from tests.unit.inputs.functions.conftest import shown

CDK_PYTHON = """\
import os
from pathlib import Path
from aws_cdk import Duration, aws_lambda as _lambda
HERE = Path(__file__).parent
common = dict(runtime=_lambda.Runtime.PYTHON_3_12)
class Stack:
    def __init__(self):
        folder = os.path.join(os.path.dirname(__file__), "..", "fns")
        _lambda.Function(self, "Orders", runtime=_lambda.Runtime.PYTHON_3_12, handler="app.handler",
            code=_lambda.Code.from_asset(folder, exclude=["*.md"]), timeout=Duration.minutes(1),
            architecture=_lambda.Architecture.ARM_64, environment={"A": "1", "B": table.name})
        PythonFunction(self, "Built", runtime=_lambda.Runtime.PYTHON_3_13, entry=str(HERE / "../entry"), index="go.py")
        with open("inline.py", encoding="utf8") as file:
            text = file.read()
        _lambda.Function(self, "Inline", runtime=_lambda.Runtime.PYTHON_3_12, handler="index.handler",
            code=_lambda.InlineCode(text))
        _lambda.Function(self, "Js", runtime=_lambda.Runtime.NODEJS_20_X, handler="a.b", code=Code.from_asset("x"))
        for name in self.names():
            _lambda.Function(self, name, runtime=_lambda.Runtime.PYTHON_3_12, handler=f"{name}.handler",
                code=_lambda.Code.from_asset("fns"))
"""


def test_a_cdk_app_in_python(found, shipped):
    files = {
        "cdk.json": "{}",
        "infra/stack.py": CDK_PYTHON,
        "fns/app.py": None,
        "fns/notes.md": "",
        "entry/go.py": None,
        "entry/requirements.txt": "six",
        "inline.py": None,
        "requirements.txt": "aws-cdk-lib",
    }
    project = found(files)

    assert shown(project) == [
        ("Orders", "app.handler", "python3.12 arm64"),
        ("Built", "go.handler", "python3.13 x86_64"),
        ("Inline", "index.handler", "python3.12 x86_64"),
    ]
    orders, built, inline = project.functions
    assert shipped(orders) == ["app.py"]
    assert orders.requirements is None, "aws-cdk-lib is for the app, not for its functions"
    assert (orders.timeout_s, orders.environment["A"]) == (60, "1")
    assert built.requirements is not None
    assert built.requirements.path.parent.name == "entry"
    assert shipped(inline) == ["index.py"]
    assert [failure.name for failure in project.failures] == ["unknown"], "which handlers the loop makes is not known"
    assert any("Js is left out: its runtime is nodejs_20_x" in text for text in project.warnings)


CDK_SCRIPT = """\
import * as lambda from 'aws-cdk-lib/aws-lambda';
const common = { runtime: lambda.Runtime.PYTHON_3_11, handler: 'one.handler' }; // new lambda.Function(this, 'Not', {})
export class S extends Stack {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    if (props?.x) { this.y = /a"b/.test(id) ? 1 : 2 }
    const fn: lambda.Function = new lambda.Function(this, 'One', {
      ...common,
      code: lambda.Code.fromAsset(path.join(__dirname, '../src'), {
        bundling: {
          image: lambda.Runtime.PYTHON_3_11.bundlingImage,
          command: ['bash', '-c', 'pip install -r requirements.txt -t /asset-output && cp -au . /asset-output'],
        },
      }),
      memorySize: 512,
    })
    new lambda.Function(this, 'Two', { ...common, code: bundled('src') });
  }
}
"""


def test_a_cdk_app_in_typescript(found):
    files = {"cdk.json": "{}", "lib/s.ts": CDK_SCRIPT, "src/one.py": None, "src/requirements.txt": "six"}
    project = found(files)

    (function,) = project.functions
    assert shown(project) == [("One", "one.handler", "python3.11 x86_64")]
    assert (function.memory_mb, function.source.name, function.where) == (512, "src", "lib/s.ts:7")
    assert function.requirements is not None
    assert ["its code is only known when the app runs" in failure.error.message for failure in project.failures] == [
        True
    ]


def test_constants_of_another_file_of_the_program(found):
    stack = (
        "import cdk.settings as settings\nfrom .names import HANDLER\n"
        "Function(self, 'F', runtime=settings.RUNTIME, handler=HANDLER, code=Code.from_asset(settings.FOLDER))\n"
    )
    files = {"cdk.json": "{}", "cdk/stack.py": stack, "cdk/names.py": "HANDLER = 'app.handler'\n", "fns/app.py": None}
    project = found({**files, "cdk/settings.py": "RUNTIME = _lambda.Runtime.PYTHON_3_13\nFOLDER: str = 'fns'\n"})

    assert shown(project) == [("F", "app.handler", "python3.13 x86_64")]
    with pytest.raises(ConfigError, match=r"there is no cdk\.out"):
        found({"old/settings.py": "FOLDER = 'other'\n"})


def test_a_class_that_derives_from_function_may_make_more(found):
    own = "class Mine(lambda_.Function):\n    pass\nMine(self, 'X', runtime=R)\n"
    with pytest.raises(ConfigError, match=r"there is no cdk\.out") as caught:
        found({"cdk.json": "{}", "app.py": own, "fns/app.py": None})

    assert "Mine is a kind of function of the app's own" in str(caught.value.cause)


PULUMI = {
    "__main__.py": """\
import pulumi
from pulumi_aws import lambda_
lambda_.Function("jobs", runtime=lambda_.Runtime.PYTHON3D12, handler="app.handler", memory_size=256,
    code=pulumi.AssetArchive({".": pulumi.FileArchive("./app"), "Extra.py": pulumi.FileAsset("extra.py")}))
""",
    "index.ts": """\
const fn = new aws.lambda.Function("jobs", {
  runtime: aws.lambda.Runtime.Python3d12, handler: "app.handler", memorySize: 256,
  code: new pulumi.asset.AssetArchive({
    ".": new pulumi.asset.FileArchive("./app"),
    "Extra.py": new pulumi.asset.FileAsset("extra.py"),
  }),
});
""",
}


@pytest.mark.parametrize("name", PULUMI)
def test_a_pulumi_program(found, shipped, name):
    language = "python" if name.endswith(".py") else "nodejs"
    files = {"Pulumi.yaml": f"name: x\nruntime: {language}\n", name: PULUMI[name], "app/app.py": None, "extra.py": ""}
    project = found(files)

    assert shown(project) == [("jobs", "app.handler", "python3.12 x86_64")]
    assert shipped(project.functions[0]) == ["Extra.py", "app.py"]
    assert project.functions[0].memory_mb == 256


def test_a_pulumi_program_whose_functions_are_in_another_language(found):
    program = PULUMI["index.ts"].replace("aws.lambda.Runtime.Python3d12", '"nodejs22.x"')

    with pytest.raises(NothingToDoError) as caught:
        found({"Pulumi.yaml": "name: x\nruntime: nodejs\n", "index.ts": program, "app/app.js": "", "extra.py": ""})

    assert "jobs is left out: its runtime is nodejs22.x" in str(caught.value.cause)


SST = """\
export default $config({
  app(input) { return { name: "x" }; },
  async run() {
    const api = new sst.aws.Function("Api", { handler: "functions/src/functions/api.handler", runtime: "python3.12",
      architecture: "arm64", url: true });
    new sst.aws.Cron("Tick", { schedule: "rate(1 day)", job: { handler: "jobs/tick.run", runtime: "python3.13" } });
    new sst.aws.Function("Web", { handler: "web/index.handler" });
  },
});
"""


def test_an_sst_app(found):
    files = {
        "sst.config.ts": SST,
        "functions/pyproject.toml": "[project]\nname='functions'\nversion='1'\ndependencies=['six']\n",
        "functions/src/functions/api.py": None,
        "jobs/tick.py": "def run(event, context): return 1\n",
        "jobs/requirements.txt": "six\n",
    }
    project = found(files)

    assert shown(project) == [
        ("Api", "functions/api.handler", "python3.12 arm64"),
        ("tick-run", "tick.run", "python3.13 x86_64"),
    ]
    assert [function.source.name for function in project.functions] == ["src", "jobs"]
    assert all(function.requirements for function in project.functions)


SST_V2 = """\
export default { config() { return { name: "x" }; }, stacks(app) {
  app.setDefaultFunctionProps({ runtime: "python3.11", copyFiles: [{ from: "packages/core", to: "core" }] });
  app.stack(API);
} };
"""
SST_STACK = """\
export function API({ stack }) {
  new Api(stack, "api", { defaults: { function: { runtime: "python3.13" } },
    routes: { "GET /": "rest/main.handler" } });
  new Api(stack, "more", { routes: { "GET /": "more/other.handler" } });
}
"""


def test_defaults_of_an_sst_construct_win_over_those_of_the_app(found, shipped):
    rest = {"rest/main.py": None, "rest/requirements.txt": "", "more/other.py": None, "more/requirements.txt": ""}
    files = {"sst.config.ts": SST_V2, "stacks/Api.ts": SST_STACK, **rest, "packages/core/a.py": "X = 1\n"}

    project = found(files)

    assert shown(project) == [
        ("main-handler", "main.handler", "python3.13 x86_64"),
        ("other-handler", "other.handler", "python3.11 x86_64"),
    ]
    assert "core/a.py" in shipped(project.functions[0])


def test_what_sst_copies_and_is_not_here_is_a_question(found):
    with pytest.raises(ConfigError, match="SST app") as caught:
        found({"sst.config.ts": SST_V2, "stacks/Api.ts": SST_STACK, "rest/main.py": None, "more/other.py": None})

    assert "what `copyFiles` copies is not here" in str(caught.value.cause)


def test_an_example_is_no_function_of_a_library(found):
    with pytest.raises(NothingToDoError) as caught:
        found({"lib/core.py": "X = 1\n", "examples/api/app.py": None})

    assert "in a folder of examples" in str(caught.value.cause)


@given(st.text(alphabet="abc(){}[]<>'\"`/.,:;=+!?$ \n\\0constnew", max_size=60))
def test_no_text_is_too_odd_for_the_reader_of_scripts(text):
    script_program(text)


@pytest.mark.parametrize("unit", ["a(", "a[", "{a:", "new a({"])
def test_a_program_that_is_nested_too_deeply_is_refused(unit):
    with pytest.raises(ValueError, match="nested too deeply"):
        script_program(unit * 20_000)


@pytest.mark.parametrize("unit", ["a+", "a/"])
def test_a_python_program_that_is_nested_too_deeply_is_refused(unit):
    with pytest.raises((ValueError, SyntaxError), match=r"nested too deeply|too many nested|too complex"):
        python_program(f"x={unit * 900}a")


@pytest.mark.parametrize(
    "text", ["a = f(a, a)", "a = [a, a, a]", "a = a + a", "a = f(**a)", "a = f(x=a, **a)", "a = b[a.c, a]\nb = a"]
)
def test_a_value_that_leads_to_itself_has_an_end(text):
    program = python_program(f"{text}\ng(a)\n")

    shown = repr(program.known(program.calls[-1]))

    assert "Opaque" in shown or "whole=False" in shown
    assert len(shown) < 5_000_000


def test_runtimes_of_the_first_cdk(found):
    text = (
        'Function(self, "F", code=InlineCode("def main(e, c): ..."), handler="index.main", runtime=Runtime.PYTHON37)\n'
    )
    with pytest.raises(ConfigError, match="retired runtime"):
        found({"cdk.json": "{}", "stack.py": text})
    assert shown(found({"stack.py": text.replace("37", "312")})) == [("F", "index.main", "python3.12 x86_64")]


CALLED_TWICE = """\
class Viewer(Construct):
    def __init__(self, scope, id, queue):
        code = InlineCode("def main(e, c): ...")
        Function(self, "View", code=code, handler="index.main", runtime=Runtime.PYTHON_3_12)
Viewer(app, "A", one)
Viewer(app, "B", two)
"""


def test_a_class_that_is_used_twice_makes_two_functions_with_names_of_their_own(found):
    names = [name for name, _, _ in shown(found({"cdk.json": "{}", "stack.py": CALLED_TWICE}))]
    assert names == ["stack-View", "stack-View-2"]


def test_the_dockerfile_of_a_cdk_app_that_only_has_images(found):
    stack = 'DockerImageFunction(self, "F", code=DockerImageCode.from_image_asset("./image"))\n'
    docker = 'FROM public.ecr.aws/lambda/python:3.13\nCOPY main.py ./\nCMD ["main.handler"]\n'
    project = found({"cdk.json": "{}", "stack.py": stack, "image/Dockerfile": docker, "image/main.py": None})
    assert shown(project) == [("F", "main.handler", "python3.13 x86_64")]


@pytest.mark.parametrize(
    ("stack", "told"),
    [
        ("from aws_cdk import aws_s3 as s3\nimport own\ns3.Bucket(self, 'B')\n", "makes no Lambda function"),
        (
            "import aws_cdk.aws_lambda as l\nl.LayerVersion(self, 'L', code=l.Code.from_asset('bundle'))\n",
            "it is a layer of `bundle`, and no function",
        ),
    ],
)
def test_a_cdk_app_without_functions_has_nothing_to_work_on(found, stack, told):
    files = {"cdk.json": "{}", "stack.py": stack, "own.py": "", "bundle/tool.py": "import boto3\n"}
    with pytest.raises(NothingToDoError) as caught:
        found(files)
    assert told in caught.value.cause


@pytest.mark.parametrize(
    "stack",
    [
        "import aws_cdk\nfrom their_constructs import Api\nApi(self, 'B', code='fns')\n",
        "import aws_cdk\nimport own\nown.PythonLambda(self, 'B', 'fns')\n",
    ],
)
def test_a_cdk_app_that_may_make_functions_in_its_own_way_is_a_question(found, stack):
    with pytest.raises(ConfigError, match=r"there is no cdk\.out"):
        found({"cdk.json": "{}", "stack.py": stack, "own.py": "", "fns/app.py": None})


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("stack.py", 'Function(self, "F", runtime=Runtime.FROM_IMAGE, handler=Handler.FROM_IMAGE, code=image)\n'),
        ("stack.ts", 'new Function(this, "F", {runtime: Runtime.FROM_IMAGE, handler: Handler.FROM_IMAGE, code})\n'),
    ],
)
def test_a_function_of_a_cdk_app_whose_runtime_is_an_image(found, file, text):
    docker = 'FROM public.ecr.aws/lambda/python:3.13\nCOPY main.py ./\nCMD ["main.handler"]\n'
    project = found({"cdk.json": "{}", file: text, "image/Dockerfile": docker, "image/main.py": None})
    assert shown(project) == [("image", "main.handler", "python3.13 x86_64")]


BOUND = """\
import os
def one(self):
    here = os.path.dirname(os.path.abspath(__file__))
    Function(self, "A", runtime=Runtime.PYTHON_3_13, handler="a.handler", code=Code.from_asset(os.path.join(here, "f")))
def two(self):
    here = os.path.dirname(os.path.abspath(__file__))
    Function(self, "B", runtime=Runtime.PYTHON_3_13, handler="b.handler", code=Code.from_asset(os.path.join(here, "f")))
"""


def test_a_name_that_is_bound_to_the_same_each_time(found):
    files = {"cdk.json": "{}", "infra/stack.py": BOUND, "infra/f/a.py": None, "infra/f/b.py": None}
    assert [name for name, _, _ in shown(found(files))] == ["A", "B"]
    other = BOUND.replace("here = os.path.dirname(os.path.abspath(__file__))", "here = os.getcwd()", 1)
    project = found({**files, "infra/stack.py": other, "f/a.py": None})
    assert [row.parts[0].source.relative_to(project.root).as_posix() for row in project.functions] == ["f", "infra/f"]


LOCAL = """
const here = path.join(__dirname, "fns")
new Function(this, "F", {
  handler: "app.handler", runtime: Runtime.PYTHON_3_13,
  code: Code.fromAsset(here, {
    bundling: {
      image: Runtime.PYTHON_3_13.bundlingImage,
      local: {
        tryBundle(out: string) {
          try { execSync('pip3 --version') } catch { return false }
          execSync(`pip install -r ${path.join(here, "requirements.txt")} -t ${out}`)
          execSync(`cp -au ${here}/* ${path.join(out)}`)
          return true
        }
      }
    }
  })
})
"""


def test_bundling_of_a_cdk_app_on_the_machine_that_deploys(found, shipped):
    files = {"cdk.json": "{}", "lib/stack.ts": LOCAL, "lib/fns/app.py": None, "lib/fns/requirements.txt": "six\n"}
    (function,) = found(files).functions
    assert shipped(function) == ["app.py", "requirements.txt"]
    assert function.requirements.path.parent.name == "fns"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("return true", "execSync(`npm run generate`); return true"),
        ("return true", "fs.writeFileSync(out, x); return true"),
        ("requirements.txt", "more.txt"),
        ("cp -au ${here}/* ${path.join(out)}", "cp -au ${here}/src/* ${out}"),
        ("image: Runtime.PYTHON_3_13.bundlingImage,", "image: x, command: ['bash', '-c', 'make'],"),
    ],
)
def test_other_bundling_on_the_machine_that_deploys_is_a_question(found, old, new):
    files = {"cdk.json": "{}", "lib/stack.ts": LOCAL.replace(old, new), "lib/fns/app.py": None}
    with pytest.raises(ConfigError) as caught:
        found(files)
    assert "how its code is bundled is only known when the app runs" in caught.value.cause


PRINTED = """\
Resources:
  F:
    Type: AWS::Lambda::Function
    Properties: {Handler: app.handler, Runtime: python3.13, Code: {S3Bucket: b, S3Key: k}}
    Metadata: {"aws:cdk:path": Stack/F/Resource, "aws:asset:path": /home/them/fns, "aws:asset:property": Code}
"""


def test_the_app_and_not_what_it_printed_on_another_machine(found, shipped):
    stack = 'Function(self, "F", runtime=Runtime.PYTHON_3_13, handler="app.handler", code=Code.from_asset("fns"))\n'
    files = {"template.yaml": PRINTED, "cdk.json": "{}", "stack.py": stack, "fns/app.py": None}
    assert shipped(found(files).functions[0]) == ["app.py"]
    with pytest.raises(ConfigError, match="is not there"):
        found({"cdk.json": "[]", "template.yaml": PRINTED.replace("aws:cdk:path", "path")})


def test_a_pulumi_program_where_no_file_is_python(found):
    text = 'new aws.lambda.CallbackFunction("f", {callback: async () => {}})\n'
    with pytest.raises(NothingToDoError):
        found({"Pulumi.yaml": "name: x\nruntime: nodejs\n", "index.ts": text})


def test_a_cdk_app_of_other_runtimes_has_nothing_to_work_on(found):
    stack = 'Function(self, "F", runtime=Runtime.NODEJS_18_X, handler="a.b", code=Code.from_asset("f"))\n'
    with pytest.raises(NothingToDoError, match="no Python function"):
        found({"cdk.json": "{}", "stack.py": stack})


def test_code_of_a_cdk_app_that_a_makefile_makes(found):
    stack = 'code = Code.from_asset(".build/l")\n'
    stack += 'Function(self, "F", runtime=Runtime.PYTHON_3_13, handler="svc.app.handler", code=code)\n'
    make = "build:\n\tmkdir -p .build/l ; cp -r svc .build/l\n"
    project = found({"cdk.json": "{}", ".git/HEAD": "", "stack.py": stack, "Makefile": make, "svc/app.py": None})
    assert [(part.source.name, part.prefix) for part in project.functions[0].layout] == [("svc", "svc")]


ARGUMENTS = """\
import pulumi, pulumi_aws as aws
args = aws.lambda_.FunctionArgs(runtime="python3.12", handler="app.handler",
    code=pulumi.AssetArchive(assets={"app.py": pulumi.FileAsset(path="app/app.py")}))
aws.lambda_.Function("jobs", args)
"""
UNREAD = """\
aws.lambda_.Function("mail", **options())
aws.lambda_.Function("later", runtime=RUNTIME, handler=given(), code=pulumi.FileArchive("./app"))
"""


def test_arguments_of_a_pulumi_function_in_a_record_and_archives_by_name(found, shipped):
    project = found({"Pulumi.yaml": "name: x\nruntime: python\n", "__main__.py": ARGUMENTS, "app/app.py": None})

    assert shown(project) == [("jobs", "app.handler", "python3.12 x86_64")]
    assert shipped(project.functions[0]) == ["app.py"]


def test_a_pulumi_function_that_is_not_read_is_said_beside_others_that_are(found):
    files = {"Pulumi.yaml": "name: x\nruntime: python\n", "app/app.py": None}
    project = found({**files, "__main__.py": ARGUMENTS + UNREAD})

    assert [name for name, *_ in shown(project)] == ["jobs"]
    said = "".join(map(str, project.problems if hasattr(project, "problems") else project.warnings))
    assert "__main__.py:5" in said
    assert "__main__.py:6" in said


def test_a_pulumi_program_of_another_cloud_makes_no_functions_of_lambda(found):
    program = 'from pulumi_azure_native import web\nzipped = pulumi.asset.FileArchive("./handler")\n'
    with pytest.raises(NothingToDoError):
        found({"Pulumi.yaml": "name: x\nruntime: python\n", "__main__.py": program, "handler/one.py": ""})


def test_an_sst_handler_of_python_without_a_runtime_is_said(found):
    text = (
        'const api = new sst.aws.ApiGatewayV2("Api", { transform: { route: { handler: (args) => '
        '{ args.runtime ??= "python3.12"; } } } });\n'
        'api.route("GET /", { handler: "src/app.handler", runtime: "python3.12" });\n'
        'api.route("GET /more", { handler: "src/more.handler" });\n'
        'api.route("GET /web", { handler: "src/web.handler" });\n'
    )
    files = {"src/app.py": None, "src/more.py": None, "src/web.py": None, "src/web.ts": "", "pyproject.toml": ""}
    project = found({"sst.config.ts": text, **files})

    assert [handler for _, handler, _ in shown(project)] == ["app.handler"]
    assert any("no runtime stands there, and its file is Python's" in text for text in project.warnings)
    assert any("its runtime is Node.js" in text for text in project.warnings)
    assert len(project.failures) == 1


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ('handler = handler.split(".")[0] + ".template"', False),
        ('handler += ".more"', False),
        ('handler = handler or "other.handler"', True),
        ('if handler is None:\n        handler = "other.handler"', True),
        ('if not handler:\n        handler = "other.handler"', True),
        ('if name == "jobs":\n        handler = "other.handler"', False),
    ],
)
def test_a_parameter_that_a_helper_changes_is_not_what_the_call_gives(found, change, told):
    program = (
        f"def make(name, handler=None):\n    {change}\n"
        '    lambda_.Function(name, runtime="python3.12", handler=handler, code=pulumi.FileArchive("./app"))\n'
        'make("jobs", "app.handler")\n'
    )
    files = {"Pulumi.yaml": "name: x\nruntime: python\n", "__main__.py": program, "app/app.py": None}
    if told:
        assert shown(found(files)) == [("jobs", "app.handler", "python3.12 x86_64")]
        return
    with pytest.raises(ConfigError) as caught:
        found(files)

    assert "__main__.py:" in str(caught.value.cause)


def test_a_parameter_that_a_call_leaves_to_the_helper_is_not_known(found):
    program = (
        "def make(name, handler=None):\n    handler = handler or pick(name)\n"
        '    lambda_.Function(name, runtime="python3.12", handler=handler, code=pulumi.FileArchive("./app"))\n'
        'make("jobs")\n'
    )
    with pytest.raises(ConfigError) as caught:
        found({"Pulumi.yaml": "name: x\nruntime: python\n", "__main__.py": program, "app/app.py": None})

    assert "its arguments are only known" in str(caught.value.cause)


BUNDLED = """\
deps = lambda_.LayerVersion(self, "Deps", code=lambda_.Code.from_asset("fns", bundling=%s))
lambda_.Function(self, "F", runtime=lambda_.Runtime.PYTHON_3_13, handler="app.handler",
    code=lambda_.Code.from_asset("fns"), layers=[deps])
"""


@pytest.mark.parametrize(
    ("command", "understood"),
    [
        ("pip install -r requirements.txt -t /asset-output/python", True),
        ("pip install -r requirements.txt -t /asset-output/python && cp -r shared /asset-output/python/shared", True),
        ("pip install -r requirements.txt -t /asset-output/python/lib/python3.13/site-packages", True),
        ("./fetch-it /asset-output/python", False),
    ],
)
@pytest.mark.parametrize("form", ['{"image": IMAGE, "command": ["bash", "-c", "%s"]}', "BundlingOptions(command=%s)"])
def test_a_layer_that_a_bundling_makes(found, form, command, understood):
    words = f'["bash", "-c", "{command}"]' if "Options" in form else command
    files = {"fns/app.py": None, "fns/requirements.txt": "six==1.16.0\n", "fns/shared/x.py": "", "cdk.json": "{}"}
    project = found({**files, "app.py": BUNDLED % (form % words)})

    layers = project.functions[0].layers
    assert {layer.name for layer in layers} == {"Deps"}
    installed = [layer for layer in layers if layer.requirement or layer.requirements]
    assert len(installed) == int(understood)
    assert all(layer.readable for layer in layers) == understood
    assert [layer.prefix for layer in layers if layer.content] == (["python/shared/"] if "shared" in command else [])
