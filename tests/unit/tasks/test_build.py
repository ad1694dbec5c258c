"""What a proof asks of a package."""

from dataclasses import replace

from lambda_slim.model.decision import Decision, Plan, Verdict
from lambda_slim.tasks.build_fresh import kept_entry_points
from tests.unit.factory import file


def test_entry_points_are_loaded_where_a_run_loaded_their_module(tmp_path):
    (table := tmp_path / "entry_points.txt").write_text("[array_api]\nnumpy = numpy\n[x]\none = lib.a:run [extra]\n")
    kept = Verdict(keep=True, rule="default", why="")
    plan = Plan((Decision(replace(file("numpy-2.dist-info/entry_points.txt", "numpy"), source=table), kept),))

    assert kept_entry_points(plan, {"lib.a"}) == (("x", "one", "lib.a:run [extra]"),)
    assert kept_entry_points(plan, {"app"}) == ()
