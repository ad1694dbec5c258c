"""The next best cuts after a build."""

from dataclasses import replace
from pathlib import Path

import pytest

from lambda_slim.model.distribution import Distribution, Resolution
from lambda_slim.model.file import Inventory
from lambda_slim.model.imports import Edge, How, Imports
from lambda_slim.model.member import Archive
from lambda_slim.model.settings import Level, Sdk, Settings
from lambda_slim.plan.decide import decide
from lambda_slim.plan.evidence.sdk import find_sdk
from lambda_slim.tasks.cuts import next_cuts
from lambda_slim.tasks.frees import direct_frees
from lambda_slim.tasks.ledger import Shipped
from lambda_slim.tasks.prepare import Planned, replan
from tests.unit.factory import facts, file, module_name

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


@pytest.fixture
def cuts(tmp_path):
    """The next cuts of a project with some files."""

    def next_of(files=FILES, reached=("app.py", "big/__init__.py"), **settings):
        files = [on_disk(one, tmp_path) for one in files]
        resolution = Resolution(None, TREE, "key")
        use = find_sdk(resolution, Imports({}, {}), Inventory(tuple(files)))
        asked = Settings(root=tmp_path, **{"level": Level.SAFE, **settings})
        evidence = replace(facts(files, reached, settings=asked), resolution=resolution, sdk=use)
        leads = tuple(Edge("app", module_name(path), 1, How.TOP) for path in reached if path != "app.py")
        found = planned(replace(evidence, imports=replace(evidence.imports, edges={"app": leads})))
        return next_cuts(found, as_they_are(found), direct_frees(found))

    return next_of


def as_they_are(planned):
    """A package of the files that are kept, as they are."""
    members = {file.path: (file.size, file.size) for file in planned.plan.kept}
    total = sum(size for size, _ in members.values())
    return Shipped(Archive(Path("out.zip"), "", "", total, total, members), {})


def on_disk(row, folder, text=""):
    """A file whose text can be read; its size stays what it is said to be."""
    place = folder / row.path
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(text)
    return replace(row, source=place)


def planned(evidence):
    everything = (evidence.function, evidence.settings, evidence.resolution, evidence.inventory, evidence.imports)
    return Planned(*everything, evidence, decide(evidence))


def test_a_bolder_level_the_sdk_of_the_runtime_and_the_largest_requirement(cuts):
    level, sdk = cuts()

    assert (level.command, level.saves_bytes) == ("lambda-slim build --level reach", 10_000_000)
    assert (sdk.command, sdk.saves_bytes) == ("lambda-slim build --sdk runtime", 9_000_000)


def test_what_was_chosen_is_not_proposed(cuts):
    everything = [one.path for one in FILES]

    assert cuts(level=Level.REACH, reached=everything)[0].command.endswith("--sdk runtime")
    (only,) = cuts(level=Level.REACH, sdk=Sdk.RUNTIME, reached=everything)
    assert (only.text, only.saves_bytes) == ("do without big and 1 other that only it needs", 3_000_000)
    assert only.command == "lambda-slim why big"


def test_what_is_not_worth_it_is_not_proposed(cuts):
    own = [file("app.py", size=1_000_000), file("idle.py", size=10)]

    assert cuts(own, ("app.py",)) == ()


@pytest.fixture
def with_data(tmp_path):
    """A handler that imports a library, which opens a file beside a module that nothing imports."""
    texts = {
        "app.py": "import big\n",
        "big/__init__.py": "import os\nLOGO = os.path.join(os.path.dirname(__file__), 'idle', 'logo.bin')\n",
        "big/idle/__init__.py": "x = 1\n" * 50_000,
        "big/idle/make.py": "",
        "big/idle/logo.bin": "x" * 300_000,
    }
    rows = [
        on_disk(file(path, "big" if "/" in path else "", size=len(text)), tmp_path, text)
        for path, text in texts.items()
    ]
    evidence = facts(rows, ("app.py", "big/__init__.py"))
    edges = {"app": (Edge("app", "big", 1, How.TOP),)}
    return planned(replace(evidence, imports=replace(evidence.imports, edges=edges)))


def test_a_step_saves_what_a_build_by_it_leaves_out(with_data):
    bold = replan(with_data, {}, replace(with_data.settings, level=Level.REACH))
    left_out = [decision.file for decision in bold.plan.dropped]

    assert [row.path for row in left_out] == [
        "big/idle/__init__.py",
        "big/idle/make.py",
    ]  # the logo stays: what ships opens it
    assert [step.saves_bytes for step in next_cuts(with_data, as_they_are(with_data), direct_frees(with_data))] == [
        left_out[0].size
    ]
