"""The report in a few lines a function."""

import re
from dataclasses import replace

import pytest

from lambda_slim.model.import_report import ImportReport
from lambda_slim.model.package_report import PackageReport, Proof
from lambda_slim.model.report import Finding, FunctionReport, Report, Sizes, Step
from lambda_slim.model.startup_report import StartReport
from lambda_slim.render.brief import render_brief
from lambda_slim.render.console import Look

PACKAGE = PackageReport(
    "dist/Orders.zip", "ab", "cd", "auto", "reach", 4_000_000, 240, "provable here", 1_500_000, 2_900_000
)
BUILT = FunctionReport(
    "Orders",
    "app.handler",
    "python3.12",
    "x86_64",
    512,
    before=Sizes(30_000_000, 19_000_000, 2000),
    after=Sizes(11_000_000, 4_200_000, 300),
    package=PACKAGE,
    proof=Proof("imports-only", 0, 302, init_us=(1_500_000, 500_000)),
    next_steps=(Step("do without pandas", "lambda-slim why pandas", 2_000_000),),
)


def text(*functions, width=100, view="build", template="template.yaml", **look):
    return render_brief(Report("0.1.0", functions, template), Look(width=width, **look), view=view)


@pytest.mark.parametrize("width", [80, 100, 200])
def test_five_lines_a_function(width):
    lines = text(BUILT, width=width).splitlines()

    assert lines.index("") == 5
    assert [line.split()[0] for line in lines[1:5]] == ["zip", "INIT", "proof", "next"]
    assert max(map(len, lines)) <= width
    assert text(BUILT, width=width, unicode=False).isascii()


def test_every_figure_is_of_the_zip_that_was_built():
    said = text(BUILT)

    assert "18.1 MiB → 4.0 MiB, 78 % less   unzipped 28.6 MiB → 10.5 MiB" in said
    assert "1.5 s → 500 ms, 3.0 times as fast" in said
    assert "level reach, provable here: 302 modules import alike, no events" in said
    assert "lambda-slim build -e EVENT.json" in said


def test_a_level_that_nothing_could_prove_says_why():
    unproved = replace(PACKAGE, level="safe", level_why="this machine is Linux x86_64")

    assert "level safe: this machine is Linux x86_64\n" in text(replace(BUILT, package=unproved, proof=None))
    asked, safe = (replace(PACKAGE, level=level, level_why="") for level in ("reach", "safe"))
    assert "level reach, not run\n" in text(replace(BUILT, package=asked, proof=None))
    assert "level safe, which needs no run\n" in text(replace(BUILT, package=safe, proof=None))


def test_what_was_not_measured_is_not_said():
    said = text(replace(BUILT, proof=replace(BUILT.proof, init_us=(0, 500_000))))
    assert "  INIT      500 ms   CPU in the runs of the proof\n" in said
    said = text(replace(BUILT, proof=replace(BUILT.proof, init_us=(3_400, 4_100))))
    assert "  INIT      3 ms → 4 ms   CPU in the runs of the proof\n" in said
    said = text(replace(BUILT, proof=replace(BUILT.proof, init_us=(307_000, 321_000))))
    assert "  INIT      307 ms → 321 ms, about the same   CPU in the runs of the proof\n" in said
    for missing in (0, 1):  # a clock that ticks every few milliseconds may not have ticked in INIT
        said = text(replace(BUILT, proof=replace(BUILT.proof, init_us=(1_500_000, missing))))
        assert "INIT" not in said
        assert "fast" not in said


def test_a_larger_zip_says_so_and_why():
    said = text(replace(BUILT, before=Sizes(9_000_000, 4_000_000, 300)))

    assert "5 % more (1.4 MiB of it bytecode; 2.8 MiB with --bytecode none)" in said


def test_with_events_the_next_step_is_the_one_that_saves_most():
    said = text(replace(BUILT, proof=Proof("same", 2, 302)))

    assert "same results of 2 events, 302 modules import alike" in said
    assert "−1.9 MiB do without pandas: lambda-slim why pandas" in said


def test_what_would_break_is_always_said_and_no_way_to_deploy_it():
    why = "app.py:1 imports boto9"
    broken = replace(
        BUILT,
        starts=StartReport("no", why),
        findings=(Finding("LS131", "error", why), Finding("LS102", "error", "needs GLIBC_2.38", "a.so")),
    )
    said = text(broken)

    assert "starts    NO: app.py:1 imports boto9" in said
    assert "LS102 a.so needs GLIBC_2.38" in said
    assert said.count("boto9") == 1
    assert "Not to be deployed: dist/Orders.zip" in said
    assert "Deploy with" not in said


