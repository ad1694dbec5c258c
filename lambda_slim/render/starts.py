"""Whether a package can start, in a line."""

from collections.abc import Iterator

from lambda_slim.base.units import plural
from lambda_slim.model.report import FunctionReport
from lambda_slim.render.console import Look, labelled


def start_lines(function: FunctionReport, look: Look) -> Iterator[str]:
    """The verdict with its first reason; nothing where there is none."""
    starts = function.starts
    if starts is None:
        return
    words = {
        "yes": f"yes: every import that INIT reaches is provided ({plural(starts.modules, 'module')})",
        "no": f"NO, it does not start: {starts.why}",
    }
    text = words.get(starts.verdict, f"not known: {starts.why}")
    yield labelled("starts", text, look, "error" if starts.verdict == "no" else "")
