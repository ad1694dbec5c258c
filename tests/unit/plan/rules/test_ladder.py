"""A deeper level never ships more, whatever was reached and seen."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as limits
from hypothesis import strategies as st

from lambda_slim.model.settings import Level, Settings
from lambda_slim.model.trace import Trace
from lambda_slim.plan.decide import decide
from tests.unit.factory import facts, file

OWN = ["app.py", "other.py", "jobs/__init__.py", "jobs/night.py", "jobs/table.json"]
LIB = ["lib/__init__.py", "lib/used.py", "lib/unused.py", "lib/extra/__init__.py", "lib/extra/code.py", "lib/data.json"]
FILES = [*(file(path) for path in OWN), *(file(path, "lib") for path in LIB), file("lib-1.dist-info/METADATA", "lib")]
CODE = [path for path in (*OWN, *LIB) if path.endswith(".py")]
SETTINGS = Settings(root=Path("/nowhere"))


def shipped(level, reached, seen):
    trace = Trace(modules={path: path for path in seen})
    found = facts(FILES, {*reached, *seen}, settings=replace(SETTINGS, level=level), trace=trace)
    return {one.path for one in decide(found).kept}


@limits(max_examples=60)
@given(st.sets(st.sampled_from(CODE)), st.sets(st.sampled_from(CODE)))
def test_every_level_ships_a_part_of_what_the_one_before_ships(reached, seen):
    safe, reach, trace = (shipped(level, reached, seen) for level in (Level.SAFE, Level.REACH, Level.TRACE))

    assert trace <= reach <= safe


@pytest.mark.parametrize("level", [Level.REACH, Level.TRACE])
def test_own_modules_that_nothing_leads_to_go_at_both(level):
    found = shipped(level, {"app.py"}, {"app.py"})

    assert "jobs/night.py" not in found
    assert "app.py" in found
