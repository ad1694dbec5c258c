"""The report as one page that needs nothing else: no network, no server, strict content policy."""

import functools
import json
from collections.abc import Mapping
from importlib.resources import files
from typing import Any

from lambda_slim.model.report import Report
from lambda_slim.render.pack import pack
from lambda_slim.render.squeeze import squeeze_script, squeeze_style

_FREES = "frees: bytes that leave with it and with what only it needs"
_UNSAFE = (("<", "\\u003c"), (">", "\\u003e"), ("&", "\\u0026"), ("\u2028", "\\u2028"), ("\u2029", "\\u2029"))


def render_html(report: Report) -> str:
    """The page; the same report gives the same bytes, so what differs between equal runs (times of day) is left out."""
    return page_of(pack(report))


def page_of(document: Mapping[str, Any]) -> str:
    """The page that shows a document of `pack`."""
    data = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    for sign, safe in _UNSAFE:
        data = data.replace(sign, safe)
    page = _asset("page.html").replace("@@CSS@@", style()).replace("@@JS@@", script())
    frees = _FREES if any("frees" in column for column in document["columns"]) else ""
    return page.replace("@@FREES@@", frees).replace("@@DATA@@", data)


def _asset(name: str) -> str:
    return files("lambda_slim.render").joinpath("assets", name).read_text("utf-8")


@functools.cache
def script() -> str:
    """The page's script as it travels."""
    return squeeze_script(_asset("report.js"))


def style() -> str:
    """The page's style sheet as it travels."""
    return squeeze_style(_asset("report.css"))
