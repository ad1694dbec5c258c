"""`lambda-slim schema` as a user meets it."""

import json

import pytest

from lambda_slim.cli.main import run


@pytest.mark.parametrize("name", ["report", "settings", "lock"])
def test_it_prints_the_schema(name, capsys):
    assert run(["schema", name]) == 0
    assert json.loads(capsys.readouterr().out)["title"] == f"lambda-slim {name}"


def test_an_unknown_one_is_three_lines_at_most(capsys):
    assert run(["schema", "zip"]) == 2
    assert capsys.readouterr().err == "error: there is no schema `zip`\nhint:  one of report, settings, lock\n"
