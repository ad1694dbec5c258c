"""One decision for every file: the first opinion wins."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lambda_slim.model.decision import DEFAULT, Verdict
from lambda_slim.model.settings import Settings
from lambda_slim.plan.decide import RULES, decide
from tests.unit.factory import facts, file

KEEP, DROP = Verdict(keep=True, rule="yes", why="y"), Verdict(keep=False, rule="no", why="n")


def rule(verdict, *suffixes):
    return lambda _: lambda one: verdict if one.path.endswith(suffixes) else None


def test_the_first_opinion_wins():
    plan = decide(facts([file("a.py"), file("b.txt")]), [rule(KEEP, ".py"), rule(DROP, ".py", ".txt")])

    assert [(d.file.path, d.verdict) for d in plan.decisions] == [("a.py", KEEP), ("b.txt", DROP)]


def test_what_nobody_speaks_of_is_kept():
    assert decide(facts([file("a.py")]), []).decisions[0].verdict is DEFAULT


def names_of_rules():
    return [one.__module__.rpartition(".")[2] for one in RULES]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("secrets", "overrides"),
        ("overrides", "recipes"),
        ("restored", "recipes"),
        ("observed", "unreachable"),
        ("provided", "observed"),
        ("recipes", "junk"),
        ("platform", "unreachable"),
    ],
)
def test_the_order_is_the_policy(before, after):
    assert names_of_rules().index(before) < names_of_rules().index(after)


def test_secrets_stay_out_although_the_user_keeps_everything(tmp_path):
    settings = Settings(root=tmp_path, keep=("**",))

    found = facts(
        [file(".env"), file("app.py")], ["app.py"], settings=settings, secrets={".env": "settings of a stage"}
    )
    plan = decide(found)

    assert [(d.file.path, d.verdict.keep) for d in plan.decisions] == [(".env", False), ("app.py", True)]


paths = st.lists(
    st.builds(
        "/".join,
        st.lists(
            st.sampled_from(["a", "tests", "docs", "lib", "x.py", ".env", "b.pyi", "c.so", "d.json"]),
            min_size=1,
            max_size=4,
        ),
    ),
    unique=True,
    max_size=12,
)


@given(paths, st.data())
def test_kept_and_dropped_are_everything_exactly_once(names, data):
    reached = data.draw(st.lists(st.sampled_from(names), unique=True)) if names else []
    found = facts([file(name, data.draw(st.sampled_from(["", "lib"]))) for name in names], reached)

    plan = decide(found)

    assert [d.file for d in plan.decisions] == list(found.inventory.files)
    assert sorted([*plan.kept, *(d.file for d in plan.dropped)], key=lambda one: one.path) == list(
        found.inventory.files
    )
    assert all(d.verdict.rule and d.verdict.why for d in plan.decisions)
    assert decide(found) == plan
