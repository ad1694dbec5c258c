"""What ships at level trace although no run used it."""

import pytest

from lambda_slim.imports.read import read_imports
from lambda_slim.imports.walk import reach
from lambda_slim.model.evidence import TraceEvidence
from lambda_slim.model.file import FIRST_PARTY, File, FileKind, Inventory
from lambda_slim.model.settings import Margin, Settings
from lambda_slim.model.trace import Trace
from lambda_slim.plan.evidence.live_project_files import LiveProject
from lambda_slim.plan.evidence.margin import gather_unseen
from tests.unit.factory import TARGET

SOURCES = {
    "app.py": "import pay\ndef handler(event, context):\n    if event:\n        import sql\n",
    "pay/__init__.py": "from . import core\ndef late():\n    from . import kinds\n",
    "pay/core.py": "PLUGINS = ['pay.plugin']\n",
    "pay/kinds.py": "",
    "pay/plugin.py": "",
    "pay/unused.py": "",
    "sql/__init__.py": "from . import driver\n",
    "sql/driver.py": "",
    "web/__init__.py": "",
}
SEEN = {"app": "app.py", "pay": "pay/__init__.py", "pay.core": "pay/core.py"}


def unseen(folder, margin, *, traced=True, added=()):
    files = []
    for path, text in SOURCES.items():
        place = folder / path
        place.parent.mkdir(exist_ok=True, parents=True)
        place.write_text(text)
        owner = path.partition("/")[0] if "/" in path else FIRST_PARTY
        files.append(File(path, place, len(text), owner, FileKind.SOURCE))
    inventory = Inventory(tuple(files))
    imports = read_imports(inventory, TARGET)
    project = LiveProject(imports, reach(imports, ["app"]), frozenset(SOURCES), frozenset())
    trace = Trace(modules=SEEN) if traced else None
    return gather_unseen(inventory, Settings(root=folder, margin=margin), trace, project, added)


@pytest.mark.parametrize("margin", [margin for margin in Margin if margin is not Margin.NONE])
def test_imports_whose_names_are_known_are_followed(tmp_path, margin):
    evidence = unseen(tmp_path, margin)

    assert {"pay/kinds.py", "sql/__init__.py", "sql/driver.py"} <= evidence.margin
    assert {"pay/unused.py", "web/__init__.py"}.isdisjoint(evidence.margin)
    assert "pay/plugin.py" not in evidence.margin  # among plugins of a library the trace chooses
    assert evidence.unvisited == {"sql"}  # no run tells what is needed of it


def test_modules_that_ship_anyway_are_followed_too(tmp_path):
    assert "web/__init__.py" in unseen(tmp_path, Margin.STATIC, added=("web",)).margin


def test_no_margin_and_no_trace(tmp_path):
    assert unseen(tmp_path, Margin.NONE) == TraceEvidence()
    assert unseen(tmp_path, Margin.STATIC, traced=False) == TraceEvidence()
