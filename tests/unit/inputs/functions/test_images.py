"""Functions that other deployment files declare as images: their Dockerfile says what is in them."""

import pytest

from lambda_slim.base.errors import ConfigError
from tests.unit.inputs.functions.test_scopes import CDK

DOCKER = """\
FROM public.ecr.aws/lambda/python:3.13
COPY requirements.txt .
RUN pip install -r requirements.txt
COPY svc/ ./svc/
CMD ["svc.app.handler"]
"""
FILES = {
    "image/Dockerfile": DOCKER,
    "image/requirements.txt": "six==1.16.0\n",
    "image/svc/app.py": None,
    "image/svc/job.py": None,
}
SAM = """\
Resources:
  F:
    Type: AWS::Serverless::Function
    Properties: {PackageType: Image, MemorySize: 512, Architectures: [arm64], Environment: {Variables: {A: one}}%s}
    Metadata: {DockerContext: ./image, Dockerfile: %s}
"""
SERVERLESS = """\
service: s
provider: {name: aws, ecr: {images: {own: {path: ./image}}}}
functions:
  F: {image: %s}
"""
STACK = 'DockerImageFunction(self, "F", memory_size=512, code=DockerImageCode.from_image_asset("image"%s))\n'
TYPESCRIPT = (
    "new lambda.DockerImageFunction(this, 'F', {\n"
    "  code: lambda.DockerImageCode.fromImageAsset('image', {cmd: ['svc.job.handler'], file: 'Dockerfile'}),\n"
    "});\n"
)


@pytest.mark.parametrize(
    ("name", "text", "handler"),
    [
        ("template.yaml", SAM % ("", "Dockerfile"), "svc.app.handler"),
        ("template.yaml", SAM % (", ImageConfig: {Command: [svc.job.handler]}", "Dockerfile"), "svc.job.handler"),
        ("serverless.yml", SERVERLESS % "own", "svc.app.handler"),
        ("serverless.yml", SERVERLESS % "{name: own, command: [svc.job.handler]}", "svc.job.handler"),
        ("stack.py", STACK % "", "svc.app.handler"),
        ("stack.py", STACK % ', cmd=["svc.job.handler"]', "svc.job.handler"),
        ("stack.ts", TYPESCRIPT, "svc.job.handler"),
    ],
)
def test_an_image_that_is_built_here_is_what_its_dockerfile_says(found, shipped, name, text, handler):
    project = found({**(CDK if name.startswith("stack") else {}), name: text, **FILES})

    (function,) = project.functions
    assert (function.name, function.handler, function.target.runtime.name) == ("F", handler, "python3.13")
    assert sorted(shipped(function)) == ["requirements.txt", "svc/app.py", "svc/job.py"]
    assert function.requirements.path.name == "requirements.txt"
    assert project.failures == ()
    if name == "template.yaml":
        assert (function.memory_mb, function.target.architecture, function.environment["A"]) == (512, "arm64", "one")


@pytest.mark.parametrize(
    ("dockerfile", "told"),
    [
        ("Gone", "its Dockerfile is not there"),
        ("Web", "starts a web server"),
        ("Copies", "it is not there"),
    ],
)
def test_an_image_that_is_not_understood_is_a_question_and_code_is_not_guessed(found, dockerfile, told):
    web = DOCKER.replace("svc.app.handler", "uvicorn") + "# aws-lambda-adapter\n"
    files = {"image/Web": web, "image/Copies": DOCKER.replace("svc/", "away/")}
    with pytest.raises(ConfigError) as caught:
        found({"template.yaml": SAM % ("", dockerfile), **FILES, **files})
    assert told in f"{caught.value.message} {caught.value.cause}"


def test_an_image_of_another_language_is_left_out(found):
    files = {"image/Node": "FROM public.ecr.aws/lambda/nodejs:20\nCOPY a.js .\n", "own/app.py": None}
    more = "  Own:\n    Type: AWS::Serverless::Function\n"
    more += "    Properties: {CodeUri: own, Handler: app.handler, Runtime: python3.12}\n"
    project = found({"template.yaml": SAM % ("", "Node") + more, **FILES, **files})
    assert [function.name for function in project.functions] == ["Own"]
    assert "F is left out: it is a container image" in project.warnings[0]


BUILT = (
    "FROM public.ecr.aws/lambda/python:3.12\nRUN pip install six -t /asset\nCOPY svc/ /asset/svc/\nCOPY b.txt /tmp/\n"
)


@pytest.mark.parametrize(
    ("options", "docker", "paths"),
    [
        ("", BUILT, ["svc/app.py", "svc/job.py"]),
        (', file="Other", image_path="/out"', BUILT.replace("/asset", "/out"), ["svc/app.py", "svc/job.py"]),
    ],
)
def test_code_that_is_a_folder_of_an_image(found, shipped, options, docker, paths):
    stack = (
        'Function(self, "F", runtime=Runtime.PYTHON_3_12, handler="svc.app.handler",\n'
        f'  code=Code.from_docker_build("image"{options}))\n'
    )
    files = {"image/Dockerfile": docker, "image/Other": docker, "image/b.txt": "b"}
    (function,) = found({**CDK, "stack.py": stack, **FILES, **files}).functions
    assert sorted(shipped(function)) == paths
    assert function.requirements.path.read_text() == "six\n"


