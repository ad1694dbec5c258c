from pathlib import Path

import pytest

from lambda_slim.base.errors import ConfigError
from lambda_slim.budgets.budgets import KEYS, Budget, about, parse_budgets
from lambda_slim.model.settings import Settings

SETTINGS = Settings(Path("/project"), file=Path("/project/pyproject.toml"), lines={"tool.lambda-slim.budgets.zippd": 7})


def parse(**table):
    return parse_budgets(SETTINGS, {name.replace("_", "-"): value for name, value in table.items()})


def test_sizes_times_and_counts():
    assert parse(unzipped="60 MiB") == (Budget("unzipped", 60 * 1024**2),)
    assert parse(zipped="16 MB") == (Budget("zipped", 16_000_000),)
    assert parse(import_time="380 ms") == (Budget("import-time", 380_000),)
    assert parse(modules=700) == (Budget("modules", 700),)
    assert parse(import_growth="10 %") == (Budget("import-growth", 100_000),)


def test_level_and_message_of_a_table():
    (found,) = parse(zipped={"max": "16 MiB", "level": "warn", "message": "ask first"})

    assert (found.level, found.message) == ("warning", "ask first")


def test_growth_in_bytes_and_in_percent():
    assert parse(growth="500 KiB") == (Budget("growth", 500 * 1024),)
    assert parse(growth={"max": "2 %", "min-change": "100 KiB"}) == (Budget("growth", 100 * 1024, percent=2.0),)


def test_what_a_check_is_about():
    assert about("growth of zipped") == about("growth") != ""
    assert about("distributions.boto3") == about("distributions") != ""
    assert about("new at INIT") != ""
    assert about("LS130") == ""


def test_names_and_distributions():
    assert parse(forbid=["boto3", "*.so"]) == (Budget("forbid", names=("boto3", "*.so")),)
    assert parse(forbid_at_init={"names": ["pandas"], "message": "later"}) == (
        Budget("forbid-at-init", names=("pandas",), message="later"),
    )
    assert parse(distributions={"boto3": "1 MiB"}) == (Budget("distributions.boto3", 1024**2),)


def test_an_unknown_key_names_its_line_and_the_nearest():
    with pytest.raises(ConfigError, match=r"pyproject.toml:7: there is no budget `zippd`") as caught:
        parse(zippd="1 MiB")

    assert caught.value.hint == "did you mean `zipped`?"


@pytest.mark.parametrize(
    ("key", "value", "told"),
    [
        ("unzipped", 60, "unit"),
        ("unzipped", "60", "unit"),
        ("unzipped", "-5 MiB", "unit"),
        ("modules", -1, "whole number"),
        ("modules", True, "whole number"),
        ("modules", "many", "whole number"),
        ("zipped", {"max": "1 MiB", "level": "loud"}, "error or warning"),
        ("zipped", {"max": "1 MiB", "most": 1}, "unknown part `most`"),
        ("zipped", {"max": "1 MiB", "levle": 1}, "did you mean `level`?"),
        ("growth", {"max": "2 %", "mim-change": "1 KiB"}, "did you mean `min-change`?"),
        ("import-growth", {"max": "2 %", "odd": 1}, "unknown part `odd`"),
        ("forbid", {"names": ["boto3"], "odd": 1}, "unknown part `odd`"),
        ("growth", "nan %", "not a share"),
        ("growth", "x %", "not a share"),
        ("distributions", {"boto3": 3}, "of boto3: `3` is not a text with a unit"),
        ("growth", "-2 %", "0 or more"),
        ("growth", 5, "growth takes"),
        ("import-growth", "20 ms", "share"),
        ("forbid", "boto3", "not a list of names"),
        ("distributions", ["boto3"], "table"),
    ],
)
def test_what_cannot_be_used_is_refused(key, value, told):
    with pytest.raises(ConfigError) as caught:
        parse_budgets(SETTINGS, {key: value})

    assert told in caught.value.cause
    assert caught.value.exit_code == 2


def test_every_key_is_documented():
    text = (Path(__file__).parents[3] / "docs" / "check.md").read_text("utf-8")

    assert [key for key in KEYS if f"`{key}`" not in text] == []
