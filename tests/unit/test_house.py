"""The house: its rooms are those that the documents name, and no function or module outgrows its place."""

import ast
import functools
import re
from collections import defaultdict
from pathlib import Path

import pytest

from benchmarks import density
from lambda_slim.cli.main import COMMANDS
from tests.cli import pages

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "lambda_slim"
ARCHITECTURE = (ROOT / "docs/architecture.md").read_text("utf-8")

# What still breaks a rule, by name. These lists only get shorter: a name that no longer breaks its rule fails the test.
COMPLEX: set[str] = set()  # functions over a strict cyclomatic complexity of 10
MANY_PARAMETERS: set[str] = set()
LONG: set[str] = set()


@functools.cache
def function_sizes():
    return tuple(density.functions(PACKAGE))


def rooms():
    """Every folder of modules, as `plan/` and `plan/rules/`."""
    folders = {path.parent for path in PACKAGE.rglob("*.py")} - {PACKAGE}
    return {f"{folder.relative_to(PACKAGE).as_posix()}/" for folder in folders}


def test_the_architecture_page_names_every_room_and_no_other():
    named = set(re.findall(r"^\| *(?:\d+ *\| *)?(?:\| *)?`([a-z_/]+/)` *\|", ARCHITECTURE, re.MULTILINE))

    assert named == rooms()


def test_no_two_classes_have_one_name():
    places = defaultdict(list)
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ClassDef):
                places[node.name].append(path.relative_to(PACKAGE).as_posix())

    assert {name: where for name, where in places.items() if len(where) > 1} == {}


def test_no_function_is_over_a_strict_cyclomatic_complexity_of_10():
    over = {f"{size.module} {size.name}" for size in function_sizes() if size.complexity > 10}

    assert over == COMPLEX


def test_no_function_outside_the_commands_has_more_than_six_parameters():
    sizes = [size for size in function_sizes() if not size.module.startswith("cli/")]

    assert {f"{size.module} {size.name}" for size in sizes if size.parameters > 6} == MANY_PARAMETERS


def test_no_module_is_longer_than_300_lines():
    assert set(density.long_modules(PACKAGE)) == LONG


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_its_module_its_test_and_its_page_have_one_name(name):
    page = (ROOT / f"docs/commands/{name}.md").read_text("utf-8")

    assert (PACKAGE / f"cli/{name}.py").is_file()
    assert (ROOT / f"tests/cli/test_{name}.py").is_file()
    assert page.startswith(f"# lambda-slim {name}\n")
    assert pages.updated(name, page) == page, "run `python -m tests.cli.pages`"


@pytest.mark.parametrize("name", COMMANDS)
def test_the_examples_of_a_page_use_flags_that_there_are(name):
    page = (ROOT / f"docs/commands/{name}.md").read_text("utf-8")
    examples = re.search(r"```sh\n(.*?)```", page, re.DOTALL)
    assert examples
    flags = set(re.findall(r"(?<=\s)--?[a-zA-Z][\w-]*", examples[1]))

    assert {flag for flag in flags if f"`{flag}`" not in page} == set()
