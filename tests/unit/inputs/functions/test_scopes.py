"""Functions of CDK programs whose arguments come through methods, helpers and classes."""

import pytest

from lambda_slim.base.errors import ConfigError, UsageError
from tests.unit.inputs.functions.conftest import shown

CDK = {"cdk.json": '{"app": "python3 app.py"}'}


def places(project):
    """(handler, folder, target) of each function."""
    return [
        (row.handler, row.parts[0].source.relative_to(project.root).as_posix(), row.target.runtime.name[6:])
        for row in project.functions
    ]


COMMON = """\
class Tools(Stack):
    def __init__(self, scope, id):
        common = {"runtime": lambda_.Runtime.PYTHON_3_11, "timeout": Duration.seconds(30)}
        self.make(common)
    def make(self, common):
        lambda_.Function(self, "A", handler="a.handler", code=Code.from_asset("a"), **common)
        lambda_.Function(
            self, "B", handler="b.handler", code=Code.from_asset("b"), timeout=Duration.minutes(5),
            **{key: value for key, value in common.items() if key != "timeout"},
        )
"""


def test_arguments_that_a_method_unpacks_are_those_that_it_is_given(found):
    project = found({**CDK, "stack.py": COMMON, "a/a.py": None, "b/b.py": None})
    assert places(project) == [("a.handler", "a", "3.11"), ("b.handler", "b", "3.11")]


@pytest.mark.parametrize(
    "call",
    [
        'lambda_.Function(self, "B", handler="b.handler", code=Code.from_asset("b"), **settings())',
        'lambda_.Function(self, "B", **settings())',
        'lambda_.Function(self, "B", **{key: value for key, value in common.items() if key != "runtime"})',
    ],
)
def test_a_function_whose_arguments_are_not_known_is_said_and_not_passed_over(found, call):
    stack = (
        'lambda_.Function(self, "A", handler="a.handler", runtime=Runtime.PYTHON_3_12, code=Code.from_asset("a"))\n'
        f'common = {{"runtime": Runtime.PYTHON_3_12, "handler": "b.handler", "code": Code.from_asset("b")}}\n{call}\n'
    )
    project = found({**CDK, "stack.py": stack, "a/a.py": None, "b/b.py": None})
    assert [row.name for row in project.functions] == ["A"]
    assert [row.name for row in project.failures] == ["B"]


@pytest.mark.parametrize("call", ["cloudfront.Function(self, 'C', code=code)", "appsync.Function(self, 'C', **many)"])
def test_functions_of_other_services_are_passed_over(found, call):
    stack = (
        f'Function(self, "A", handler="a.handler", runtime=Runtime.PYTHON_3_12, code=Code.from_asset("a"))\n{call}\n'
    )
    project = found({**CDK, "stack.py": stack, "a/a.py": None})
    assert [row.name for row in project.functions] == ["A"]
    assert not project.failures


TWO = "def first(event, context):\n    return 1\n\ndef second(event, context):\n    return 2\n"
SCRIPT = """\
import * as lambda from 'aws-cdk-lib/aws-lambda';
const __dirname = path.dirname(fileURLToPath(import.meta.url));
export class ApiStack extends Stack {
  constructor(scope: Construct, id: string, props: Props) {
    super(scope, id, props);
    const backend = path.join(__dirname, '..', 'backend');
    const common: Partial<lambda.FunctionProps> = {
      runtime: lambda.Runtime.PYTHON_3_13,
      code: lambda.Code.fromAsset(backend),
    };
    HELPER
    const first = MAKE(this, 'First', 'api.first');
    const second = MAKE(this, 'Second', 'api.second');
  }
  METHOD
}
"""
BODY = "new lambda.Function(scope, id, { ...common, handler } as lambda.FunctionProps)"
HELPERS = {
    "function": (f"function make(scope: Construct, id: string, handler: string): X {{ return {BODY}; }}", "make"),
    "arrow": (f"const make = (scope: Construct, id: string, handler: string) => {BODY};", "make"),
    "arrow with a body": (
        f"const make = (scope: any, id: string, handler: string): X => {{ return {BODY}; }};",
        "make",
    ),
}


