"""Functions of one run share what they have in common."""

import platform
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

import pytest

from lambda_slim.knowledge.runtimes import runtimes
from lambda_slim.model.function import Function
from lambda_slim.model.settings import Level, Settings
from lambda_slim.model.target import Target
from lambda_slim.run.child import AS_ON_LAMBDA, clean_environment, run_child
from lambda_slim.run.foreign import ForeignProgram
from lambda_slim.tasks.prepare import Shared, plan_function, with_level
from tests.unit.factory import TARGET


@pytest.fixture
def functions(tmp_path, monkeypatch):
    monkeypatch.setenv("LAMBDA_SLIM_CACHE", str(tmp_path / "cache"))
    source = tmp_path / "code"
    source.mkdir()
    for name in ("a", "b"):
        (source / f"{name}.py").write_text("def handler(event, context): ...\n")
    return [Function(name.upper(), f"{name}.handler", source, TARGET) for name in ("a", "b")]


def test_one_list_of_files_and_one_graph_for_functions_of_one_folder(functions):
    shared = Shared()
    a, b = (plan_function(one, Settings(root=one.source), shared=shared) for one in functions)

    assert a.inventory is b.inventory
    assert a.imports is b.imports
    assert (a.facts.reach.modules, b.facts.reach.modules) == ({"a"}, {"b"})


def test_none_for_those_of_other_folders(functions, tmp_path):
    shared = Shared()
    (tmp_path / "b.py").write_text("def handler(event, context): ...\n")
    other = replace(functions[1], source=tmp_path)
    a, b = (plan_function(one, Settings(root=tmp_path), shared=shared) for one in (functions[0], other))

    assert a.inventory is not b.inventory


def test_what_lies_at_home_is_not_found_as_on_lambda(functions):
    home = clean_environment(functions[0], functions[0].source)["HOME"]

    with pytest.raises(FileNotFoundError):
        (Path(home) / ".settings").read_text()
    with pytest.raises(OSError, match="No such file"):
        (Path(home) / ".cache").mkdir(parents=True)


def said(function, code):
    env = clean_environment(function, function.source)
    program = ForeignProgram([sys.executable, *AS_ON_LAMBDA, "-c", code], env, function.source)
    with tempfile.TemporaryDirectory() as folder:
        return run_child(program, function, seconds=20, folder=Path(folder)).output


def test_sets_come_out_in_the_same_order_in_every_life(functions):
    code = "print({'POST', 'OPTIONS', 'GET', 'HEAD', 'PUT', 'PATCH', 'DELETE', 'TRACE'})"

    assert said(functions[0], code) == said(functions[0], code)


def test_the_functions_own_python_path_is_honoured(functions):
    (functions[0].source / "vendored").mkdir()
    (functions[0].source / "vendored" / "carried.py").write_text("print('here')\n")
    path = {"PYTHONPATH": "/var/runtime:/var/task/vendored"}

    assert said(replace(functions[0], environment=path), "import carried") == "here\n"
    assert said(replace(functions[0], python_path=("vendored",)), "import carried") == "here\n"  # as a script sets it


def test_aws_is_asked_once_unless_the_function_says_otherwise(functions):
    """With no network, botocore would wait ten seconds for each call."""
    own = replace(functions[0], environment={"AWS_MAX_ATTEMPTS": "5"})

    assert [clean_environment(one, one.source)["AWS_MAX_ATTEMPTS"] for one in (functions[0], own)] == ["1", "5"]


@pytest.mark.parametrize(
    ("settings", "architecture", "level", "why"),
    [
        ({}, None, Level.REACH, "provable here"),
        ({"proof": False}, None, Level.SAFE, "the proof is switched off"),
        ({}, "other", Level.SAFE, "this machine is Linux"),
        ({"level": Level.TRACE, "proof": False}, None, Level.TRACE, ""),
    ],
)
@pytest.mark.skipif(platform.system() != "Linux", reason="packages are proved on Linux")
def test_the_default_level_is_the_boldest_that_can_be_proved(functions, settings, architecture, level, why):
    own = "arm64" if platform.machine() in ("aarch64", "arm64") else "x86_64"
    here = Target(runtimes()[f"python3.{sys.version_info[1]}"], own)
    other = replace(here, architecture="x86_64" if own == "arm64" else "arm64")
    function = replace(functions[0], target=other if architecture else here)
    decided = with_level(Settings(root=function.source, **settings), function)

    assert decided.level is level
    assert why in decided.level_why
    assert bool(why) is bool(decided.level_why)
