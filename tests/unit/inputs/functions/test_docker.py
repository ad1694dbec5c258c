"""Dockerfiles of Lambda images."""

import pytest

from lambda_slim.base.errors import ConfigError
from tests.unit.inputs.functions.conftest import shown

PLAIN = """\
ARG PY=3.13
FROM public.ecr.aws/lambda/python:${PY}-arm64 AS base
COPY requirements.txt ${LAMBDA_TASK_ROOT}
RUN dnf install -y gcc && \\
    # a comment
    pip install --no-cache-dir -r requirements.txt
COPY src/ ${LAMBDA_TASK_ROOT}/src
COPY main.py .
ENV STAGE=dev TITLE="two words"
CMD ["src.app.handler"]
"""
STAGES = """\
FROM public.ecr.aws/lambda/python:3.12 AS build
COPY requirements.txt .
RUN pip install -r requirements.txt -t /asset
COPY src /asset
FROM public.ecr.aws/lambda/python:3.12
COPY --from=build /asset ${LAMBDA_TASK_ROOT}
CMD app.handler
"""
SLIM = """\
FROM python:3.12-slim
WORKDIR /function
COPY . .
RUN pip install awslambdaric -r requirements.txt
ENTRYPOINT ["python", "-m", "awslambdaric"]
CMD ["src.app.handler"]
"""
FILES = {"requirements.txt": "six\n", "src/app.py": None, "main.py": "", "notes/x.md": "", ".dockerignore": "notes\n"}


def test_layout_runtime_and_requirements(found, shipped, tmp_path):
    project = found({**FILES, "Dockerfile": PLAIN})

    assert shown(project) == [(tmp_path.name, "src.app.handler", "python3.13 arm64")]
    assert shipped(project.functions[0]) == ["main.py", "requirements.txt", "src/app.py"]
    requirements = project.functions[0].requirements
    assert requirements
    assert requirements.path == tmp_path / "requirements.txt"
    assert project.functions[0].environment == {"STAGE": "dev", "TITLE": "two words"}


def test_what_comes_from_another_stage(found, shipped, tmp_path):
    (function,) = found({**FILES, "Dockerfile": STAGES}).functions

    assert (function.handler, shipped(function)) == ("app.handler", ["app.py"])
    assert function.requirements
    assert function.requirements.path == tmp_path / "requirements.txt"


def test_another_image_with_the_runtime_client(found, shipped):
    (function,) = found({**FILES, "Dockerfile": SLIM}).functions

    assert function.target.runtime.name == "python3.12"
    assert shipped(function) == [".dockerignore", "Dockerfile", "main.py", "requirements.txt", "src/app.py"]


def test_a_context_above_the_dockerfile(found, shipped):
    text = PLAIN.replace("FROM public", "# in docker/\nFROM public")

    (function,) = found({**FILES, "docker/Dockerfile": text}).functions

    assert shipped(function) == ["main.py", "requirements.txt", "src/app.py"]


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("RUN dnf install -y poppler-utils", "poppler-utils from the system's packages"),
        ("RUN curl -O https://example.org/tool", "what `curl -O https://example.org/tool` does is not known"),
        ("COPY gone.py .", "COPY gone.py (line 10): it is not there"),
        ("RUN pip install -r gone.txt", "`gone.txt`, which pip installs, is not among the files that COPY adds"),
        ("ADD https://example.org/model.bin .", "what `ADD https://example.org/model.bin` does is not known"),
    ],
)
def test_what_is_not_understood_is_a_question(found, line, told):
    with pytest.raises(ConfigError) as caught:
        found({**FILES, "Dockerfile": PLAIN.replace("CMD", f"{line}\nCMD")})

    assert told in caught.value.message


def test_what_an_image_has_beside_its_code_can_be_left_out(found):
    files = {**FILES, "Dockerfile": PLAIN.replace("CMD", "RUN curl -o /usr/bin/tool https://example.org/tool\nCMD")}
    with pytest.raises(ConfigError) as caught:
        found(files)

    assert caught.value.hint.startswith("`--handler src.app.handler --python 3.13` builds its code and requirements")
    assert found({}, handler="src.app.handler").functions[0].handler == "src.app.handler"


def test_the_runtime_of_a_base_without_one_is_the_interpreter_that_starts(found):
    text = "FROM public.ecr.aws/lambda/provided:al2023\nRUN dnf install -y python3.11\nCOPY main.py /var/task/\n"
    text += 'ENTRYPOINT ["/usr/bin/python3.11", "-m", "awslambdaric"]\nCMD ["main.handler"]\n'
    assert shown(found({"Dockerfile": text, "main.py": None})) == [
        ("test_the_runtime_of_a_base_wit0", "main.handler", "python3.11 x86_64")
    ]


