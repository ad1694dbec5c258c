"""Small projects as their deployment files describe them."""

import pytest

from lambda_slim.inputs.inventory import take_inventory
from lambda_slim.inputs.project.find import find_project
from lambda_slim.model.distribution import Resolution
from lambda_slim.model.settings import Settings

HANDLER = "def handler(event, context):\n    return 1\n"


@pytest.fixture
def found(tmp_path):
    """The project of some files, by name; texts of None are handlers."""

    def find(files, target=".", handler=None, **settings):
        for name, text in files.items():
            place = tmp_path / name
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(HANDLER if text is None else text, "utf-8")
        return find_project(tmp_path / target, Settings(root=tmp_path, **settings), handler=handler)

    return find


@pytest.fixture
def shipped(tmp_path):
    """Package paths of a function's own files."""

    def paths(function):
        inventory = take_inventory(function, Resolution(None, (), "nothing"), Settings(root=tmp_path))
        return [file.path for file in inventory.files]

    return paths


def shown(project):
    """(name, handler, target) of each function."""
    return [(one.name, one.handler, one.target.label) for one in project.functions]
