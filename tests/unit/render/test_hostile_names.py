"""Names from outside do nothing to whoever shows them, in any format."""

import json
import re
import unicodedata
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from lambda_slim.formats.report_json import report_json
from lambda_slim.model.deployable import EveryReport, EveryRow
from lambda_slim.model.report import CheckRow, Finding, FunctionReport, Report, Sizes
from lambda_slim.render.annotations import render_annotations
from lambda_slim.render.comment import render_comment
from lambda_slim.render.console import Look
from lambda_slim.render.every import every_markdown, render_every
from lambda_slim.render.html import render_html
from lambda_slim.render.junit import render_junit
from lambda_slim.render.markdown import render_markdown
from lambda_slim.render.progress import warn
from lambda_slim.render.sarif import render_sarif
from lambda_slim.render.terminal import concise, render_terminal
from lambda_slim.render.verdict import render_verdict

NAMES = [
    "x\n::error file=a.py::pwned\n.env",
    "a`@octocat`<b>.env",
    "x\r## hi @all.env",
    "\x1b]0;title\x07\x1b[31m",
    "gpj.\u202eexe",
    "a\u2028::error::b\x85c",
    "##[add-matcher]x.json",
    "a##vso[task.setvariable variable=a]b.env",
    "[text](http://x.example) #1 GH-1 www.x.example",
    "a" * 70 + "::error file=a.py::pwned",
    "``` @all <img src=x>",
    "|a|<script>alert(1)</script>",
    "\\`@all",
]
LOOKS = [Look(60), Look(100, colour=True), Look(80, unicode=False)]


def report(name):
    finding = Finding("LS101", "warning", f"{name} looks like a secret", file=name, hint=name)
    check = CheckRow("unzipped", "failed", "error", 2, 1, "bytes", message=f"because of {name}", file=name)
    row = FunctionReport(
        name,
        "app.handler",
        "python3.12",
        "x86_64",
        128,
        Sizes(1, 1, 1),
        findings=(finding,),
        checks=(check,),
        changed=(name,),
    )
    return Report("1", (row,), warnings=(name,))


def texts(found):
    for look in LOOKS:
        yield render_terminal(found, look, view="build")
        yield render_terminal(found, look, view="analyze")
        yield render_verdict(found, look)
    yield concise(found)


@pytest.mark.parametrize("name", NAMES)
def test_no_text_starts_a_workflow_command_or_moves_the_cursor(name):
    for text in texts(report(name)):
        assert not [
            line for line in re.split(r"[\r\n\x0b\x0c\x1c-\x1e\x85\u2028\u2029]", text) if "::" in line.lstrip()[:2]
        ]
        assert not re.search(r"##\w*\[", text)
        assert "\x1b]" not in text
        assert "\u202e" not in text
        assert not [sign for sign in text if unicodedata.category(sign) == "Cc" and sign not in "\n\x1b"]


@pytest.mark.parametrize("name", NAMES)
def test_markdown_stays_one_list_and_calls_nobody(name):
    for text in (render_markdown(report(name)), render_comment(report(name), name)):
        assert "\r" not in text
        outside = re.sub(r"```diff\n.*?\n```", "", text, flags=re.DOTALL)
        outside = re.sub(r"(?<![`\\])`[^`\n]+`", "", outside)  # code spans
        outside = re.sub(r"<!--.*?-->", "\0", outside)
        assert not re.search(r"(?<!\0)@\w|#1|GH-1|www\.|(?<!\\)\[text\]", outside)
        assert not re.search(r"<(?:b|img|script)\b", outside)
        assert not re.search(r"^## ", outside, re.MULTILINE)
        assert text.count("```") == 2 * ("```diff" in text)


@pytest.mark.parametrize("name", NAMES)
def test_pages_and_xml_hold_no_tags_of_a_name(name):
    ET.fromstring(render_junit(report(name)))
    assert "<script>alert" not in render_html(report(name))


@pytest.mark.parametrize("name", NAMES)
def test_annotations_are_one_line_each(name):
    lines = render_annotations(report(name)).splitlines()
    assert lines
    assert all(line.startswith("::error ") for line in lines)
    assert all(line.count("\x1b") == 0 for line in lines)


@pytest.mark.parametrize("name", NAMES)
def test_results_are_text_without_links(name):
    results = json.loads(render_sarif(report(name)))["runs"][0]["results"]
    assert results
    for result in results:
        text = result["message"]["text"]
        assert not [sign for sign in text if unicodedata.category(sign) in ("Cc", "Cf", "Zl", "Zp")]
        assert not re.search(r"(?<!\\)\[text\]\(", text)


@pytest.mark.parametrize("name", NAMES)
def test_a_table_of_a_repository_has_names_as_text(name):
    row = EveryRow(name, name, "failed", message=name, hint=name)
    table = EveryReport(Path("x"), (row,), command="check")
    for look in LOOKS:
        assert not re.search(r"^::|##\w*\[|[\x07\r\x85\u202e]", render_every(table, look), re.MULTILINE)
    lines = every_markdown(table).splitlines()
    assert len({len(re.findall(r"(?<!\\)\|", line)) for line in lines if line.startswith("|")}) == 1
    assert not re.search(r"(?<!\\)[`<](?!!--)", "".join(lines))


@pytest.mark.parametrize("name", NAMES)
def test_json_has_the_name_as_it_is(name):
    assert json.loads(report_json(report(name)))["functions"][0]["name"] == name


def test_warnings_are_one_line(capsys):
    warn("cannot read\n::error::x")
    assert capsys.readouterr().err == "warning: cannot read\\x0a\\x3a\\x3aerror::x\n"
