"""The house: its rooms are those that the documents name, and no function or module outgrows its place."""

import ast
import re
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "lambda_slim"
ARCHITECTURE = (ROOT / "docs/architecture.md").read_text("utf-8")


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
