"""Packages that scripts make: they are followed, and never run."""

import pytest

from lambda_slim.base.errors import ConfigError
from lambda_slim.inputs.functions.packing import follow_script
from lambda_slim.inputs.functions.scripts import script_package

FUNCTION = """\
resource "aws_lambda_function" "orders" {{
  filename = "{zip}"
  handler  = "app.handler"
  runtime  = "python3.12"
}}
"""
PROVISIONER = """\
resource "null_resource" "pack" {
  provisioner "local-exec" {
    working_dir = "${path.module}"
    command     = <<-EOT
      set -e
      rm -rf ${local.build} && mkdir -p ${local.build}
      pip install -r src/requirements.txt -t ${local.build}
      cp -r src/. ${local.build}/
    EOT
  }
}
locals { build = "build/orders" }
data "archive_file" "orders" {
  type        = "zip"
  source_dir  = local.build
  output_path = "orders.zip"
}
"""
CODE = {"src/app.py": None, "src/requirements.txt": "six\n", "src/lib/inner.py": ""}


@pytest.fixture
def packed(tmp_path):
    """(paths, requirements) that a script puts into `out.zip`, or what is not understood."""

    def pack(script, files, place="out.zip"):
        for name, text in {**files, "build.sh": script}.items():
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_text(text, "utf-8")
        packing = follow_script(tmp_path / "build.sh", tmp_path, tmp_path)
        package = script_package(packing, tmp_path / place)
        if package is None or package.problem:
            return package and package.problem
        rows = sorted((part.source.relative_to(tmp_path).as_posix(), part.prefix) for part in package.parts)
        return rows, [line.replace(f"{tmp_path}/", "") for line in package.requires]

    return pack


FILES = {"src/app.py": "", "src/util.py": "", "shared/x.py": "", "requirements.txt": "six\n"}