@pytest.mark.parametrize("kind", HELPERS)
def test_each_call_of_a_helper_in_typescript_is_a_function(found, kind):
    helper, name = HELPERS[kind]
    text = SCRIPT.replace("HELPER", helper).replace("MAKE", name).replace("METHOD", "")
    project = found({**CDK, "lib/stack.ts": text, "backend/api.py": TWO})
    assert places(project) == [("api.first", "backend", "3.13"), ("api.second", "backend", "3.13")]
    assert [row.name for row in project.functions] == ["First", "Second"]


METHOD = """\
export class Api extends Construct {
  private readonly stage: string;
  constructor(scope: Construct, id: string, { stage, folder = 'backend' }: Props) {
    super(scope, id);
    this.folder = folder;
    this.make('First', { handler: 'api.first' });
    this.make('Second', { handler: 'api.second' });
  }
  private make(id: string, props: { handler: string }): lambda.Function {
    return new lambda.Function(this, id, {
      runtime: lambda.Runtime.PYTHON_3_13, handler: props.handler, code: lambda.Code.fromAsset(`./${this.folder}`),
    });
  }
}
new Api(stack, 'A', { stage: 'dev' });
"""


def test_a_method_in_typescript_with_options_and_what_the_class_is_made_with(found):
    project = found({**CDK, "lib/stack.ts": METHOD, "backend/api.py": TWO})
    assert places(project) == [("api.first", "backend", "3.13"), ("api.second", "backend", "3.13")]


VERTICAL = """\
class Vertical(Construct):
    def __init__(self, scope, id, name):
        super().__init__(scope, id)
        self.name = name
        self.create(layer, "other")
    def create(self, layer, name):
        lambda_.Function(
            self, "Api", handler="api.handler", runtime=Runtime.PYTHON_3_12,
            code=Code.from_asset(f"code/{self.name}"), function_name=name,
        )
"""
USES = """\
from vertical import Vertical
class Shop(Stack):
    def __init__(self, scope, id):
        Vertical(self, "Retail", name="retail")
        Vertical(self, "Health", "health")
"""


def test_what_a_class_is_made_with_reaches_its_methods(found):
    files = {"vertical.py": VERTICAL, "shop.py": USES, "code/retail/api.py": None, "code/health/api.py": None}
    assert [place for _, place, _ in places(found({**CDK, **files}))] == ["code/retail", "code/health"]


def test_a_stack_that_is_made_for_each_stage_has_its_functions_once(found):
    stack = COMMON + 'Tools(app, "dev")\nTools(app, "prod")\n'
    project = found({**CDK, "stack.py": stack, "a/a.py": None, "b/b.py": None})
    assert [row.name for row in project.functions] == ["A", "B"]


STEPS = {
    "a part": (
        "pip install -r /asset-input/requirements.txt -t /asset-output && cp -R /asset-input/src /asset-output/src",
        ["src/api.py"],
    ),
    "its content": ("pip install -r requirements.txt -t /asset-output && cp -r src/* /asset-output/", ["api.py"]),
    "several": (
        "pip install -r requirements.txt -t /asset-output && cp -r src main.py /asset-output",
        ["main.py", "src/api.py"],
    ),
    "all": (
        "cd /asset-input && pip install -r requirements.txt -t /asset-output && cp -au . /asset-output",
        ["main.py", "requirements.txt", "src/api.py"],
    ),
}


@pytest.mark.parametrize("kind", STEPS)
@pytest.mark.parametrize("joined", [False, True])
def test_a_bundling_that_copies_parts_lays_them_where_it_says(found, shipped, kind, joined):
    steps, paths = STEPS[kind]
    command = f'" && ".join({steps.split(" && ")!r})' if joined else repr(steps)
    handler = "src.api.handler" if paths[-1] == "src/api.py" else "api.handler"
    stack = (
        f'lambda_.Function(self, "F", runtime=Runtime.PYTHON_3_12, handler="{handler}",\n'
        f'  code=Code.from_asset("svc", bundling=BundlingOptions(image=i, command=["bash", "-lc", {command}])))\n'
    )
    files = {"svc/src/api.py": None, "svc/main.py": None, "svc/requirements.txt": "six==1.16.0\n"}
    (function,) = found({**CDK, "stack.py": stack, **files}).functions
    assert sorted(shipped(function)) == paths
    assert function.requirements.path.name == "requirements.txt"


