"""What shell scripts start."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lambda_slim.formats.shell import modules_in, parse_shell

ADAPTER = """#!/bin/bash
PATH=$PATH:$LAMBDA_TASK_ROOT/bin \\
  PYTHONPATH=$PYTHONPATH:/opt/python:$LAMBDA_RUNTIME_DIR:/var/task/extra \\
  exec python -m uvicorn --port=$PORT web.main:app
"""


def test_a_module_an_application_and_places_of_modules():
    found = parse_shell(ADAPTER)

    assert found.modules == ("uvicorn",)
    assert found.applications == ("web.main:app",)
    assert found.python_path == ("/opt/python", "$LAMBDA_RUNTIME_DIR", "/var/task/extra")


@pytest.mark.parametrize(
    ("line", "modules", "applications", "files", "programs"),
    [
        ("exec gunicorn -b :8080 'shop.web:create()'", (), ("shop.web:create()",), (), ("gunicorn",)),
        ('exec "$PY" -m tabulate -', ("tabulate",), (), (), ("$PY",)),
        (
            "cd /tmp && python3 $LAMBDA_TASK_ROOT/svc/serve.py",
            (),
            (),
            ("$LAMBDA_TASK_ROOT/svc/serve.py",),
            ("cd", "python3"),
        ),
        ("python3 -W error -u serve.py --reload", (), (), ("serve.py",), ("python3",)),
        ("./tools/run.py", (), (), ("./tools/run.py",), ("run.py",)),
        ("if true; then env A=1 uvicorn app:app; fi", (), ("app:app",), (), ("true", "uvicorn", "fi")),
        ("python -c 'print(1)' other.py", (), (), (), ("python",)),
        ("echo 'it''s", (), (), (), ("echo",)),
        ("# python -m pytest", (), (), (), ()),
    ],
)
def test_each_command(line, modules, applications, files, programs):
    found = parse_shell(line)

    assert (found.modules, found.applications, found.files, found.programs) == (modules, applications, files, programs)


def test_a_word_that_only_ends_like_the_option_names_nothing():
    assert modules_in("git log --no-m tabulate; a-m b") == ()
    assert modules_in("%s -m tabulate -") == ("tabulate",)


@given(st.text(max_size=300))
def test_no_text_is_an_error(text):
    parse_shell(text)


@pytest.mark.parametrize(
    ("line", "places"),
    [
        ("exec gunicorn --chdir web wsgi:application", ("web",)),
        ("uvicorn --app-dir=src/api main:app", ("src/api",)),
        ('cd "$LAMBDA_TASK_ROOT/web" && python -m flask run', ("$LAMBDA_TASK_ROOT/web",)),
        ("PYTHONPATH=lib gunicorn --pythonpath 'extra' x:y", ("lib", "extra")),
        ("echo abcd x; ./cdk y", ()),
    ],
)
def test_where_a_server_looks_for_its_application(line, places):
    assert parse_shell(line).python_path == places
