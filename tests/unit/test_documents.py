"""Figures in the documents agree with each other."""

import itertools
import re
import statistics
import tomllib

import pytest

from lambda_slim.budgets.budgets import parse_budgets
from lambda_slim.cli.main import COMMANDS
from lambda_slim.inputs.settings.load import load
from tests.cli.conftest import ROOT

LEVELS = ("safe", "reach", "trace")


def table(name):
    text = (ROOT / name).read_text("utf-8")
    rows = re.findall(r"^\| level `(\w+)` \| (.+) \|$", text, re.MULTILINE)
    return {level: [float(cell) for cell in cells.split(" | ")] for level, cells in rows}


def default_table(name):
    """The rows of size and INIT of the default, as (MiB, relative INIT) pairs."""
    text = (ROOT / name).read_text("utf-8")
    rows = re.findall(r"^\|(.+?)\| ((?:\**[\d.]+ / [\d.]+\**(?: \| )?)+) \|$", text, re.MULTILINE)
    return {label.strip(" *"): re.findall(r"([\d.]+) / ([\d.]+)", cells) for label, cells in rows}


def test_a_deeper_level_is_not_shown_to_be_larger():
    rows = table("docs/measured.md")
    guard = 0.02  # MiB

    assert set(rows) == set(LEVELS)
    for one, deeper in itertools.pairwise(LEVELS):
        assert all(after <= before + guard for before, after in zip(rows[one], rows[deeper], strict=True))


def test_the_readme_shows_what_was_measured():
    shown = default_table("README.md")

    assert len(shown) == 5
    assert shown == default_table("docs/measured.md")


def test_the_readme_says_of_its_table_what_is_in_it():
    rows = default_table("README.md")
    source, ours, lazy = next(iter(rows.values())), rows["`lambda-slim build`"], [*rows.values()][-1]
    smaller = sum(float(mine[0]) < float(theirs[0]) for mine, theirs in zip(ours, source, strict=True))
    faster = sorted(1 / float(init) for _, init in ours)
    text = " ".join((ROOT / "README.md").read_text("utf-8").split())

    assert (
        f"smaller than that of source only on {['no', 'one', 'two', 'three', 'four', 'five', 'six'][smaller]} of the"
        in text
    )
    assert f"INIT takes {faster[0]:.1f} to {faster[-1]:.1f} times less CPU" in text
    assert f"{statistics.median(faster):.1f} times on the median" in text
    gains = [1 / float(init) for _, init in lazy]
    assert f"With lazy imports INIT takes {min(gains):.1f} to {max(gains):.1f} times less CPU" in text
    assert f"{statistics.geometric_mean(gains):.1f} times as the geometric mean" in text


def test_the_security_page_says_of_every_command_what_it_executes_reads_and_writes():
    text = (ROOT / "docs/security.md").read_text("utf-8")
    rows = re.findall(r"^\| `([a-z]+)` \|([^|\n]+)\|([^|\n]+)\|([^|\n]+)\|$", text, re.MULTILINE)

    assert [name for name, *_ in rows] == list(COMMANDS)
    assert all(cell.strip() for row in rows for cell in row)


def test_commands_of_which_the_page_says_that_they_execute_nothing_ask_for_a_static_session():
    text = (ROOT / "docs/security.md").read_text("utf-8")
    nothing = re.findall(r"^\| `([a-z]+)` \| nothing \| the project", text, re.MULTILINE)

    for name in nothing:
        assert '"static": True' in (ROOT / f"lambda_slim/cli/{name}.py").read_text("utf-8"), name


def test_the_readme_reads_well_on_a_package_index():
    """Its links are whole, and name files that are here."""
    text = (ROOT / "README.md").read_text("utf-8")
    links = re.findall(r"\]\(([^)#\s]*)", text)
    home = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["urls"]["Homepage"]
    own = [link.partition("/main/")[2] for link in links if link.startswith(home) or "raw.githubusercontent" in link]

    assert [link for link in links if not link.startswith("https://")] == []
    assert len(own) > 20
    assert [path for path in own if not (ROOT / path).exists()] == []


def test_every_claim_of_the_readme_has_its_test():
    readme = " ".join((ROOT / "README.md").read_text("utf-8").replace("**", "").split())
    rows = re.findall(r"^\| (.+?) \| (`tests/.+) \|$", (ROOT / "docs/claims.md").read_text("utf-8"), re.MULTILINE)

    assert len(rows) >= 10
    assert [claim for claim, _ in rows if claim not in readme] == []
    for claim, held in rows:
        tests = re.findall(r"`(tests/[\w/.]+)::(\w+)`", held)
        assert tests, claim
        for path, name in tests:
            assert f"def {name}(" in (ROOT / path).read_text("utf-8"), f"{path}::{name}"


def settings_examples():
    """(page, file name, text) of every block in the documents that is settings of lambda-slim."""
    for page in sorted({ROOT / "README.md", *(ROOT / "docs").rglob("*.md")} - {ROOT / "docs/knowledge.md"}):
        for kind, text in re.findall(r"^```(toml|text)\n(.*?)^```", page.read_text("utf-8"), re.MULTILINE | re.DOTALL):
            in_project = text.startswith("[tool.lambda-slim")
            if kind == "toml" or in_project or text.startswith("[functions"):
                yield page.relative_to(ROOT).as_posix(), "pyproject.toml" if in_project else "lambda-slim.toml", text


@pytest.mark.parametrize(("page", "name", "text"), list(settings_examples()))
def test_settings_that_a_page_shows_are_accepted(tmp_path, page, name, text):
    (tmp_path / name).write_text(text, "utf-8")
    (tmp_path / "events").mkdir()
    (tmp_path / "events/order.json").write_text("{}", "utf-8")

    settings = load(tmp_path)
    for table in (settings.budgets, *(function.budgets for function in settings.functions)):
        parse_budgets(settings, table)

    assert settings.file == tmp_path / name
