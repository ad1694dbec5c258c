"""One report, many renderings."""

import gzip
import json
import re
from dataclasses import replace

import pytest

from lambda_slim.base.errors import ConfigError
from lambda_slim.formats.report_json import parse_report, report_json
from lambda_slim.model.import_report import BodyCall, ColdStartReport, ImportNode, ImportReport, Part
from lambda_slim.model.package_report import PackageReport, Proof
from lambda_slim.model.report import (
    DistributionRow,
    FileRow,
    Finding,
    FunctionReport,
    Report,
    RuleRow,
    Sizes,
    Step,
)
from lambda_slim.model.startup_report import LazyRow, StartupReport
from lambda_slim.render.console import Look
from lambda_slim.render.html import render_html, script, style
from lambda_slim.render.init_lines import InitLine, lines_of
from lambda_slim.render.markdown import LONGEST, render_markdown
from lambda_slim.render.speedscope import render_speedscope
from lambda_slim.render.terminal import concise, render_terminal

NODES = (
    ImportNode(
        0, "app", None, "(project)", "app.py", None, 1000, 9000, body_calls=(BodyCall(3, "boto3.client(...)", 4000),)
    ),
    ImportNode(1, "boto3", 0, "boto3", "boto3/__init__.py", 1, 4000, 4000),
)
FUNCTION = FunctionReport(
    name="Orders",
    handler="app.handler",
    runtime="python3.12",
    architecture="x86_64",
    memory_mb=512,
    before=Sizes(30_000_000, 19_000_000, 2000),
    by_kind=(("data", 20_000_000), ("python source", 10_000_000)),
    distributions=(
        DistributionRow("boto3", "1.44", True, (), 900_000, 22_000_000, ("botocore",), 100_000, 40, 39, 30, 4000),
        DistributionRow("botocore", "1.44", False, ("boto3",), 20_000_000, 21_000_000, (), 16_000_000, 1900),
        DistributionRow("(project)", "", True, (), 2000, 2000, (), 1800, 3, 3, 1, 1000),
    ),
    rules=(RuleRow("services", "data of other services", 1700, 16_000_000),),
    files=(
        FileRow("app.py", 900, 400, "(project)", "python source", "kept", "default", "", loaded=True, reached=True),
        FileRow(
            *("boto3/lazy.py", 700, 300, "boto3", "python source", "kept", "default", ""),
            reached=True,
            importer="app.py",
            line=12,
            how="imported inside a function",
        ),
        FileRow("boto3/</script><b>.json", 10, 8, "boto3", "data", "dropped", "services", "data & more"),
    ),
    imports=ImportReport(5, 9000, 400, 8000, "pyc", "awslambdaric 4.2.2", 50_000_000, NODES),
    cold_start=ColdStartReport(
        False,
        90_000,
        100_000,
        120_000,
        (Part("imports", 10_000, 12_000, 15_000, "measured here, scaled by a published factor", "a paper"),),
        1.5,
        ("a note",),
    ),
    findings=(
        Finding("LS102", "error", "needs GLIBC_2.28", file="a.so"),
        Finding("LS201", "warning", "never used", "app.py", 4),
    ),
    startup=StartupReport(
        "lazy",
        "",
        9000,
        5000,
        3,
        2,
        (LazyRow("app", "app.py", 9, "np", "numpy", 40, 4000),),
        first_event_us=(100, 4100),
    ),
    next_steps=(Step("leave out", "lambda-slim build", 17_000_000, 2000),),
)
REPORT = Report("0.1.0", (FUNCTION,), "template.yaml", started="2026-01-01T00:00:00+00:00", duration_us=5)


def test_json_and_back():
    assert parse_report(report_json(REPORT)) == REPORT


def test_only_the_run_block_is_volatile():
    one, other = (json.loads(report_json(replace(REPORT, started=at, duration_us=n))) for at, n in (("a", 1), ("b", 2)))

    assert one.pop("run") != other.pop("run")
    assert one == other


