"""The report as one page that needs nothing else: no network, no server, strict content policy."""

import json
from importlib.resources import files

from lambda_slim.report import Report, report_json

_UNSAFE = (("<", "\\u003c"), (">", "\\u003e"), ("&", "\\u0026"), ("\u2028", "\\u2028"), ("\u2029", "\\u2029"))


def render_html(report: Report) -> str:
    """The page; the same report gives the same bytes, so what differs between equal runs (times of day) is left out."""
    assets = files("lambda_slim.render").joinpath("assets")

    def asset(name: str) -> str:
        return assets.joinpath(name).read_text("utf-8")

    document = json.loads(report_json(report))
    document.pop("run")
    data = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    for sign, safe in _UNSAFE:
        data = data.replace(sign, safe)
    page = asset("page.html").replace("@@CSS@@", asset("report.css")).replace("@@JS@@", asset("report.js"))
    return page.replace("@@DATA@@", data)
