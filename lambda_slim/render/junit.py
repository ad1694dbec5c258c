"""A check's verdict as JUnit XML: a suite a function, a case a check."""

import xml.etree.ElementTree as ET

from lambda_slim.render.verdict import summary
from lambda_slim.report import CheckRow, FunctionReport, Report


def render_junit(report: Report) -> str:
    """The XML that Jenkins, GitLab and CodeBuild read."""
    root = ET.Element("testsuites", name="lambda-slim")
    for function in report.functions:
        root.append(_suite(function))
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
        skipped=str(counts.count("skipped") + counts.count("noise")),
    )
    suite.extend(_case(function.name, row) for row in function.checks)
    return suite


def _case(name: str, row: CheckRow) -> ET.Element:
    case = ET.Element("testcase", classname=f"lambda-slim.{name}", name=f"{row.id} {row.file}".strip(), time="0")
    if row.status == "failed":
        told = ET.SubElement(case, "failure", message=summary(row), type=row.id)
        told.text = row.message
    elif row.status in ("skipped", "noise"):
        ET.SubElement(case, "skipped", message=row.message or row.status)
    elif row.status == "warning":
        ET.SubElement(case, "system-out").text = f"warning: {summary(row)}"
    return case


def _clean(text: str) -> str:
    """Text without the characters that XML 1.0 does not have."""
    return "".join(sign for sign in text if sign in "\t\n" or (ord(sign) >= 32 and not 0xD800 <= ord(sign) < 0xE000))