@pytest.mark.parametrize(
    "text", ["", "{}", "[1]", '{"schema_version": "9.0"}', '{"schema_version": "1.0", "functions": [1]}']
)
def test_what_is_no_report_is_refused(text):
    with pytest.raises(ConfigError):
        parse_report(text)


@pytest.mark.parametrize("width", [80, 100, 140])
@pytest.mark.parametrize("view", ["analyze", "build"])
def test_no_line_is_wider_than_the_terminal(width, view):
    text = render_terminal(REPORT, Look(width=width), view=view)

    assert "boto3" in text
    lines = text.splitlines()
    assert max(map(len, lines)) <= width


def test_ascii_where_there_is_no_utf8():
    assert render_terminal(REPORT, Look(unicode=False)).isascii()


def test_a_narrow_terminal_drops_columns_before_names():
    rows = tuple(
        replace(row, required_by=tuple(f"distribution-{n}" for n in range(9))) for row in FUNCTION.distributions
    )
    text = render_terminal(replace(REPORT, functions=(replace(FUNCTION, distributions=rows),)), Look(width=80))
    head = next(line for line in text.splitlines() if "DISTRIBUTION" in line)

    assert all(name in head for name in ("OWN", "FREES", "IMPORT", "REQUIRED BY"))
    assert "botocore 1.44 " in text


def test_the_rows_of_import_time_add_up():
    text = render_terminal(REPORT, Look())

    assert "calls in module bodies" in text
    assert "boto3.client(...)" in text
    assert "app.py:3" in text


def test_what_a_call_loads_is_told_with_the_call_and_counted_once():
    nodes = (*NODES, replace(NODES[1], id=2, module="botocore", line=3, importer="app.py", total_us=2000))
    lines = list(lines_of(replace(FUNCTION.imports, nodes=nodes)))

    assert lines == [
        InitLine(4000 + 2000, "boto3.client(...) → botocore", "app.py:3"),
        InitLine(4000, "boto3", "app.py:1"),
    ]


def test_steps_say_what_they_save():
    text = render_terminal(REPORT, Look())

    assert "−16.2 MiB −2 ms  leave out" in text
    assert "lambda-slim build" in text


def test_colour_only_where_it_is_understood():
    assert "\x1b[" not in render_terminal(REPORT, Look())
    painted = render_terminal(REPORT, Look(colour=True))
    assert "\x1b[31mLS102 error" in painted
    assert re.sub(r"\x1b\[\d+m", "", painted) == render_terminal(REPORT, Look())


def test_answers_come_first():
    lines = render_terminal(REPORT, Look()).splitlines()

    assert "unzipped" in lines[2]
    assert "zipped" in lines[3]
    assert "import" in lines[4]


BUILT = replace(
    FUNCTION,
    after=Sizes(25_000_000, 12_000_000, 1700),
    package=PackageReport(
        "out/Orders.zip", "ab" * 32, "Q" * 43 + "=", "all", "safe", 5_000_000, 400, "", 2_000_000, 11_000_000
    ),
)


def built(*functions, width=80):
    return render_terminal(replace(REPORT, functions=functions), Look(width=width), view="build")


def test_bytecode_is_part_of_what_ships_and_has_its_own_line():
    text = built(BUILT)

    assert "28.6 MiB → 23.8 MiB   17 % less, 2,000 → 1,700 files" in text
    assert "18.1 MiB → 11.4 MiB   37 % less" in text
    assert "4.8 MiB of it, 1.9 MiB zipped, in 400 files; 10.5 MiB zipped without" in " ".join(text.split())
    assert "less than half" not in text
    more = replace(BUILT, before=Sizes(24_999_000, 12_001_000, 3))
    assert "<0.1 % more" in built(more)


def test_every_tool_is_told_what_to_deploy():
    text = built(BUILT)

    for said in (
        "CodeUri: out/Orders.zip",
        "artifact: out/Orders.zip",
        "Code.from_asset('out/Orders.zip')",
        'source_code_hash = filebase64sha256("out/Orders.zip")',
        "--function-name Orders",
        "sha256       " + "ab" * 32,
        "CodeSha256   " + "Q" * 43 + "=",
    ):
        assert said in text


