"""The indexes that a project declares for Poetry, Pipenv, PDM or Rye."""

import tomllib

import pytest

from lambda_slim.formats.declared_sources import declared_sources, of_pipfile
from lambda_slim.inputs.locks import declared_indexes

ROW = "[[tool.{tool}.source]]\nname = '{name}'\nurl = 'https://{name}.example/simple'\n{more}\n"


def row(name, more="", tool="poetry"):
    return ROW.format(tool=tool, name=name, more=more)


@pytest.mark.parametrize(
    ("text", "order"),
    [
        ("", ("pypi",)),
        (row("a"), ("a",)),
        (row("a", "priority = 'supplemental'"), ("pypi", "a")),
        (row("a", "secondary = true"), ("pypi", "a")),
        (row("a", "priority = 'explicit'"), ("pypi",)),
        (row("a") + row("b", "default = true"), ("b", "a")),
        (row("a") + "[[tool.poetry.source]]\nname = 'PyPI'\n", ("a", "pypi")),
        ("[[tool.poetry.source]]\nname = 'x'\nurl = 'https://pypi.org/simple/'\n" + row("a"), ("pypi", "a")),
        (row("a", tool="pdm"), ("a", "pypi")),
        (row("pypi", tool="pdm") + row("a", tool="pdm"), ("pypi", "a")),
        (row("a") + "[[tool.uv.index]]\nurl = 'https://b.example/simple'\n", ("pypi",)),
        ("[[tool.rye.sources]]\nname = 'a'\nurl = 'https://a.example/simple'\n", ("a", "pypi")),
    ],
)
def test_the_order_of_the_indexes(text, order):
    assert declared_sources(tomllib.loads(text)).order == order


def test_only_the_first_source_of_a_pipfile_is_for_all():
    text = "[[source]]\nurl = 'https://a.example'\nname = 'a'\n[[source]]\nurl = 'https://b.example'\nname = 'b'\n"

    assert of_pipfile(tomllib.loads(text)).order == ("a",)


def test_a_requirement_of_the_only_index_is_no_claim(monkeypatch):
    text = row("a") + "[tool.poetry.dependencies]\nlib = { version = '*', source = 'a' }\n"
    more = row("b") + "[tool.poetry.dependencies.other]\nversion = '*'\nsource = 'b'\n"

    assert not declared_sources(tomllib.loads(text)).claimed
    assert dict(declared_sources(tomllib.loads(text + more)).claimed) == {"lib": "a", "other": "b"}


def test_pypi_is_what_the_environment_names_for_it(monkeypatch):
    monkeypatch.setenv("UV_DEFAULT_INDEX", "https://mirror.example/simple")
    monkeypatch.setenv("POETRY_HTTP_BASIC_A_USERNAME", "u")
    declared = declared_sources(tomllib.loads(row("a", "priority = 'supplemental'")))

    variables = declared_indexes(declared)

    assert variables["UV_INDEX"] == "pypi=https://mirror.example/simple a=https://u:@a.example/simple"
    assert variables["UV_DEFAULT_INDEX"] == "https://u:@a.example/simple"
    assert declared_indexes(declared_sources({})) == {}
