"""What distributions have in them, held against those that are installed here."""

import importlib.metadata
import tomllib
from importlib.resources import files

from lambda_slim.formats.names import normalise
from lambda_slim.knowledge.contents import distribution_with

TABLE = tomllib.loads(files("lambda_slim.knowledge").joinpath("contents.toml").read_text("utf-8"))


def test_distributions_that_are_installed_have_what_the_table_says():
    tops = importlib.metadata.packages_distributions()
    checked = 0
    for top in tops.keys() & (TABLE["packages"].keys() | TABLE["modules"].keys()):
        rows = importlib.metadata.files(tops[top][0]) or []
        inside = {str(row).partition("/")[2].removesuffix(".py") for row in rows if str(row).startswith(f"{top}/")}
        single = next((row for row in rows if str(row) == f"{top}.py"), None)
        name = distribution_with(top, inside, lambda single=single: single.read_text() if single else "")
        assert normalise(name) in {normalise(other) for other in tops[top]}, top
        checked += 1

    assert checked >= 10


def test_the_table_is_sorted_and_no_name_is_in_it_twice():
    assert all(list(rows) == sorted(rows) for rows in TABLE.values())
    assert not TABLE["packages"].keys() & TABLE["modules"].keys() - {"xmltodict"}
