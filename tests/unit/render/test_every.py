"""The table of all functions is read at any width, and a path can be copied from it."""

from pathlib import Path

import pytest

from lambda_slim.model.deployable import EveryReport, EveryRow
from lambda_slim.render.console import Look
from lambda_slim.render.every import render_every

MIB = 1024**2
LONG = "InvoicesThatAReallyLongNameIsGivenTo"
ROWS = tuple(
    EveryRow(
        f"services/{folder}/template.yaml",
        name,
        before=9 * MIB,
        before_zipped=3 * MIB,
        zipped=2 * MIB,
        proved=proved,
        path=f"services/{folder}/dist/{name}.zip",
    )
    for folder, name, proved in (("a", "Api", "yes"), ("a", LONG, "imports only"), ("b", "Worker", ""))
)


@pytest.mark.parametrize("command", ["build", "check", "analyze"])
@pytest.mark.parametrize("width", [60, 80, 100, 200])
def test_no_name_and_no_path_is_broken(width, command):
    text = render_every(EveryReport(Path(), ROWS, command=command), Look(width=width))

    for row in ROWS:
        assert row.function in text.split()
        assert row.path in text.split() or command != "build"
    longest = max(len(f"      {row.path}") for row in ROWS)
    assert all(len(line) <= max(width, longest) for line in text.splitlines())


def test_what_was_a_row_has_the_same_figures_in_lines_of_its_own():
    narrow, wide = (render_every(EveryReport(Path(), ROWS), Look(width=width)) for width in (80, 200))

    assert len(wide.splitlines()) == 1 + len(ROWS) + 2
    assert narrow.splitlines()[:3] == [
        "  services/a/template.yaml",
        "    Api   zip 3.0 MiB → 2.0 MiB −33 %   proved yes",
        "      services/a/dist/Api.zip",
    ]
    assert "    Worker   zip 3.0 MiB → 2.0 MiB −33 %   proved no" in narrow.splitlines()
