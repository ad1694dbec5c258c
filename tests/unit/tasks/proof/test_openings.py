"""What a handler's module imports before it does anything else."""

import pytest

from lambda_slim.knowledge.runtimes import runtimes
from lambda_slim.model.file import FIRST_PARTY, File, FileKind
from lambda_slim.model.function import Function
from lambda_slim.model.member import Member
from lambda_slim.model.target import Target
from lambda_slim.run.forked_lives import distributed
from lambda_slim.tasks.proof.openings import opening_of, same_members

TARGET = Target(runtimes()["python3.12"], "x86_64")


def opening(folder, handler="app.handler", more=(), asked=None, **sources):
    files = [File("requests/__init__.py", folder, 0, "requests", FileKind.SOURCE)]
    for name, text in sources.items():
        path = name.replace("__in__", "/__init__").replace("_in_", "/") + ".py"
        (folder / path).parent.mkdir(exist_ok=True)
        (folder / path).write_text(text)
        files.append(File(path, folder / path, len(text), FIRST_PARTY, FileKind.SOURCE))
    files += [File(path, folder, 0, FIRST_PARTY, FileKind.DATA) for path in more]
    return opening_of(Function("F", handler, folder, TARGET, **asked or {}), files)


def test_imports_before_anything_else_are_the_opening(tmp_path):
    text = '"""Orders."""\nfrom __future__ import annotations\nimport json, requests.adapters as a\n'
    text += "from requests import get, post\nfrom own import x\nimport boto3\n"
    assert opening(tmp_path, app=text, own="x = 1") == (
        ("json", ()),
        ("requests.adapters", ()),
        ("requests", ("get", "post")),
    )


@pytest.mark.parametrize(
    "before",
    [
        "import os\nos.environ['A'] = '1'\n",
        "try:\n    import x\nexcept ImportError:\n    x = None\n",
        "from . import x\n",
    ],
)
def test_code_ends_the_opening(tmp_path, before):
    assert opening(tmp_path, app=f"{before}import requests\n") == ()


def test_what_takes_no_time_is_no_opening(tmp_path):
    assert opening(tmp_path, app="import json\nimport os\n") == ()
    assert distributed((("json", ()), ("os.path", ()), ("requests", ()))) == ["requests"]


def test_packages_above_must_do_nothing(tmp_path):
    text = "import requests\n"
    wanted = (("requests", ()),)
    assert opening(tmp_path, "fns.app.handler", fns_in_app=text) == wanted
    assert opening(tmp_path, "fns.app.handler", fns_in_app=text, fns__in__="# nothing\n") == wanted
    assert opening(tmp_path, "fns.app.handler", fns_in_app=text, fns__in__="import logging\n") == ()
    assert opening(tmp_path, "fns.app.handler", fns_in_app=text, fns__in__="not python\n") == ()


@pytest.mark.parametrize(
    "asked",
    [
        {"python_path": ("src",)},
        {"environment": {"PYTHONPATH": "/var/task/src"}},
        {"environment": {"AWS_LAMBDA_EXEC_WRAPPER": "/var/task/wrap"}},
        {"script": "run.sh"},
    ],
)
def test_what_changes_where_modules_come_from_leaves_no_opening(tmp_path, asked):
    assert opening(tmp_path, app="import requests\n", asked=asked) == ()


def test_first_party_code_that_runs_before_the_handler_leaves_no_opening(tmp_path):
    assert opening(tmp_path, app="import requests\n", more=["paths.pth"]) == ()


def test_a_first_party_part_of_a_name_ends_the_opening(tmp_path):
    assert opening(tmp_path, app="import requests\nimport google.cloud\n", more=["google/x.txt"]) == (("requests", ()),)


def test_equal_members_are_the_same():
    one = {"a": Member("a", b"1")}
    assert same_members(one, {"a": Member("a", b"1")})
    assert not same_members(one, {"a": Member("a", b"2")})
    assert not same_members(one, {"a": Member("a", b"1", executable=True)})
    assert not same_members(one, {})