def test_where_it_is_not_known_whether_it_starts_the_report_says_so_unless_a_run_showed_it():
    unknown = StartReport("unknown", "libjpeg.so is nowhere")

    assert "starts    unknown: libjpeg.so is nowhere" in text(replace(BUILT, starts=unknown, proof=None))
    assert "unknown" not in text(replace(BUILT, starts=unknown))
    failed = Proof("imports-only", 1, 302)  # INIT ended early in both packages, so it showed nothing
    assert "starts    unknown" in text(replace(BUILT, starts=unknown, proof=failed))


def test_why_it_does_not_start_is_said_once_with_what_to_do():
    missing = "`requests` is imported at INIT, and nothing provides it"
    note = "the full package does not start: No module named 'requests'"
    dead = replace(
        BUILT,
        starts=StartReport("no", f"app.py:1: {missing}"),
        proof=Proof("does-not-start", notes=(note,)),
        findings=(
            Finding("LS130", "error", missing, "app.py", 1, hint="requirements.in:1 names it"),
            Finding("LS133", "error", note),
        ),
    )
    said = " ".join(text(dead).split())

    assert "requirements.in:1 names it" in said
    assert "LS13" not in said
    assert "no proof" not in said


@pytest.mark.parametrize(
    ("template", "line"),
    [
        ("template.yaml", "Deploy with SAM: CodeUri: dist/Orders.zip"),
        ("serverless.yml", "Deploy with Serverless: package: { artifact: dist/Orders.zip }"),
        ("main.tf", 'Deploy with Terraform: filename = "dist/Orders.zip"'),
        ("", "aws lambda update-function-code --function-name Orders --zip-file fileb://dist/Orders.zip"),
    ],
)
def test_one_way_to_deploy_that_of_the_project(template, line):
    assert line in text(BUILT, template=template)


def test_many_functions_are_one_table():
    many = [replace(BUILT, name=f"Function{number}") for number in range(12)]
    many[3] = replace(many[3], starts=StartReport("no", "app.py:1 imports boto9"))
    said = text(*many, width=80)
    table = said.split("\n\n")[0].splitlines()

    assert len(table) == 13
    assert max(map(len, said.splitlines())) <= 80
    assert "DOES NOT START" in table[4]
    assert said.count("Deploy with") == 1
    assert "NO: app.py:1 imports boto9" in said


def test_an_analysis_is_as_short():
    said = text(replace(BUILT, after=None, package=None, proof=None), view="analyze")

    assert len(said.splitlines()) <= 7
    assert "18.1 MiB, 36 % of 50 MiB" in said
    assert "--html report.html" in said


def test_an_init_that_waited_says_how_much_of_it_was_cpu():
    """The estimate below it comes from the CPU time: 1.7 s of a busy machine, and 290 ms on Lambda."""
    busy = ImportReport(5, 1_700_000, 80_000, 353_000, "source", "awslambdaric 4.2.2", 50_000_000, ())
    analyzed = replace(BUILT, after=None, package=None, proof=None)

    assert "1.7 s, 0 modules; median of 5 runs here, ±5 %, 353 ms of it CPU" in text(
        replace(analyzed, imports=busy), view="analyze"
    )
    assert "of it CPU" not in text(replace(analyzed, imports=replace(busy, cpu_us=1_650_000)), view="analyze")


@pytest.mark.parametrize("width", range(60, 110, 7))
def test_no_line_ends_between_a_figure_and_its_unit(width):
    grown = replace(BUILT, after=replace(BUILT.before, zipped_bytes=20_000_000))

    for told in (text(BUILT, width=width), text(grown, width=width)):
        assert not re.search(r"\d\n *(?:[KMG]iB|ms|s|%)", told), told


@pytest.mark.parametrize("count", [1, 5])
def test_no_share_of_a_size_that_was_not_measured(count):
    functions = [replace(BUILT, name=f"F{n}", before=Sizes(32_000_000_000, 0, 3)) for n in range(count)]

    told = text(*functions)

    assert "4.0 MiB" in told
    assert "0 B" not in told
    assert " % " not in told


def test_a_table_says_once_what_all_proofs_found():
    names = [f"Function{number}" for number in range(4)]
    functions = tuple(replace(BUILT, name=name) for name in names)
    same = text(*functions)
    assert "Proof of all 4: reach: imports alike" in same
    assert "PROOF" not in same

    other = text(*functions[:3], replace(functions[3], proof=replace(BUILT.proof, result="same", events=2)))
    assert "reach: 2 events alike" in other
    assert "Proof of all" not in other