@pytest.mark.parametrize(
    ("lines", "rows", "requires"),
    [
        (["cd src && zip -r ../out.zip . -x '*.pyc'"], [("src", "")], []),
        (["(cd src; zip -r ../out.zip *.py)"], [("src/app.py", "app.py"), ("src/util.py", "util.py")], []),
        (["zip -j out.zip src/app.py"], [("src/app.py", "app.py")], []),
        (
            [
                "pip install -r requirements.txt --target ./p",
                "cd p",
                "zip -r ../out.zip .",
                "cd ..",
                "zip -g out.zip src",
            ],
            [("src", "src")],
            ["-r requirements.txt"],
        ),
        (
            [
                "BUILD=build",
                "mkdir -p $BUILD",
                "cp -R src/* ${BUILD}/",
                "cp -r shared $BUILD",
                "python3 -m pip install requests==2.31 -t $BUILD --upgrade",
                "pushd $BUILD",
                "zip -rq ../dist.zip .",
                "popd",
                "mv dist.zip out.zip",
            ],
            [("shared", "shared"), ("src", "")],
            ["requests==2.31"],
        ),
        (
            [
                'HERE="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"',
                "pack() {",
                "  local from=$1",
                '  cp -r "$HERE/$from/." stage/',
                "}",
                "mkdir stage",
                "pack src",
                "if [ -d shared ]; then pack shared; fi",
                "( cd stage && zip -qr ../out.zip . )",
            ],
            [("shared", ""), ("src", "")],
            [],
        ),
        (
            [
                "python3 -m venv v",
                "source v/bin/activate",
                "pip install six",
                "cd v/lib/python3.12/site-packages",
                "zip -r ../../../../out.zip .",
                "cd ../../../..",
                "zip -g out.zip src/app.py",
            ],
            [("src/app.py", "src/app.py")],
            ["six"],
        ),
        (
            [
                "mkdir p && cp requirements.txt src/app.py p",
                "cd p",
                "pip install -r requirements.txt -t .",
                "zip -r ../out.zip .",
            ],
            [("requirements.txt", "requirements.txt"), ("src/app.py", "app.py")],
            ["-r requirements.txt"],
        ),
        (
            [
                "mkdir p",
                "tar -cf - --exclude='util.py' --exclude=tests -C src . | tar -xf - -C p",
                "cd p; zip -r ../out.zip .",
            ],
            [("src", "")],
            [],
        ),
        (
            ["tar czf all.tgz src shared", "mkdir p && cd p", "tar -xzf ../all.tgz", "zip -r ../out.zip ."],
            [("shared", "shared"), ("src", "src")],
            [],
        ),
        (
            [
                'docker run --rm -v "$PWD":/var/task public.ecr.aws/sam/build-python3.12 pip install six -t p/',
                "cp src/app.py p/",
                "cd p && zip -r ../out.zip .",
            ],
            [("src/app.py", "app.py")],
            ["six"],
        ),
        (
            [
                'docker run -it -v $(pwd):/work -w /work/src --platform=linux/amd64 -e A --entrypoint "" a:3 \\',
                "  sh -c 'pip install -r /work/requirements.txt -t ../p && cp *.py /work/p/'",
                "(cd p; zip -r ../out.zip .)",
            ],
            [("src/app.py", "app.py"), ("src/util.py", "util.py")],
            ["-r requirements.txt"],
        ),
        (
            [
                "for name in app util; do cp src/$name.py stage/; done",
                "rsync -a --exclude tests shared/ stage/shared",
                "cd stage; zip -r ../out.zip .",
            ],
            [("shared", "shared"), ("src/app.py", "app.py"), ("src/util.py", "util.py")],
            [],
        ),
    ],
)
def test_what_a_script_packs_is_read_from_its_text(packed, lines, rows, requires):
    assert packed("\n".join(lines), FILES) == (rows, requires)


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        (["docker run -v $PWD:/x image pip install -t src six", "zip -r out.zip src"], "build.sh:1 runs `docker run"),
        (["docker run -v $PWD:/var/task lambci/lambda make", "zip -r out.zip src"], "build.sh:1 runs `make`"),
        (["docker cp box:/x src", "zip -r out.zip src"], "build.sh:1 runs `docker cp"),
        (["tar -xzf away.tgz -C src", "zip -r out.zip src"], "build.sh:1 runs `tar -xzf away.tgz"),
        (["tar -cf - nowhere | tar -xf - -C src", "zip -r out.zip src"], "build.sh:1 runs `tar -cf"),
        (
            ["mkdir s", "if [ $1 ]; then cp src/app.py s; else cp src/util.py s; fi", "zip -r out.zip s"],
            "different",
        ),
        (["mkdir s", "pip install six -t s/python", "zip -r out.zip s"], "requirements go to s/python/"),
        (["zip -r out.zip $(ls src)"], "build.sh:1 runs `zip -r out.zip …`"),
        (["cp nowhere.py src/", "zip -r out.zip src"], "build.sh:1 runs `cp nowhere.py src/`"),
        (["mkdir b", "echo 'A = 1' > b/version.py", "zip -r out.zip b src"], "build.sh:2 runs `echo A = 1`"),
    ],
)
def test_what_a_script_does_otherwise_is_named_with_its_line(packed, lines, told):
    assert told in packed("\n".join(lines), FILES)


def test_what_tar_leaves_out_does_not_ship(found, shipped):
    script = "#!/bin/bash\nmkdir -p build\ntar -cf - --exclude='*.md' --exclude=tests src | tar -xf - -C build\n"
    template = "Resources:\n  F:\n    Type: AWS::Serverless::Function\n"
    template += "    Properties: {CodeUri: build, Handler: src.app.handler, Runtime: python3.12}\n"
    files = {"src/app.py": None, "src/notes.md": "", "src/tests/a.py": "", "src/a.txt": ""}
    (function,) = found({"template.yaml": template, "deploy.sh": script, **files}).functions
    assert sorted(shipped(function)) == ["src/a.txt", "src/app.py"]


