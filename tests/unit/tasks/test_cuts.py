"""The next best cuts after a build."""

from dataclasses import replace

from lambda_slim.model.distribution import Distribution, Resolution
from lambda_slim.model.file import Inventory
from lambda_slim.model.imports import Imports
from lambda_slim.model.settings import Level, Sdk, Settings
from lambda_slim.plan.decide import decide
from lambda_slim.plan.evidence.sdk import find_sdk
from lambda_slim.tasks.cuts import next_cuts
from tests.unit.factory import facts, file

FILES = [
    file("app.py", size=100),
    file("big/__init__.py", "big", size=2_000_000),
    file("small/__init__.py", "small", size=1_000_000),
    file("botocore/__init__.py", "botocore", size=9_000_000),
]
TREE = (
    Distribution("big", "1", ("small",), direct=True),
    Distribution("small", "1"),
    Distribution("botocore", "1", direct=True),
)


def cuts(files=FILES, reached=("app.py", "big/__init__.py"), **settings):
    asked = Settings(root=FILES[0].source.parent, **settings)
    resolution = Resolution(None, TREE, "key")
    use = find_sdk(resolution, Imports({}, {}), Inventory(tuple(files)))
    found = replace(facts(files, reached, settings=asked), resolution=resolution, sdk=use)
    return next_cuts(found, decide(found))


def test_a_bolder_level_the_sdk_of_the_runtime_and_the_largest_requirement():
    level, sdk = cuts()

    assert (level.command, level.saves_bytes) == ("lambda-slim build --level reach", 10_000_000)
    assert (sdk.command, sdk.saves_bytes) == ("lambda-slim build --sdk runtime", 9_000_000)


def test_what_was_chosen_is_not_proposed():
    everything = [one.path for one in FILES]

    assert cuts(level=Level.REACH, reached=everything)[0].command.endswith("--sdk runtime")
    (only,) = cuts(level=Level.REACH, sdk=Sdk.RUNTIME, reached=everything)
    assert (only.text, only.saves_bytes) == ("do without big and 1 other that only it needs", 3_000_000)
    assert only.command == "lambda-slim why big"


def test_what_is_not_worth_it_is_not_proposed():
    own = [file("app.py", size=1_000_000), file("idle.py", size=10)]

    assert cuts(own, ("app.py",)) == ()