@pytest.mark.parametrize(
    "step",
    ["npm ci", "cp -r ../x /asset-output", "pip install -r requirements.txt -t /asset-output/vendor", "cp -r src /tmp"],
)
def test_a_bundling_that_does_more_is_a_question(found, step):
    stack = (
        'lambda_.Function(self, "F", runtime=Runtime.PYTHON_3_12, handler="api.handler",\n'
        '  code=Code.from_asset("svc", bundling=BundlingOptions(\n'
        f'    command=["bash", "-c", "cp -r . /asset-output && {step}"])))\n'
    )
    with pytest.raises(ConfigError, match=r"there is no cdk\.out") as caught:
        found({**CDK, "stack.py": stack, "svc/api.py": None})
    assert "how its code is bundled" in caught.value.cause


FOLLOWED = {
    "the project itself": ("pip install . -t /asset-output && cp -r hooks/* /asset-output/", ["hook.py"]),
    "by way of another folder": (
        "mkdir -p /tmp/out && cp -r hooks /tmp/out/ && cd /tmp/out && cp -r . /asset-output",
        ["hooks/hook.py"],
    ),
    "in a loop": ("for part in hooks main.py; do cp -r /asset-input/$part /asset-output/; done", None),
}


@pytest.mark.parametrize("kind", FOLLOWED)
def test_a_bundling_is_followed_as_a_script_is(found, shipped, kind):
    steps, paths = FOLLOWED[kind]
    handler = "hook.handler" if paths == ["hook.py"] else "hooks.hook.handler"
    stack = (
        f'lambda_.Function(self, "F", runtime=Runtime.PYTHON_3_12, handler="{handler}",\n'
        f'  code=Code.from_asset("svc", bundling=BundlingOptions(image=i, command=["bash", "-c", {steps!r}])))\n'
    )
    files = {"svc/hooks/hook.py": None, "svc/main.py": None, "svc/pyproject.toml": '[project]\nname = "svc"\n'}
    (function,) = found({**CDK, "stack.py": stack, **files}).functions
    assert sorted(shipped(function)) == (paths or ["hooks/hook.py", "main.py"])
    installed = function.requirements.path.read_text() if function.requirements else ""
    assert ("/svc\n" in installed) is (kind == "the project itself")


@pytest.mark.parametrize("folder", ["", "infra/"])
def test_a_cdk_out_without_the_code_of_its_functions_leaves_it_to_the_program(found, folder):
    out = {
        "cdk.out/cdk.out": "{}",
        "cdk.out/manifest.json": '{"artifacts": {"S": {"type": "aws:cloudformation:stack"}}}',
        "cdk.out/S.assets.json": '{"files": {"a": {"source": {"path": "asset.a", "packaging": "zip"}}}}',
    }
    files = {**CDK, **out, "stack.py": COMMON, "a/a.py": None, "b/b.py": None}
    project = found({folder + name: text for name, text in files.items()})
    assert [row.name for row in project.functions] == ["A", "B"]
    assert shown(project)[0][2] == "python3.11 x86_64"


LOOPS = {
    "over names": (
        'for name in ["one", "two"]:\n'
        '    lambda_.Function(self, f"{name}-fn", runtime=Runtime.PYTHON_3_12, handler="app.handler",\n'
        '        code=Code.from_asset(f"svc/{name}"))\n'
    ),
    "over a constant of tables": (
        'ROWS = [{"id": "one-fn", "folder": "svc/one"}, {"id": "two-fn", "folder": "svc/two"}]\n'
        "class App(Stack):\n"
        "    def __init__(self, scope, id):\n"
        "        for row in ROWS:\n"
        '            lambda_.Function(self, row["id"], runtime=Runtime.PYTHON_3_12, handler="app.handler",\n'
        '                code=Code.from_asset(row["folder"]))\n'
        'App(app, "A")\n'
    ),
    "over pairs of a table, in a method": (
        "class App(Stack):\n"
        "    def __init__(self, scope, id):\n"
        '        self.base = "svc"\n'
        "        self.make()\n"
        "    def make(self):\n"
        '        table = {"one-fn": "one", "two-fn": "two"}\n'
        "        for name, folder in table.items():\n"
        "            path = os.path.join(self.base, folder)\n"
        "            lambda_.Function(self, name, runtime=Runtime.PYTHON_3_12, handler='app.handler',\n"
        "                code=Code.from_asset(path))\n"
        'App(app, "A")\n'
    ),
    "through a helper": (
        "def make(scope, name, folder):\n"
        "    return lambda_.Function(scope, name, runtime=Runtime.PYTHON_3_12, handler='app.handler',\n"
        "        code=Code.from_asset(folder))\n"
        'for number, (name, folder) in enumerate([("one-fn", "svc/one"), ("two-fn", "svc/two")]):\n'
        "    make(app, name, folder)\n"
    ),
    "in a loop": (
        'for base in ["svc"]:\n'
        '    for name in ("one", "two"):\n'
        '        lambda_.Function(self, f"{name}-fn", runtime=Runtime.PYTHON_3_12, handler="app.handler",\n'
        '            code=Code.from_asset(f"{base}/{name}"))\n'
    ),
}


