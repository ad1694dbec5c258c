"""Variables of the environment that INIT reads and nothing sets."""

import pytest

from lambda_slim.knowledge.runtimes import runtimes
from lambda_slim.model.function import Function
from lambda_slim.model.settings import Settings
from lambda_slim.model.target import Target
from lambda_slim.tasks.audit_start import judge_whole
from lambda_slim.tasks.prepare import plan_function

HANDLER = "\n\ndef handler(event, context):\n    return 1\n"


@pytest.fixture
def judged(tmp_path, monkeypatch):
    monkeypatch.setenv("LAMBDA_SLIM_CACHE", str(tmp_path / "cache"))

    def judge(source, *, known=True, environment=(), other=""):
        (tmp_path / "app.py").write_text(source + HANDLER)
        (tmp_path / "config.py").write_text(other)
        function = Function(
            "Orders",
            "app.handler",
            tmp_path,
            Target(runtimes()["python3.12"], "x86_64"),
            environment=dict(environment),
            environment_known=known,
            where="template.yaml:4",
        )
        return judge_whole(plan_function(function, Settings(root=tmp_path)))

    return judge


def test_all_variables_are_named_in_one_warning_with_how_to_set_them(judged):
    verdict = judged(
        "import os\nimport config\n\nTABLE = os.environ['TABLE']", other="from os import environ\nU = environ['URL']\n"
    )

    (finding,) = verdict.findings
    assert verdict.report.verdict == "yes"
    assert (finding.rule, finding.level) == ("LS137", "warning")
    assert {"URL", "TABLE"} <= set(finding.message.replace(",", " ").split())
    assert "(app.py:4)" in finding.message or finding.file == "app.py"
    assert "template.yaml:4 does not" in finding.hint
    assert "in [functions.Orders] of lambda-slim.toml" in finding.hint


def test_where_the_environment_is_not_known_it_is_kept_for_a_run_that_fails(judged):
    verdict = judged("import os\nTABLE = os.environ['TABLE']", known=False)

    assert verdict.findings == ()
    assert [finding.line for finding in verdict.unset] == [2]


def test_what_a_called_function_reads_counts(judged):
    verdict = judged("import os\ndef load():\n    return os.environ['TABLE']\nTABLE = load()")

    assert [finding.line for finding in verdict.findings] == [3]


@pytest.mark.parametrize(
    "source",
    [
        "from os import environ as env\nT = env['TABLE']",
        "import os\nenv = os.environ; T = env['TABLE']",
        "import os as system\nT = system.environ['TABLE']",
    ],
)
def test_the_environment_by_another_name(judged, source):
    assert [finding.line for finding in judged(source).findings] == [2]


@pytest.mark.parametrize(
    "line",
    ["os.environ.get('OTHER')", "dict().update(a=1)", "dict().setdefault('a')", "dict()['a'] = 1"],
)
def test_what_sets_no_variable_hides_none(judged, line):
    verdict = judged(f"import os\n{line}\nT = os.environ['TABLE']")

    assert [(finding.rule, finding.line) for finding in verdict.findings] == [("LS137", 3)]


@pytest.mark.parametrize(
    "source",
    [
        "import os\nos.environ.update(TABLE='x')\nT = os.environ['TABLE']",
        "import os\nos.putenv('TABLE', 'x')\nT = os.environ['TABLE']",
        "from os import environ\nenviron.update(TABLE='x')\nT = environ['TABLE']",
        "from os import environ as env\nenv.update(TABLE='x')\nT = env['TABLE']",
        "import os\nenv = os.environ\nenv['TABLE'] = 'x'\nT = env['TABLE']",
        "import os\nT = os.environ.get('TABLE')",
        "import os\nR = os.environ['AWS_REGION'], os.environ['LAMBDA_TASK_ROOT'], os.environ['_HANDLER']",
        "import os\nT = os.environ['SET']",
        "import os\nif 'TABLE' in os.environ:\n    T = os.environ['TABLE']",
        "import os\ntry:\n    T = os.environ['TABLE']\nexcept KeyError:\n    T = ''",
        "import os\ndef f():\n    return os.environ['TABLE']",
        "import os\nf = lambda: os.environ['TABLE']",
        "import os\nT = os.environ.get('A') or os.environ['TABLE']",
        "import os\nos.environ['TABLE'] = 'x'\nT = os.environ['TABLE']",
        "import os\nos.environ.setdefault('TABLE', 'x')\nT = os.environ['TABLE']",
        "import os\nfrom dotenv import load_dotenv\nload_dotenv()\nT = os.environ['TABLE']",
    ],
)
def test_nothing_is_said_of(judged, source):
    verdict = judged(source, environment={"SET": "1"}.items())

    assert [finding for finding in verdict.findings if finding.rule == "LS137"] == []
    assert verdict.unset == ()