def test_requirements_that_are_written_out(found):
    text = PLAIN.replace(
        "pip install --no-cache-dir -r requirements.txt", "pip install 'six>=1.16' requests[socks] pip"
    )

    (function,) = found({**FILES, "Dockerfile": text}).functions

    assert function.requirements
    assert function.requirements.path.read_text("utf-8") == "six>=1.16\nrequests[socks]\n"


def test_a_dockerfile_of_something_else_is_passed_over(found):
    assert (
        found({"Dockerfile": "FROM python:3.12\nCMD gunicorn\n", "app.py": None}).functions[0].handler == "app.handler"
    )


def test_a_web_server_in_an_image_is_a_question(found):
    text = PLAIN.replace(
        'CMD ["src.app.handler"]', 'COPY --from=x/aws-lambda-adapter:0.8 /a /opt\nCMD ["uvicorn", "a:b"]'
    )

    with pytest.raises(ConfigError, match="starts a web server"):
        found({**FILES, "Dockerfile": text})


EXPORTED = """\
FROM ghcr.io/astral-sh/uv:0.9 AS uv
FROM public.ecr.aws/lambda/python:3.12 AS builder
RUN --mount=from=uv,source=/uv,target=/bin/uv --mount=type=bind,source=pyproject.toml,target=pyproject.toml \\
    {export} && uv pip install -r requirements.txt --target "${{LAMBDA_TASK_ROOT}}"
FROM public.ecr.aws/lambda/python:3.12
COPY --from=builder ${{LAMBDA_TASK_ROOT}} ${{LAMBDA_TASK_ROOT}}
COPY ./src ${{LAMBDA_TASK_ROOT}}/src
CMD ["src.app.handler"]
"""


@pytest.mark.parametrize(
    "export",
    [
        "uv export --frozen --no-dev -o requirements.txt",
        "uv export --frozen --output-file=./requirements.txt",
        "poetry export -f requirements.txt --output requirements.txt",
        "pipenv requirements > requirements.txt",
    ],
)
def test_requirements_that_are_exported_from_a_lock_are_those_of_the_project(found, shipped, tmp_path, export):
    pyproject = '[project]\nname = "shop"\nversion = "1"\nrequires-python = ">=3.12"\ndependencies = ["six"]\n'
    files = {"src/app.py": None, "pyproject.toml": pyproject, "Dockerfile": EXPORTED.format(export=export)}

    (function,) = found(files).functions

    assert shipped(function) == ["src/app.py"]
    assert function.requirements
    assert function.requirements.path == tmp_path / "pyproject.toml"


def test_a_web_adapter_is_seen(found):
    server = "FROM python:3.12-slim\nCOPY --from=public.ecr.aws/awsguru/aws-lambda-adapter:0.9 /a /opt/x\n"

    with pytest.raises(ConfigError, match="starts a web server"):
        found({**FILES, "Dockerfile": server + "COPY main.py .\nCMD exec uvicorn --port=8080 main:app\n"})


ALPINE = """\
ARG VERSION="3.12"
FROM python:${VERSION}-alpine AS base
RUN apk add --no-cache libstdc++
FROM base AS build
ARG FOLDER="/home/app/"
RUN mkdir -p ${FOLDER}
COPY src/* ${FOLDER}
COPY requirements.txt .
RUN pip install -r requirements.txt awslambdaric --target ${FOLDER}
FROM base
ARG FOLDER="/home/app/"
WORKDIR ${FOLDER}
COPY --from=build ${FOLDER} ${FOLDER}
ADD https://example.com/aws-lambda-rie /usr/bin/aws-lambda-rie
ENTRYPOINT ["/entry.sh"]
CMD ["app.handler"]
"""


def test_a_folder_that_an_arg_names(found, shipped, tmp_path):
    (function,) = found({**FILES, "Dockerfile": ALPINE}).functions

    assert (function.handler, function.target.runtime.name) == ("app.handler", "python3.12")
    assert shipped(function) == ["app.py"]
    assert function.requirements
    assert function.requirements.path == tmp_path / "requirements.txt"


@pytest.mark.parametrize(
    ("image", "runtime"),
    [
        ("ghcr.io/astral-sh/uv:0.8-python3.13-alpine", "python3.13"),
        ("registry.access.redhat.com/ubi9/python-312", "python3.12"),
        ("public.ecr.aws/docker/library/python:3.11.9-slim@sha256:00", "python3.11"),
        ("public.ecr.aws/sam/build-python3.12:latest", "python3.12"),
    ],
)
def test_the_runtime_of_other_images(found, image, runtime):
    text = SLIM.replace("python:3.12-slim", image)

    assert found({**FILES, "Dockerfile": text}).functions[0].target.runtime.name == runtime