@pytest.mark.parametrize("width", [80, 100, 140])
def test_several_functions_have_each_its_zip_and_are_not_repeated(width):
    other = replace(BUILT, name="Users", package=replace(BUILT.package, path="out/Users.zip"))

    text = built(BUILT, other, width=width)

    assert text.count("REQUIRED BY") == 1
    assert "Distributions and what is left out are those of Orders." in text
    assert text.count("CodeSha256 Q") == 2
    assert "DEPLOY IT, Orders for example" in text
    assert max(map(len, text.splitlines())) <= width
    apart = built(BUILT, replace(other, rules=()), width=width)
    assert apart.count("REQUIRED BY") == 2


def test_concise_is_a_line_a_function():
    assert concise(REPORT) == "Orders: 28.6 MiB, 18.1 MiB zip, 9 ms import, 2 findings\n"


def test_the_page_holds_its_data_safely():
    page = render_html(REPORT)
    data = re.search(r'<script type="application/json" id="data">(.*?)</script>', page, re.DOTALL)

    assert data
    files = json.loads(data[1])["functions"][0]["files"]
    assert f"{files['folders'][-1][0]}/{files['names'][-1]}" == "boto3/</script><b>.json"
    assert "default-src 'none'" in page
    assert "http://" not in page.replace("http://www.w3.org", "")


def test_the_page_is_small():
    assert len(script().encode()) + len(style().encode()) <= 25_000
    names = [f"dist{n % 20}/part{n % 37}/module_{n}.py" for n in range(5000)]
    files = tuple(
        replace(
            FUNCTION.files[0],
            path=name,
            bytes=len(name) * n * 37 % 40_009,
            reached=True,
            importer=names[n * 7919 % 5000 // 3],
            line=n * 31 % 400,
            how="imported inside a function" if n % 5 else "imported at module level",
        )
        for n, name in enumerate(names)
    )
    nodes = tuple(
        replace(NODES[1], id=n, parent=n // 3 if n else None, file=names[n], module=f"m{n}") for n in range(1000)
    )
    many = replace(FUNCTION, files=files, imports=replace(FUNCTION.imports, nodes=nodes))
    assert len(gzip.compress(render_html(replace(REPORT, functions=(many,))).encode())) <= 100_000


def test_the_page_is_the_same_for_the_same_report():
    assert render_html(REPORT) == render_html(replace(REPORT, started="later", duration_us=99))


def test_markdown_is_cut_with_a_note():
    many = replace(FUNCTION, findings=tuple(replace(FUNCTION.findings[0], message="x" * 300) for _ in range(400)))
    text = render_markdown(replace(REPORT, functions=(many,)))

    assert len(text) <= LONGEST
    assert "cut" in text[-100:]
    whole = render_markdown(REPORT)
    assert whole.startswith("<!-- lambda-slim")
    assert "1. −16.2 MiB, −2 ms  leave out: `lambda-slim build`" in whole
    assert "| 90 ms to 120 ms |" in whole


def test_speedscope_events_are_in_order_and_closed():
    profile = json.loads(render_speedscope(REPORT))["profiles"][0]
    times = [event["at"] for event in profile["events"]]
    depth = 0
    for event in profile["events"]:
        depth += 1 if event["type"] == "O" else -1
        assert depth >= 0

    assert times == sorted(times)
    assert depth == 0
    assert profile["endValue"] == 9000


@pytest.mark.parametrize(
    ("events", "told"),
    [(0, "without events no results to compare"), (2, "INIT fails in both, so no event has")],
)
def test_a_proof_of_imports_alone_says_why_there_are_no_results(events, told):
    function = replace(REPORT.functions[0], proof=Proof("imports-only", events, 3))
    text = render_terminal(replace(REPORT, functions=(function,)), Look(), view="build")

    assert told in " ".join(text.split())