@pytest.mark.parametrize("kind", LOOPS)
def test_a_loop_over_what_stands_there_makes_a_function_each_time(found, kind):
    project = found({**CDK, "stack.py": LOOPS[kind], "svc/one/app.py": None, "svc/two/app.py": None})
    assert [(row.name, row.source.name) for row in project.functions] == [("one-fn", "one"), ("two-fn", "two")]
    assert project.failures == ()


@pytest.mark.parametrize(
    "rows", ["os.listdir('svc')", "names()", '["one", *more]', '[name for name in ("one", "two")]', "NAMES[1:]"]
)
def test_a_loop_over_what_only_a_run_knows_is_a_question(found, rows):
    stack = (
        'NAMES = ["zero", "one"]\n'
        f"for name in {rows}:\n"
        '    lambda_.Function(self, "F", runtime=Runtime.PYTHON_3_12, handler="app.handler",\n'
        '        code=Code.from_asset(f"svc/{name}"))\n'
    )
    with pytest.raises(ConfigError, match=r"there is no cdk\.out"):
        found({**CDK, "stack.py": stack, "svc/one/app.py": None, "svc/two/app.py": None})


APP = "import aws_cdk as cdk\nfrom stack import Mail\napp = cdk.App()\nMail(app, 'Mail')\n{}\n"
MAIL = (
    "class Mail(Stack):\n"
    "    def __init__(self, scope, id):\n"
    "        lambda_.Function(self, 'Classify', runtime=Runtime.PYTHON_3_12, handler='app.handler',\n"
    "            code=Code.from_asset('../code'))\n"
)


@pytest.mark.parametrize("above", ["", "repo/"])
def test_an_app_of_python_without_a_cdk_json_says_its_functions(found, above):
    files = {f"{above}cdk/app.py": APP.format("app.synth()"), f"{above}cdk/stack.py": MAIL, f"{above}code/app.py": None}
    (function,) = found({**files, f"{above}other.py": "def handler(event, context): ..."}).functions
    assert (function.name, function.handler, function.source.name) == ("Classify", "app.handler", "code")


@pytest.mark.parametrize(("app", "stack"), [("", MAIL), ("app.synth()", MAIL.replace("../code", "code"))])
def test_an_app_that_does_not_say_where_its_code_is_stays_a_question(found, app, stack):
    files = {"cdk/app.py": APP.format(app), "cdk/stack.py": stack, "code/app.py": None}
    stack += "# runtime=Runtime.PYTHON_3_12\n"
    with pytest.raises((ConfigError, UsageError)) as caught:
        found({**files, "cdk/stack.py": f"import aws_cdk\n{stack}"})
    assert "cdk" in f"{caught.value.message}{caught.value.hint}"


def test_an_app_py_below_a_cdk_json_is_no_app_of_its_own(tmp_path):
    from lambda_slim.inputs.functions.cdk import KIND

    app = tmp_path / "cdk" / "app.py"
    app.parent.mkdir()
    app.write_text("from aws_cdk import App\napp = App()\napp.synth()\n")
    assert KIND.find(app.parent) == app

    (tmp_path / "cdk.json").write_text('{"app": "python cdk/app.py"}')
    assert KIND.find(app.parent) is None
