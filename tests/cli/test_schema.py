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
    told = capsys.readouterr().err
    assert told.splitlines()[0] == "error: there is no schema `zip`"
    assert "there are report, settings, lock" in told
