"""What to do next, ranked by what it saves."""

from dataclasses import replace

from lambda_slim.inputs.project.find import find_project
from lambda_slim.inputs.settings.load import load
from lambda_slim.model.import_report import ImportReport
from lambda_slim.model.report import Finding, FunctionReport, RuleRow, Sizes, Step
from lambda_slim.tasks.advice import next_steps, share
from lambda_slim.tasks.prepare import plan_function

APP = "import json\n\ndef handler(event, context):\n    return json.dumps(event)\n"
INIT = ImportReport(3, 400_000, 1000, 390_000, "pyc", "own client", 0, ())
REPORT = FunctionReport("F", "app.handler", "python3.12", "x86_64", 512, Sizes(1000, 0, 2), imports=INIT)


def planned(folder, name="app.py"):
    (folder / name).write_text(APP)
    (folder / "unused.py").write_text("x = 1\n" * 200)
    (folder / "lambda-slim.toml").write_text('[functions.F]\nhandler = "app.handler"\nruntime = "python3.12"\n')
    settings = load(folder, overrides={"level": "safe"})
    return plan_function(find_project(folder, settings).functions[0], settings)


def test_the_largest_share_comes_first_and_small_change_is_not_said(tmp_path):
    findings = (
        Finding("LS202", "info", "`pandas` is imported during INIT", "src/app.py", 3, saves_us=200_000),
        Finding("LS201", "warning", "`six` is imported during INIT", "src/app.py", 4, saves_us=900),
        Finding("LS108", "warning", "3 .pyc files that Lambda does not use", saves_bytes=900),
    )
    rules = (RuleRow("test-suites", "nothing imports it", 3, 300),)
    found = next_steps(replace(REPORT, findings=findings, rules=rules), planned(tmp_path))

    assert found[0].command == "lambda-slim build --level reach", "unused.py is most of the package"
    assert found[1] == Step("defer the import of `pandas` at src/app.py:3", "lambda-slim explain LS202", 0, 200_000)
    assert found[2].command == "lambda-slim build"
    assert len(found) == 3, "LS201 saves too little, and LS108 is mended by build"


def test_bytecode_that_works_is_worth_what_was_measured(tmp_path):
    plan = planned(tmp_path)
    slow = replace(REPORT, imports=replace(INIT, bytecode="source", total_us=900_000))
    artifact = replace(plan, function=replace(plan.function, artifact=tmp_path / "made.zip"))
    found = next(step for step in next_steps(slow, artifact, INIT) if step.command == "lambda-slim build made.zip")

    assert found.saves_us == 500_000
    assert "bytecode" in found.text
    assert share(found, slow) == 500 / 900