@pytest.mark.parametrize("name", [".github/workflows/deploy.yml", ".gitlab-ci.yml", "buildspec.yml"])
def test_a_zip_that_a_build_service_packs(found, shipped, name):
    steps = {
        ".gitlab-ci.yml": "pack:\n  before_script: [mkdir p]\n  script: [cp -r src/* p/, cd p && zip -r ../f.zip .]\n",
        "buildspec.yml": "phases: {build: {commands: [mkdir p, cp -r src/* p/, cd p && zip -r ../f.zip .]}}\n",
    }
    workflow = "jobs: {pack: {steps: [{run: 'mkdir p && cp -r src/* p/'}, {run: 'zip -r ../f.zip .',"
    workflow += " working-directory: p}]}}\n"
    main = 'resource "aws_lambda_function" "f" {\n  filename = "f.zip"\n  handler = "app.handler"\n'
    main += '  runtime = "python3.12"\n}\n'
    files = {"src/app.py": None, "src/lib/a.py": None}
    (function,) = found({"main.tf": main, name: steps.get(name, workflow), **files}).functions
    assert sorted(shipped(function)) == ["app.py", "lib/a.py"]


SST = """\
export default $config({ async run() {
  new sst.aws.Function("F", { handler: "fn/src/api.handler", runtime: "python3.12", python: { container: true } });
}});
"""


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({}, ["api.py"]),  # SST's own Dockerfile installs and copies as it does for a zip
        ({"fn/Dockerfile": "FROM public.ecr.aws/lambda/python:3.12\nCOPY src .\n"}, ["api.py"]),
    ],
)
def test_a_container_of_sst(found, shipped, files, expected):
    project = {"sst.config.ts": SST, "fn/src/api.py": None, "fn/pyproject.toml": '[project]\nname = "fn"\n'}
    (function,) = found({**project, **files}).functions
    assert (function.handler, sorted(shipped(function))) == ("api.handler", expected)


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ("RUN dnf install -y ffmpeg\nCOPY src .\n", "ffmpeg"),
        ("COPY other ./other\n", "copies `other`"),
        ("COPY . ${LAMBDA_TASK_ROOT}/deep\n", "copies `.`"),
        ("FROM public.ecr.aws/lambda/python:3.11\nCOPY . .\n", "is of Python 3.11"),
    ],
)
def test_a_container_of_sst_with_more_in_it_is_a_question(found, lines, told):
    docker = f"FROM public.ecr.aws/lambda/python:3.12\n{lines}"
    project = {"sst.config.ts": SST, "fn/src/api.py": None, "fn/pyproject.toml": '[project]\nname = "fn"\n'}
    with pytest.raises(ConfigError) as caught:
        found({**project, "fn/Dockerfile": docker})
    assert told in caught.value.cause


def test_installed_distributions_in_a_folder_of_a_deployment_make_no_package_of_it(found, shipped):
    """Also of the folder above, as with a repository that has all of Terraform in `terraform/`."""
    main = 'data "archive_file" "a" {\n  type = "zip"\n  source_dir = "one"\n  output_path = "one.zip"\n}\n'
    main += 'resource "aws_lambda_function" "f" {\n  filename = data.archive_file.a.output_path\n'
    main += '  handler = "main.handler"\n  runtime = "python3.12"\n}\n'
    vendored = {"two/fast.cpython-312-x86_64-linux-gnu.so": "", "two/cffi-2.0.0.dist-info/METADATA": "Name: cffi\n"}
    files = {"main.tf": main, "one/main.py": None, "two/main.py": None, **vendored}
    for above in ("", "terraform/"):
        (function,) = found({f"{above}{name}": text for name, text in files.items()}).functions
        assert (function.name, shipped(function)) == ("f", ["main.py"])


@pytest.mark.parametrize("line", ["source scripts/secrets.sh", ". ./secrets.sh"])
def test_a_file_of_variables_that_is_not_there_packs_nothing(found, shipped, line):
    script = f"#!/bin/bash\nset -e\n{line}\nmkdir -p build\ncp -r src/. build/\necho $TOKEN\n"
    template = "Resources:\n  F:\n    Type: AWS::Serverless::Function\n"
    template += "    Properties: {CodeUri: build, Handler: app.handler, Runtime: python3.12}\n"
    (function,) = found({"template.yaml": template, "deploy.sh": script, "src/app.py": None}).functions
    assert shipped(function) == ["app.py"]


def test_a_script_that_is_run_and_not_there_is_a_question(found):
    script = "#!/bin/bash\nbash scripts/pack.sh\nmkdir -p build\ncp -r src/. build/\n"
    template = "Resources:\n  F:\n    Type: AWS::Serverless::Function\n"
    template += "    Properties: {CodeUri: build, Handler: app.handler, Runtime: python3.12}\n"
    with pytest.raises(ConfigError, match=r"runs `bash scripts/pack\.sh`"):
        found({"template.yaml": template, "deploy.sh": script, "src/app.py": None})