def test_an_installer_of_a_package_manager_is_no_question(found):
    text = PLAIN.replace("CMD", "RUN curl -sSL https://install.python-poetry.org | python3 - && poetry install\nCMD")

    assert shown(found({**FILES, "Dockerfile": text}))[0][1] == "src.app.handler"


def test_the_sign_of_lambda_in_arguments(found):
    text = PLAIN.replace("FROM public.ecr.aws/lambda/python", "ARG FROM=public.ecr.aws/lambda\nFROM ${FROM}/python")

    assert shown(found({**FILES, "Dockerfile": text}))[0][1:] == ("src.app.handler", "python3.13 arm64")


UV = """\
FROM python:3.12-slim AS build
WORKDIR /app
COPY pyproject.toml ./
RUN uv sync --no-dev
COPY src ./src
FROM python:3.12-slim
COPY --from=build /app /app
WORKDIR /app
CMD ["python", "-m", "awslambdaric", "src.app.handler"]
"""
ELSEWHERE = """\
FROM python:3.12-slim AS locked
WORKDIR /tmp
COPY pyproject.toml poetry.lock* /tmp/
RUN poetry export -f requirements.txt --output requirements.txt
FROM public.ecr.aws/lambda/python:3.12
COPY --from=locked /tmp/requirements.txt ${LAMBDA_TASK_ROOT}/needed.txt
RUN pip install -r ${LAMBDA_TASK_ROOT}/needed.txt
COPY src ${LAMBDA_TASK_ROOT}/src
CMD ["src.app.handler"]
"""


@pytest.mark.parametrize("text", [UV, ELSEWHERE])
def test_an_environment_or_a_list_that_another_stage_made(found, tmp_path, text):
    project = '[project]\nname = "svc"\nversion = "1"\ndependencies = ["six"]\n'

    (function,) = found({"src/app.py": None, "pyproject.toml": project, "Dockerfile": text}).functions

    assert function.requirements
    assert function.requirements.path == tmp_path / "pyproject.toml"


def test_a_source_that_is_missing_is_named_from_the_folder_that_has_the_others(found):
    text = 'FROM public.ecr.aws/lambda/python:3.12\nCOPY app ./app\nCOPY gone.py ./\nCMD ["app.main.handler"]\n'
    with pytest.raises(ConfigError, match=r"COPY gone\.py \(line 3\): it is not there"):
        found({"config/prod/Dockerfile": text, "app/main.py": None})


@pytest.mark.parametrize("code", ["def run(event, context): ...\n", "run = make()\n", "async def run(event): ...\n"])
def test_a_command_that_is_a_handler_of_the_code_means_lambda(found, code):
    dockerfile = 'FROM ubuntu:24.04\nCOPY src /work\nRUN apt-get install -y tzdata\nWORKDIR /work\nCMD ["jobs.run"]\n'

    with pytest.raises(ConfigError, match="its image has tzdata"):
        found({"Dockerfile": dockerfile, "src/jobs.py": code})


@pytest.mark.parametrize("command", ['["server.py"]', '["jobs.start"]', '["python", "jobs.run"]'])
def test_another_command_does_not(found, command):
    dockerfile = f"FROM ubuntu:24.04\nCOPY src /work\nRUN apt-get install -y tzdata\nCMD {command}\n"

    (function,) = found({"Dockerfile": dockerfile, "src/jobs.py": "def handler(event, context): ...\n"}).functions

    assert function.handler.endswith("jobs.handler")


@pytest.mark.parametrize(
    ("copies", "line"),
    [
        ("COPY pyproject.toml uv.lock* ./\nCOPY src/ ./src/\nCOPY main.py ./", "uv pip install --system --no-cache ."),
        ("COPY . .", "pip install ."),
        ("COPY lib/ /tmp/lib/\nCOPY main.py ./", "pip install /tmp/lib[more]"),
    ],
)
def test_a_project_that_an_image_installs_is_a_folder_of_the_context(found, tmp_path, copies, line):
    docker = f'FROM public.ecr.aws/lambda/python:3.12\n{copies}\nRUN {line}\nCMD ["main.handler"]\n'
    project = '[project]\nname = "own"\n'
    files = {"pyproject.toml": project, "lib/pyproject.toml": project, "src/own/a.py": "", "main.py": None}
    (function,) = found({**files, "Dockerfile": docker}).functions
    expected = f"{tmp_path}/lib[more]" if "lib" in line else str(tmp_path)
    assert function.requirements.path.read_text().splitlines()[-1] == expected
