"""A command takes records; the command line shows one flag for each field."""

import inspect
from dataclasses import dataclass
from typing import Annotated

import pytest
import typer
from typer.testing import CliRunner

from lambda_slim.cli._spread import Without, spread


@dataclass(frozen=True, slots=True)
class Size:
    wide: Annotated[int, typer.Option("--wide", help="columns")] = 80
    tall: Annotated[int, typer.Option("--tall", "-t")] = 24


@dataclass(frozen=True, slots=True)
class Colour:
    hue: Annotated[str | None, typer.Option("--hue")] = None


SEEN = []


@spread
def paint(*, name: Annotated[str, typer.Argument()], size: Size, loud: bool = False, colour: Colour) -> int:
    """Paints."""
    SEEN.append((name, size, loud, colour))
    return 0


@spread
def flat(*, size: Annotated[Size, Without("tall")]) -> int:
    SEEN.append(size)
    return 0


@pytest.fixture
def run():
    def invoke(command, *arguments):
        SEEN.clear()
        app = typer.Typer(rich_markup_mode=None)
        app.command()(command)
        return CliRunner().invoke(app, arguments)

    return invoke


def test_the_records_are_filled_with_the_values_of_their_flags(run):
    assert run(paint, "wall", "--wide", "9", "-t", "3", "--hue", "red").exit_code == 0

    assert [("wall", Size(9, 3), False, Colour("red"))] == SEEN


def test_flags_that_are_not_given_have_the_defaults_of_the_fields(run):
    run(paint, "wall", "--loud")

    assert [("wall", Size(80, 24), True, Colour(None))] == SEEN


def test_the_flags_stand_where_the_record_stands(run):
    assert list(inspect.signature(paint).parameters) == ["name", "wide", "tall", "loud", "hue"]

    text = run(paint, "--help").output
    assert text.index("--wide") < text.index("--tall") < text.index("--loud") < text.index("--hue")
    assert "columns" in text
    assert "Paints." in text


def test_a_command_can_leave_out_a_field_of_a_group(run):
    assert run(flat, "--tall", "3").exit_code == 2
    assert run(flat, "--wide", "3").exit_code == 0

    assert [Size(3, 24)] == SEEN
