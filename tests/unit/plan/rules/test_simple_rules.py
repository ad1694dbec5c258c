"""Overrides, secrets, platform, provided, observed, restored, local data: one line of input each."""

from dataclasses import replace
from pathlib import Path

import pytest

from lambda_slim.model.evidence import SdkUse
from lambda_slim.model.function import Function
from lambda_slim.model.knowledge import Keep, Recipe
from lambda_slim.model.settings import Level, Sdk, Settings
from lambda_slim.model.trace import Trace
from lambda_slim.plan.rules import observed, overrides, platform, project, provided, recipes, restored, secrets, started
from tests.unit.factory import TARGET, facts, file

ROOT = Path("/nowhere")


def keep(rule, path, owner="lib", *, settings=None, reached=(), others=(), **more):
    one = file(path, owner)
    found = rule.judge(facts([one, *others], reached, settings=settings or Settings(root=ROOT), **more))(one)
    return found and found.keep


def test_keep_beats_exclude():
    settings = Settings(root=ROOT, keep=("lib/a.py",), exclude=("lib/",))

    assert keep(overrides, "lib/a.py", settings=settings) is True
    assert keep(overrides, "lib/b.py", settings=settings) is False
    assert keep(overrides, "other.py", settings=settings) is None


def test_the_ignore_file_names_its_line():
    one = file("data/big.csv")
    found = overrides.judge(facts([one], ignore_lines=("# comment", "data/*", "!data/small.csv")))(one)

    assert found
    assert (found.keep, found.why) == (False, ".lambdaslimignore:2")


def test_an_ignore_file_can_keep():
    assert keep(overrides, "data/small.csv", ignore_lines=("data/*", "!data/small.csv")) is True


def test_secrets_ship_only_when_allowed():
    found = {".env": "environment file"}

    assert keep(secrets, ".env", "", secrets=found) is False
    assert keep(secrets, ".env", "", secrets=found, settings=Settings(root=ROOT, allow_secrets=(".env",))) is True
    assert keep(secrets, "app.py", "", secrets=found) is None


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("lib/a.cpython-312-x86_64-linux-gnu.so", None),
        ("lib/a.cpython-311-x86_64-linux-gnu.so", False),
        ("lib/a.cpython-312-aarch64-linux-gnu.so", False),
        ("lib/a.abi3.so", None),
        ("lib/a.so", None),
        ("lib/a.cp312-win_amd64.pyd", False),
        ("lib/.dylibs/liba.dylib", False),
    ],
)
def test_platform(name, expected):
    assert keep(platform, name) is expected


def test_a_vendored_library_of_the_project_is_never_judged():
    assert keep(platform, "native/a.cpython-311-x86_64-linux-gnu.so", "") is None


def test_what_only_a_gpu_would_open_goes():
    path = "nvidia/nccl/lib/libnccl.so.2"

    assert keep(platform, path, "nvidia-nccl-cu12", idle_gpu=frozenset({path})) is False
    assert keep(platform, path, "nvidia-nccl-cu12") is None


def sdk_kept(owner, use, sdk=Sdk.RUNTIME):
    return keep(provided, f"{owner}/__init__.py", owner, settings=Settings(root=ROOT, sdk=sdk), sdk=use)


def test_the_sdk_and_what_it_requires_go_as_a_whole():
    use = SdkUse(frozenset({"boto3", "urllib3"}))

    assert [sdk_kept(owner, use) for owner in ("boto3", "urllib3", "requests", "")] == [False, False, None, None]
    assert [sdk_kept("boto3", use, sdk) for sdk in (Sdk.KEEP, Sdk.PRUNE)] == [None, None]


def test_or_stays_as_a_whole_where_something_else_needs_a_part():
    use = SdkUse(frozenset({"boto3", "urllib3"}), needed="requests needs a part of the AWS SDK set")

    assert [sdk_kept(owner, use) for owner in ("boto3", "urllib3", "requests")] == [True, True, None]


