"""Whatever a report says, it says the same in every form."""

import json
import re
import xml.etree.ElementTree as ET
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from lambda_slim.base.units import show_change, show_percent, show_share, show_size, show_time
from lambda_slim.formats.report_json import parse_report, report_json
from lambda_slim.model.package_report import Proof
from lambda_slim.model.report import CheckRow, Finding, Sizes
from lambda_slim.render.brief import render_brief
from lambda_slim.render.comment import render_comment
from lambda_slim.render.console import Look
from lambda_slim.render.html import render_html
from lambda_slim.render.junit import render_junit
from lambda_slim.render.markdown import render_markdown
from lambda_slim.render.sarif import render_sarif
from lambda_slim.render.terminal import render_terminal
from lambda_slim.render.verdict import render_verdict, show_value
from tests.unit.render.test_renderers import BUILT, REPORT

SIZES = st.builds(Sizes, st.integers(1, 10**9), st.integers(1, 10**9), st.integers(1, 10**5))
TIMES = st.tuples(st.integers(10_000, 10**8), st.integers(10_000, 10**8))
CHECKS = st.lists(
    st.builds(
        CheckRow,
        st.sampled_from(["unzipped", "zipped", "imports"]),
        st.sampled_from(["passed", "failed", "warning"]),
        st.just("error"),
        st.integers(1, 10**9),
        st.integers(1, 10**9),
        st.sampled_from(["bytes", "us"]),
    ),
    max_size=3,
    unique_by=lambda row: row.id,
)


def one_line(text):
    return " ".join(text.split())


def data_of(page):
    return json.loads(re.search(r'<script type="application/json" id="data">(.*?)</script>', page, re.DOTALL)[1])


@settings(max_examples=25, deadline=None)
@given(SIZES, SIZES, TIMES)
def test_sizes_and_times_of_a_build(before, after, init):
    proof = Proof("same", events=2, modules=3, init_us=init)
    function = replace(BUILT, before=before, after=after, proof=proof, startup=None)
    report = replace(REPORT, functions=(function,))
    zipped, unzipped = ((getattr(before, name), getattr(after, name)) for name in ("zipped_bytes", "unzipped_bytes"))
    shown = {kind: " → ".join(map(show_size, pair)) for kind, pair in (("zip", zipped), ("unzipped", unzipped))}
    times = " → ".join(map(show_time, init))

    texts = [one_line(render(report, Look(width=200), view="build")) for render in (render_brief, render_terminal)]
    texts.append(render_markdown(report))
    moves = {row[0]: row for row in data_of(render_html(report))["functions"][0]["moves"]}

    for text in texts:
        assert f"{shown['zip']}" in text
        assert show_change(*zipped) in text
        assert times in text
    for text in texts if after.zipped_bytes <= before.zipped_bytes else texts[1:]:
        assert shown["unzipped"] in text
    assert moves["zipped"][1:4] == [*map(show_size, zipped), show_share(*zipped)]
    assert moves["unzipped"][1:4] == [*map(show_size, unzipped), show_share(*unzipped)]
    assert moves["INIT"][1:3] == [*map(show_time, init)]
    assert parse_report(report_json(report)).functions == (function,)


@settings(max_examples=25, deadline=None)
@given(CHECKS, st.booleans())
def test_checks(checks, with_finding):
    findings = (Finding("LS201", "warning", "never used", "app.py", 4),) if with_finding else ()
    report = replace(REPORT, functions=(replace(BUILT, checks=tuple(checks), findings=findings),))
    failed = [row for row in checks if row.status == "failed"]
    told = [row for row in checks if row.status != "passed"]

    suites = ET.fromstring(render_junit(report))
    results = json.loads(render_sarif(report))["runs"][0]["results"]
    rows = data_of(render_html(report))["functions"][0]["tables"]["checks"]
    text, comment = one_line(render_verdict(report, Look(width=200))), render_comment(report)

    assert int(suites.get("failures")) == len(failed)
    assert int(suites.get("tests")) == len(rows) == len(checks)
    assert len(results) == len(told) + len(findings)
    for row in told:
        value, limit = show_value(row.value, row.unit), show_value(row.limit, row.unit)
        assert value in text
        assert f"{value} | {limit}" in comment
        assert any(f"{row.id} {value} over {limit}" in result["message"]["text"] for result in results)


@given(st.integers(1, 10**10), st.integers(0, 10**10))
def test_a_share_is_never_0_where_figures_differ_and_never_100_where_something_is_left(before, after):
    share = show_percent(before, after)

    assert (share == "0") == (before == after)
    assert share != "100" or after == 0 or after > before
