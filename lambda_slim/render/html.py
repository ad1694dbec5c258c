"""The report as one page that needs nothing else: no network, no server, strict content policy."""

import functools
import json
import re
from importlib.resources import files

from lambda_slim.model.report import Report
from lambda_slim.render.pack import pack

_UNSAFE = (("<", "\\u003c"), (">", "\\u003e"), ("&", "\\u0026"), ("\u2028", "\\u2028"), ("\u2029", "\\u2029"))
_TEXTS = re.compile(r'("(?:\\.|[^"\\])*"|`(?:\\.|[^`\\])*`)')  # what the script says, where spaces count
_SIGNS = re.compile(r" ?([-+*/%=<>!&|?:;,(){}\[\]]) ?")


def render_html(report: Report) -> str:
    """The page; the same report gives the same bytes, so what differs between equal runs (times of day) is left out."""
    data = json.dumps(pack(report), ensure_ascii=False, separators=(",", ":"))
    for sign, safe in _UNSAFE:
        data = data.replace(sign, safe)
    page = _asset("page.html").replace("@@CSS@@", _asset("report.css")).replace("@@JS@@", script())
    return page.replace("@@DATA@@", data)


def _asset(name: str) -> str:
    return files("lambda_slim.render").joinpath("assets", name).read_text("utf-8")


@functools.cache
def script() -> str:
    """The page's script without comment lines, indentation, and spaces around signs."""
    lines = (line.strip() for line in _asset("report.js").splitlines())
    text = "\n".join(line for line in lines if line and not line.startswith("//"))
    return "".join(part if number % 2 else _SIGNS.sub(r"\1", part) for number, part in enumerate(_TEXTS.split(text)))


def style() -> str:
    """The page's style sheet."""
    return _asset("report.css")