def test_what_a_trace_saw_stays():
    trace = Trace(modules={"lib.a": "lib/a.py"}, files=frozenset({"lib/t.json"}))

    assert keep(observed, "lib/a.py", trace=trace) is True
    assert keep(observed, "lib/t.json", trace=trace) is True
    assert keep(observed, "lib/b.py", trace=trace) is None
    assert keep(observed, "lib/a.py") is None


def test_a_failed_proof_brings_back():
    assert keep(restored, "lib/a.py", restored={"lib/a.py": "the proof needed it"}) is True


def test_local_data_stays_where_code_lies_or_names_it():
    code = file("src/app.py")

    assert keep(project, "data/history.csv", "", others=[code], reached=["src/app.py"]) is False
    assert (
        keep(project, "data/history.csv", "", others=[code], reached=["src/app.py"], literals=frozenset({"data"}))
        is None
    )
    assert keep(project, "src/table.csv", "", others=[code], reached=["src/app.py"]) is None
    assert keep(project, "words.txt", "", others=[code], reached=["src/app.py"]) is None


BABEL = Recipe("babel", keep=(Keep(("/babel/locale-data/",), "read by name", "source"),))


def kept_by_recipe(level, reached):
    module = file("babel/core.py", "babel")
    more = {"others": [module], "reached": reached, "recipes": {"babel": BABEL}}
    return keep(recipes, "babel/locale-data/de.dat", "babel", settings=Settings(root=ROOT, level=level), **more)


def test_a_recipe_keeps_data_only_of_what_is_reached():
    assert kept_by_recipe(Level.REACH, ["babel/core.py"]) is True
    assert kept_by_recipe(Level.REACH, []) is None
    assert kept_by_recipe(Level.SAFE, []) is True


def test_of_a_distribution_with_nothing_but_data_it_keeps_all():
    known = {"tzdata": Recipe("tzdata", keep=(Keep(("/tzdata/",), "read by zoneinfo", "source"),))}
    more = {"others": [file("tzdata/__init__.py", "tzdata")], "recipes": known}

    assert keep(recipes, "tzdata/Rome", "tzdata", settings=Settings(root=ROOT, level=Level.REACH), **more) is True


def test_at_level_trace_a_recipe_keeps_data_only_of_packages_that_were_seen():
    known = {"lib": Recipe("lib", keep=(Keep(("*.pem", "*.html"), "read on first use", "source"),))}
    files = [file("lib/core.py", "lib"), file("lib/page/view.py", "lib")]
    more = {"others": files, "reached": [one.path for one in files], "recipes": known}
    more |= {"settings": Settings(root=ROOT, level=Level.TRACE), "trace": Trace(modules={"lib.core": "lib/core.py"})}

    assert keep(recipes, "lib/roots.pem", **more) is True
    assert keep(recipes, "lib/page/index.html", **more) is None


def kept_as_started(function, *paths):
    judged = started.judge(facts([file(path, "") for path in paths], function=function))
    return {path: verdict.why for path in paths if (verdict := judged(file(path, "")))}


def test_what_lambda_starts_is_kept_with_its_reason():
    plain = Function("F", "app.handler", ROOT, TARGET)
    script = replace(plain, script="run.sh", programs=("uvicorn",))
    wrapped = replace(plain, environment={"AWS_LAMBDA_EXEC_WRAPPER": "/var/task/wrap.sh"})
    paths = ("run.sh", "wrap.sh", "bin/uvicorn", "bin/other", "app.py")

    assert kept_as_started(plain, *paths) == {}
    assert kept_as_started(script, *paths) == {"run.sh": "it stands for the handler", "bin/uvicorn": "run.sh starts it"}
    assert kept_as_started(wrapped, *paths) == {"wrap.sh": "AWS_LAMBDA_EXEC_WRAPPER names it"}