def test_a_script_that_makes_something_else_says_nothing(packed):
    assert packed("zip -r other.zip src", FILES) is None


@pytest.mark.parametrize("tool", ["uv export --frozen", "poetry export -f requirements.txt", "pipenv requirements"])
def test_a_lock_that_is_piped_to_pip_says_the_requirements(packed, tool):
    script = f"{tool} | pip install -r /dev/stdin -t b\ncp -r src/. b/\ncd b && zip -r ../out.zip .\n"
    assert packed(script, FILES) == ([("src", "")], [])
    assert "/dev/stdin" in packed(f"{script}cd .. ; cat x | pip install -r /dev/stdin -t b\nzip -r out.zip b\n", FILES)


def test_the_code_of_a_template_that_a_script_makes(found):
    template = "Resources: {F: {Type: AWS::Serverless::Function, Properties: "
    template += "{CodeUri: ../src/build/, Handler: app.handler, Runtime: python3.13}}}\n"
    files = {"templates/template.yml": template, **CODE, ".git/HEAD": ""}
    script = "pip install -r src/requirements.txt -t src/build/\ncp -rf src/app.py src/build/\n"
    (function,) = found({**files, "scripts/build.sh": script}, target="templates").functions
    assert [(part.source.name, part.prefix) for part in function.layout] == [("app.py", "app.py")]


def test_a_lock_that_is_exported_says_the_requirements(found):
    files = {
        "infra/main.tf": FUNCTION.format(zip="lambda.zip").replace("app.handler", "app.main.handler"),
        "app/main.py": None,
        "uv.lock": 'version = 1\nrequires-python = ">=3.12"\n',
        "pyproject.toml": '[project]\nname = "x"\nversion = "1"\nrequires-python = ">=3.12"\n',
        "deploy.sh": "uv export --frozen -o r.txt\nuv pip install --target build -r r.txt\n"
        "( cd build && zip -qr ../l.zip . )\nzip -qr l.zip app\nmv l.zip infra/lambda.zip\n",
        ".git/HEAD": "",
    }

    project = found(files, "infra")
    (function,) = project.functions

    assert function.requirements.path.name == "uv.lock"
    assert [(part.source.name, part.prefix) for part in function.layout] == [("app", "app")]
    assert [warning for warning in project.warnings if "`lambda.zip` is taken as deploy.sh:5 packs it" in warning]


def test_a_folder_that_a_provisioner_fills_is_what_it_puts_there(found, shipped):
    text = PROVISIONER + FUNCTION.format(zip="orders.zip")

    (function,) = found({"main.tf": text, **CODE}).functions

    assert shipped(function) == ["app.py", "lib/inner.py", "requirements.txt"]
    assert "src/requirements.txt" in function.requirements.path.read_text("utf-8")


def test_a_makefile_that_makes_the_package_is_followed(found, shipped):
    files = {
        "main.tf": FUNCTION.format(zip="dist/orders.zip"),
        "Makefile": "OUT := dist\nZIP = $(OUT)/orders.zip\n\nclean:\n\trm -rf $(OUT)\n\npackage: clean\n"
        "\t@mkdir -p $(OUT)/b\n\tcp src/*.py $(OUT)/b\n\tcd $(OUT)/b && zip -r ../orders.zip .\n",
        **CODE,
        ".git/HEAD": "",
    }

    (function,) = found(files).functions

    assert shipped(function) == ["app.py"]


def test_a_script_that_is_not_understood_is_a_question_that_names_it(found):
    files = {
        "main.tf": FUNCTION.format(zip="orders.zip"),
        "pack.sh": "docker build -t x .\nzip -r orders.zip src\n",
        **CODE,
        ".git/HEAD": "",
    }

    with pytest.raises(ConfigError) as caught:
        found(files)

    assert "pack.sh:1 runs `docker build -t x .`, which is not understood" in caught.value.message
