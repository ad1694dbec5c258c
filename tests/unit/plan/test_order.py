"""Which of two neighbours in `RULES` is asked first: one file on which both have an opinion, for each pair.

Four pairs are missing, as no file is of both: services and languages, languages and platform (models of AWS services
and catalogs are no programs), project and unreachable (own data is not judged by reachability), unreachable and
untraced (one judges first-party files where the other judges the rest).
"""

from pathlib import Path

import pytest

from lambda_slim.knowledge.junk import load_junk
from lambda_slim.model.evidence import SdkUse
from lambda_slim.model.function import Function
from lambda_slim.model.knowledge import AppliesAt, Drop, Recipe, Risk
from lambda_slim.model.settings import Level, Sdk, Settings
from lambda_slim.model.trace import Trace
from lambda_slim.plan.decide import decide
from tests.unit.factory import TARGET, facts, file

ROOT = Path("/nowhere")
SUITES = next(junk for junk in load_junk() if junk.slug == "test-suites")
SDK = {"settings": Settings(root=ROOT, sdk=Sdk.RUNTIME), "sdk": SdkUse(frozenset({"botocore"}))}
MODEL = "botocore/data/ec2/2016-11-15/examples-1.json"
DROP = Recipe("botocore", drop=(Drop(("/botocore/data/",), "known", Risk.SAFE, "source", level=AppliesAt.SAFE),))

CATALOG = "django/conf/locale/de/LC_MESSAGES/django.mo"
DROP_CATALOG = Recipe("django", drop=(Drop(("/django/conf/",), "known", Risk.SAFE, "source", level=AppliesAt.SAFE),))
REACH = Settings(root=ROOT, level=Level.REACH)

PROGRAM = Function("F", "run.sh", ROOT, TARGET, script="run.sh", programs=("web",))


def decided(path, owner, *, others=(), reached=(), **evidence):
    found = facts([file(path, owner), *others], reached, **evidence)
    verdict = next(d.verdict for d in decide(found).decisions if d.file.path == path)
    return verdict.keep, verdict.rule


@pytest.mark.parametrize(
    ("path", "owner", "evidence", "expected"),
    [
        # secrets before overrides
        (".env", "", {"secrets": {".env": "x"}, "settings": Settings(root=ROOT, keep=("**",))}, (False, "secret")),
        # overrides before provided
        (
            "botocore/x.json",
            "botocore",
            {"settings": Settings(root=ROOT, sdk=Sdk.RUNTIME, keep=("x.json",)), "sdk": SDK["sdk"]},
            (True, "keep"),
        ),
        # overrides before restored
        (
            "lib/a.py",
            "lib",
            {"restored": {"lib/a.py": "failed"}, "settings": Settings(root=ROOT, exclude=("lib/",))},
            (False, "exclude"),
        ),
        # provided before restored, and before observed: all or nothing
        ("botocore/a.py", "botocore", {**SDK, "restored": {"botocore/a.py": "failed"}}, (False, "sdk-runtime")),
        ("botocore/a.py", "botocore", {**SDK, "trace": Trace(files={"botocore/a.py"})}, (False, "sdk-runtime")),
        # restored before layer: what a failed proof needed ships twice rather than not at all
        ("lib/a.py", "lib", {"restored": {"lib/a.py": "x"}, "in_layers": frozenset({"lib"})}, (True, "restored")),
        # layer before started, and before observed
        ("bin/web", "web", {"function": PROGRAM, "in_layers": frozenset({"web"})}, (False, "layer")),
        ("lib/a.py", "lib", {"in_layers": frozenset({"lib"}), "trace": Trace(files={"lib/a.py"})}, (False, "layer")),
        # started before observed
        ("bin/web", "web", {"function": PROGRAM, "trace": Trace(files={"bin/web"})}, (True, "started")),
        # restored before observed
        ("lib/a.py", "lib", {"restored": {"lib/a.py": "x"}, "trace": Trace(files={"lib/a.py"})}, (True, "restored")),
        # observed before recipes
        (MODEL, "botocore", {"recipes": {"botocore": DROP}, "trace": Trace(files={MODEL})}, (True, "observed")),
        # recipes before services
        (
            MODEL,
            "botocore",
            {"recipes": {"botocore": DROP}, "settings": Settings(root=ROOT, sdk=Sdk.PRUNE)},
            (False, "recipe:botocore"),
        ),
        # recipes before languages
        (
            CATALOG,
            "django",
            {"recipes": {"django": DROP_CATALOG}, "languages": frozenset(), "settings": REACH},
            (False, "recipe:django"),
        ),
        # languages before junk
        (
            CATALOG,
            "django",
            {"junk": {CATALOG: SUITES}, "languages": frozenset(), "settings": REACH},
            (False, "languages"),
        ),
        # services before junk
        (
            MODEL,
            "botocore",
            {"junk": {MODEL: SUITES}, "settings": Settings(root=ROOT, sdk=Sdk.PRUNE)},
            (False, "services"),
        ),
        # platform before junk
        (
            "lib/tests/x.dll",
            "lib",
            {"junk": {"lib/tests/x.dll": SUITES}, "live": {"lib/tests/x.dll"}},
            (False, "platform"),
        ),
        # junk before project
        (
            "tests/table.csv",
            "",
            {"others": [file("app.py")], "reached": ["app.py"], "junk": {"tests/table.csv": SUITES}},
            (False, "test-suites"),
        ),
        # junk before unreachable
        (
            "lib/tests/a.py",
            "lib",
            {"junk": {"lib/tests/a.py": SUITES}, "settings": Settings(root=ROOT, level=Level.REACH)},
            (False, "test-suites"),
        ),
        # project before untraced: own data is not judged by what a run opened
        (
            "other/table.csv",
            "",
            {
                "others": [file("app.py")],
                "reached": ["app.py"],
                "settings": Settings(root=ROOT, level=Level.TRACE),
                "trace": Trace(),
            },
            (False, "local-data"),
        ),
    ],
)
def test_the_first_of_two_opinions_wins(path, owner, evidence, expected):
    assert decided(path, owner, **evidence) == expected
