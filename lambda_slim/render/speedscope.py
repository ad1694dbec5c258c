"""The imports for speedscope.app: one evented profile a function, in microseconds (file-format-schema.json)."""

import json
from typing import Any

from lambda_slim.base.rows import values_by_key
from lambda_slim.model.import_report import ImportNode
from lambda_slim.model.report import FunctionReport, Report


def render_speedscope(report: Report) -> str:
    """Functions without measured imports are left out."""
    frames: dict[tuple[str, str], int] = {}
    profiles = [_profile(function, frames) for function in report.functions if function.imports]
    document = {
        "$schema": "https://www.speedscope.app/file-format-schema.json",
        "shared": {"frames": [{"name": name, "file": file} for name, file in frames]},
        "profiles": profiles,
        "name": "INIT",
        "exporter": f"lambda-slim {report.tool_version}",
        "activeProfileIndex": 0,
    }
    return json.dumps(document, indent=1) + "\n"


def _profile(function: FunctionReport, frames: dict[tuple[str, str], int]) -> dict[str, Any]:
    nodes = function.import_nodes
    children = values_by_key((node.parent, node) for node in nodes)
    events: list[dict[str, Any]] = []

    def walk(node: ImportNode, start: int) -> int:
        frame = frames.setdefault((node.module, node.file), len(frames))
        events.append({"type": "O", "frame": frame, "at": start})
        place = start
        for child in children.get(node.id, ()):
            place = walk(child, place)
        end = max(place, start + node.total_us)
        events.append({"type": "C", "frame": frame, "at": end})
        return end

    place = 0
    for root in children.get(None, ()):
        place = walk(root, place)
    return {
        "type": "evented",
        "name": function.name,
        "unit": "microseconds",
        "startValue": 0,
        "endValue": place,
        "events": events,
    }
