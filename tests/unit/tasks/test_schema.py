"""What is written fits its schema, what is wrong does not."""

import json
import re
import tomllib
from pathlib import Path

import pytest

from lambda_slim.base.errors import ConfigError
from lambda_slim.budgets.budgets import parse_budgets
from lambda_slim.budgets.lock import lock_json, make_entry
from lambda_slim.formats.report_json import SCHEMA_URL, report_json
from lambda_slim.inputs.settings.load import load
from lambda_slim.model.settings import Settings
from lambda_slim.tasks import schema as schemas
from tests.unit.render.test_renderers import REPORT

jsonschema = pytest.importorskip("jsonschema")
ROOT = Path(__file__).parents[3]
SETTINGS = schemas.settings_schema()


def fits(document, schema):
    return jsonschema.Draft202012Validator(schema).is_valid(document)


@pytest.mark.parametrize("schema", [schemas.report_schema(), SETTINGS, schemas.lock_schema()], ids=lambda s: s["title"])
def test_schemas_are_schemas(schema):
    jsonschema.Draft202012Validator.check_schema(schema)


def test_a_report_fits():
    jsonschema.validate(json.loads(report_json(REPORT)), schemas.report_schema())


@pytest.mark.parametrize(
    "spoil",
    [
        lambda table: table.update(extra=1),
        lambda table: table.pop("run"),
        lambda table: table.update(schema_version="2.0"),
        lambda table: table["functions"][0].update(extra=1),
        lambda table: table["functions"][0]["files"]["rows"][0].append(1),
        lambda table: table["functions"][0]["files"]["rows"][0].__setitem__(5, "lost"),
        lambda table: table["functions"][0]["before"].update(unzipped_bytes="30 MB"),
        lambda table: table["functions"][0]["imports"]["nodes"][0].pop("self_us"),
    ],
)
def test_what_is_no_report_does_not_fit(spoil):
    table = json.loads(report_json(REPORT))
    spoil(table)

    assert not fits(table, schemas.report_schema())


def test_every_time_and_size_has_its_unit():
    for record in schemas.report_schema()["$defs"].values():
        for name, one in record["properties"].items():
            if name.endswith("_us"):
                assert "microseconds" in one["description"].lower(), name
            if name.endswith("_bytes"):
                assert "bytes" in one["description"].lower(), name
    assert schemas.report_schema()["$id"] == SCHEMA_URL


def test_the_lock_fits():
    facts = make_entry(10, 5, 2, {"boto3": ("1.44", 8)}, ["boto3", "boto3.session"])
    table = json.loads(lock_json({"Orders": facts}))

    jsonschema.validate(table, schemas.lock_schema())
    table["functions"]["Orders"]["when"] = "now"
    assert not fits(table, schemas.lock_schema())


GOOD = """
template = "template.yaml"
python = "3.12"
arch = "arm64"
level = "reach"
keep = ["a/**"]
exclude = "b"
strip = false
[budgets]
unzipped = "60 MiB"
zipped = { max = "16 mib", level = "warn", message = "split it" }
modules = 700
import-time = { max = "380 ms", level = "warning" }
growth = { max = "2 %", min-change = "100 KiB" }
forbid-at-init = { names = ["pandas"], message = "later" }
forbid = ["torch"]
distributions = { boto3 = "1 MiB", numpy = { max = "9 MB" } }
[functions]
Short = "app.handler"
[functions.Orders]
handler = "src/app.handler"
memory = 512
environment = { STAGE = "test" }
events = ["events/*.json"]
budgets = { unzipped = "1 GiB" }
"""


def test_good_settings_fit(tmp_path):
    table = tomllib.loads(GOOD)
    jsonschema.validate(table, SETTINGS)

    (tmp_path / "events").mkdir()
    (tmp_path / "events/a.json").write_text("{}")
    (tmp_path / "lambda-slim.toml").write_text(GOOD)
    found = load(tmp_path)
    assert parse_budgets(found, found.budgets)


@pytest.mark.parametrize(
    "text",
    [
        "levle = 'reach'",
        "level = 'bold'",
        "keep = [1]",
        "strip = 'perhaps'",
        "functions = { A = { handlr = 'a.b' } }",
        "functions = { A = { memory = 0 } }",
        "functions = { A = 3 }",
        "arch = 'mips'",
    ],
)
def test_bad_settings_fit_neither_the_schema_nor_us(text, tmp_path):
    (tmp_path / "lambda-slim.toml").write_text(text)

    assert not fits(tomllib.loads(text), SETTINGS)
    with pytest.raises(ConfigError):
        load(tmp_path)


@pytest.mark.parametrize(
    "text",
    [
        "unzipped = 60",
        "unzipped = '60'",
        "unzipped = '-1 MiB'",
        "modules = '700'",
        "modules = -1",
        "modules = true",
        "import-time = '380'",
        "import-time = '380 MiB'",
        "unziped = '1 MiB'",
        "growth = 2",
        "zipped = { max = '1 MiB', level = 'loud' }",
        "zipped = { max = '1 MiB', extra = 1 }",
        "forbid = 'torch'",
        "distributions = '1 MiB'",
    ],
)
def test_bad_budgets_fit_neither(text):
    table = tomllib.loads(text)

    assert not fits({"budgets": table}, SETTINGS)
    with pytest.raises(ConfigError):
        parse_budgets(Settings(root=Path()), table)


def settings_in(path):
    """TOML tables of settings that a Markdown page shows."""
    for block in re.findall(r"```toml\n(.*?)```", path.read_text("utf-8"), re.DOTALL):
        table = tomllib.loads(block)
        yield table.get("tool", {}).get("lambda-slim", table if "tool" not in table else {})


def test_fixtures_and_docs_fit():
    seen = 0
    for file in (ROOT / "fixtures").rglob("lambda-slim.toml"):
        jsonschema.validate(tomllib.loads(file.read_text("utf-8")), SETTINGS)
        seen += 1
    for page in [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]:
        if page.name == "knowledge.md":  # recipes, not settings
            continue
        for table in settings_in(page):
            jsonschema.validate(table, SETTINGS)
            seen += 1
    assert seen >= 2


def test_every_key_is_in_the_docs():
    text = (ROOT / "docs/settings.md").read_text("utf-8")

    missing = [key for key in SETTINGS["properties"] if f"`{key}`" not in text]
    assert missing == []
