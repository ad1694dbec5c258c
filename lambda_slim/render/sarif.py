"""Failed checks and findings as SARIF 2.1.0, for code scanning."""

import json
from typing import Any
from urllib.parse import quote

from lambda_slim.base.text import shown
from lambda_slim.budgets.budgets import about
from lambda_slim.knowledge.lints import load_rules
from lambda_slim.model.report import FunctionReport, Report
from lambda_slim.render.verdict import summary

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_LEVELS = {"error": "error", "warning": "warning", "info": "note"}
_SHOWN = {"failed": "error", "warning": "warning"}


def render_sarif(report: Report) -> str:
    """One run; a result a failed or warned check and a finding with a place in the project."""
    results = [result for function in report.functions for result in _results(function, report)]
    rules = sorted({result["ruleId"] for result in results})
    driver = {
        "name": "lambda-slim",
        "version": report.tool_version,
        "informationUri": "https://github.com/lambda-slim/lambda-slim",
        "rules": [_described(rule) for rule in rules],
    }
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    return json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, indent=1, ensure_ascii=False) + "\n"


def _described(rule: str) -> dict[str, Any]:
    """The description of a rule, from the tables of rules; `growth-of-zipped` is the check `growth of zipped`."""
    known = load_rules().get(rule)
    text = known.title if known else about(rule) or about(rule.replace("-", " ")) or f"lambda-slim {rule}"
    described: dict[str, Any] = {"id": rule, "shortDescription": {"text": text}}
    return {**described, "fullDescription": {"text": known.why}} if known else described


def _results(function: FunctionReport, report: Report) -> list[dict[str, Any]]:
    fallback = report.template or "pyproject.toml"
    results = [
        _result(
            _rule(row.id),
            _SHOWN[row.status],
            f"{function.name}: {summary(row)}",
            report.from_repository(row.file or fallback),
            row.line,
        )
        for row in function.checks
        if row.status in _SHOWN
    ]
    known = {(row.id, row.file) for row in function.checks}
    results += [
        _result(
            finding.rule,
            _LEVELS[finding.level],
            f"{finding.message}. {finding.hint}".rstrip(". "),
            report.from_repository(finding.file),
            finding.line,
        )
        for finding in function.findings
        if finding.file and (finding.rule, finding.file) not in known
    ]
    return results


def _rule(check: str) -> str:
    return check.replace(" ", "-")


def _message(text: str) -> str:
    """Text without controls; `[text](address)` is no link in it."""
    text = shown(text)
    return text.replace("[", "\\[").replace("]", "\\]") if "](" in text else text


def _result(rule: str, level: str, text: str, file: str, line: int) -> dict[str, Any]:
    place: dict[str, Any] = {"artifactLocation": {"uri": quote(file)}}
    if line:
        place["region"] = {"startLine": line}
    message = {"text": _message(text)}
    return {"ruleId": rule, "level": level, "message": message, "locations": [{"physicalLocation": place}]}