def test_a_bundling_of_a_folder_that_leaves_files_out(found, shipped):
    steps = "pip install -r requirements-lambda.txt -t /asset-output && cp -r src/svc /asset-output/"
    stack = (
        'Function(self, "F", runtime=Runtime.PYTHON_3_12, handler="svc.app.handler",\n'
        '  code=Code.from_asset(".", exclude=["tests", "*.md"], bundling=BundlingOptions(\n'
        f'    image=i, command=["bash", "-c", "{steps}"])))\n'
    )
    files = {"src/svc/app.py": None, "src/svc/tests/test_a.py": "", "src/svc/notes.md": "", "src/svc/a.txt": ""}
    project = found({**CDK, "stack.py": stack, "requirements-lambda.txt": "six\n", **files})
    (function,) = project.functions
    assert sorted(shipped(function)) == ["svc/a.txt", "svc/app.py"]
    assert "requirements-lambda.txt" in function.requirements.path.read_text()


OLDER = 'lambda_.Function(self, "F", handler=Handler.FROM_IMAGE, runtime=Runtime.FROM_IMAGE, code=%s)\n'
STORED = (
    'class Api(Stack):\n    def __init__(self):\n        self.image = DockerImageAsset(self, "I", directory="image")\n'
    '        lambda_.Function(self, "F", runtime=Runtime.FROM_IMAGE, handler=Handler.FROM_IMAGE,\n'
    '            code=Code.from_ecr_image(self.image.repository, cmd=["svc.job.handler"]))\n'
)
MADE = STORED.replace('DockerImageAsset(self, "I", directory="image")', "self.made()") + (
    '    def made(self):\n        return ecr_assets.DockerImageAsset(self, "I", directory="image")\n'
)
STORED_SCRIPT = (
    "const image = new DockerImageAsset(this, 'I', {directory: 'image'});\n"
    "new lambda.DockerImageFunction(this, 'F', {\n"
    "  code: lambda.DockerImageCode.fromEcr(image.repository, {cmd: ['svc.job.handler']}),\n});\n"
)
PULUMI = {"Pulumi.yaml": "name: x\nruntime: python\n"}
AWSX = (
    'image = awsx.ecr.Image("i", repository_url=repo.url, context="./image", platform="linux/amd64")\n'
    'aws.lambda_.Function("F", package_type="Image", image_uri=image.image_uri%s)\n'
)
DOCKER_PLUGIN = (
    "const image = new docker.Image('i', {build: {context: './image', dockerfile: './image/Dockerfile'}});\n"
    "new aws.lambda.Function('F', {packageType: 'Image', imageUri: image.imageName,\n"
    "  imageConfig: {commands: ['svc.job.handler']}});\n"
)
BUILDX = (
    'image = docker_build.Image("i", context=docker_build.BuildContextArgs(location="image"))\n'
    'lambda_.Function("F", args=None, package_type="Image", image_uri=image.ref)\n'
)


@pytest.mark.parametrize(
    ("name", "text", "handler"),
    [
        ("stack.py", OLDER % 'Code.from_asset_image("image", cmd=["svc.job.handler"])', "svc.job.handler"),
        ("stack.py", STORED, "svc.job.handler"),
        ("stack.py", MADE, "svc.job.handler"),
        ("stack.ts", STORED_SCRIPT, "svc.job.handler"),
        ("__main__.py", AWSX % "", "svc.app.handler"),
        ("index.ts", DOCKER_PLUGIN, "svc.job.handler"),
        ("__main__.py", BUILDX, "svc.app.handler"),
    ],
)
def test_an_image_by_another_name_is_what_its_dockerfile_says(found, name, text, handler):
    project = found({**(CDK if name.startswith("stack") else PULUMI), name: text, **FILES})

    (function,) = project.functions
    assert (function.name, function.handler, function.target.runtime.name) == ("F", handler, "python3.13")
    assert function.requirements.path.name == "requirements.txt"


@pytest.mark.parametrize(
    ("name", "text", "why"),
    [
        ("stack.py", STACK % ', build_args={"SERVICE": "svc"}', "its image is built with `build_args`"),
        ("stack.py", STACK % ', target="prod"', "its image is built with `target`"),
        ("stack.py", STACK.replace('"image"%s', "folder()"), "its image is only known when the app runs"),
        ("stack.py", STORED.replace("DockerImageAsset(", "image_of("), "its image is only known when the app runs"),
        ("__main__.py", (AWSX % "").replace("platform=", "args=OPTIONS, platform="), "its image is built with `args`"),
        ("__main__.py", AWSX % ", image_config=CONFIG", "its image is built from what only a run"),
    ],
)
def test_an_image_that_is_half_understood_is_a_question(found, name, text, why):
    with pytest.raises(ConfigError) as caught:
        found({**(CDK if name.startswith("stack") else PULUMI), name: text, **FILES})

    assert why in str(caught.value.cause)
