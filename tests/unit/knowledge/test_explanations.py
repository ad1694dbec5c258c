"""Every rule id that any part emits is explained, and no other."""

import ast
import functools
import re
from pathlib import Path

import pytest

import lambda_slim
from lambda_slim.knowledge.explanations import explain, file_rules
from lambda_slim.knowledge.lints import load_rules
from tests.cli.rule_pages import FOLDER, SECTIONS, page, rules


@functools.cache
def _emitted() -> frozenset[str]:
    """Rule ids that the code writes: the first argument of Finding and Mark, `rule=` of Verdict."""
    rules_of_code: set[str] = set()
    for path in Path(lambda_slim.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                rules = [keyword.value for keyword in node.keywords if keyword.arg == "rule"]
                rules += node.args[:1] if node.func.id in ("Finding", "Mark") else []
                if node.func.id in ("Finding", "Mark", "Verdict"):
                    rules_of_code |= {rule.value for rule in rules if isinstance(rule, ast.Constant)}
            if isinstance(node, ast.Dict):  # a table of rules: `_RULES[kind]`
                texts = [value.value for value in node.values if isinstance(value, ast.Constant)]
                rules_of_code |= {text for text in texts if isinstance(text, str) and re.fullmatch(r"LS\d{3}", text)}
    return frozenset(rules_of_code)


def test_every_rule_that_anything_emits_is_explained():
    emitted = _emitted()
    assert {"LS101", "LS203", "secret", "unreachable", "trace"} <= emitted
    missing = [rule for rule in sorted(emitted) if not explain(rule)]
    assert missing == [], "add them to knowledge/lints.toml (findings) or file_rules.toml (decisions)"


def test_no_rule_is_explained_that_nothing_emits():
    emitted = _emitted()
    assert [rule for rule in (*load_rules(), *file_rules()) if rule not in emitted] == []


def test_the_docs_name_every_rule():
    text = (Path(lambda_slim.__file__).parents[1] / "docs" / "rules.md").read_text("utf-8")
    assert [rule for rule in (*load_rules(), *file_rules()) if f"`{rule}`" not in text] == []


@pytest.mark.parametrize("rule", rules(), ids=lambda rule: rule.id)
def test_every_rule_has_a_page_with_all_sections(rule):
    text = (FOLDER / f"{rule.id}.md").read_text("utf-8")

    assert text == page(rule), "python -m tests.cli.rule_pages"
    told = dict(re.findall(r"^## ([^\n]+)\n\n(.+?)\n\n(?=## |All rules)", text, re.MULTILINE | re.DOTALL))
    assert tuple(told) == SECTIONS
    assert all(len(told[name]) > 10 for name in SECTIONS)
    if rule.id.startswith("LS2"):
        assert ast.parse(rule.instead)


def test_no_page_is_of_a_rule_that_is_gone():
    assert {path.stem for path in FOLDER.glob("*.md")} == {rule.id for rule in rules()}
