"""A check's verdict as JUnit XML: a suite a function, a case a check."""

import xml.etree.ElementTree as ET

from lambda_slim.base.text import shown_all, shown_place
from lambda_slim.model.report import CheckRow, FunctionReport, Report
from lambda_slim.render.verdict import summary

_COUNTS = ("tests", "failures", "errors")  # the standard has no count of skipped ones here


def render_junit(report: Report) -> str:
    """The XML that Jenkins, GitLab and CodeBuild read."""
    report = shown_all(report)
    suites = [_suite(function) for function in report.functions]
    counts = {name: str(sum(int(suite.get(name, "0")) for suite in suites)) for name in _COUNTS}
    root = ET.Element("testsuites", {"name": "lambda-slim", **counts})
    root.extend(suites)
    ET.indent(root, " ")
    return '<?xml version="1.0" encoding="utf-8"?>\n' + _clean(ET.tostring(root, "unicode")) + "\n"


def _suite(function: FunctionReport) -> ET.Element:
    counts = [row.status for row in function.checks]
    suite = ET.Element(
        "testsuite",
        name=function.name,
        tests=str(len(counts)),
        failures=str(counts.count("failed")),
        errors="0",
        time="0",
        skipped=str(counts.count("skipped") + counts.count("noise")),
    )
    suite.extend(_case(function, row) for row in function.checks)
    return suite


def _case(function: FunctionReport, row: CheckRow) -> ET.Element:
    case = ET.Element("testcase", classname=f"lambda-slim.{function.name}", name=_name(row), time="0")
    if row.status == "failed":
        told = ET.SubElement(case, "failure", message=summary(row), type=row.id)
        told.text = "\n".join((*_place(row), *function.changed))
    elif row.status in ("skipped", "noise"):
        ET.SubElement(case, "skipped", message=row.message or row.status)
    elif row.status == "warning":
        ET.SubElement(case, "system-out").text = f"warning: {summary(row)}"
    return case


def _name(row: CheckRow) -> str:
    """The budget; a rule with its file, since there may be several."""
    return row.id if row.unit else f"{row.id} {row.file}".strip()


def _place(row: CheckRow) -> tuple[str, ...]:
    return tuple(filter(None, [shown_place(row.file, row.line)]))


def _clean(text: str) -> str:
    """Text without the characters that XML 1.0 does not have."""
    return "".join(sign for sign in text if sign in "\t\n" or (ord(sign) >= 32 and not 0xD800 <= ord(sign) < 0xE000))
